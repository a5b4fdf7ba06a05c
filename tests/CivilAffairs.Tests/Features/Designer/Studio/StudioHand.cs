using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace CivilAffairs.Tests.Features.Designer.Studio;

/// <summary>What a manager's hand does in the Studio: drags activities onto the sheet, fills in their fields, draws and takes away lines.</summary>
internal sealed class StudioHand(IPage page)
{
    private ILocator Fields => page.Locator("#studio .rz-splitter-vertical > .rz-splitter-pane:last-child");

    /// <summary>Drags an activity out of a group of the toolbox.</summary>
    /// <param name="at">From the sheet's upper left corner, in pixels.</param>
    /// <returns>The new step's id.</returns>
    public async Task<string> DropAsync(string group, string activity, (float X, float Y) at)
    {
        var before = await IdsAsync();
        await page.Locator("#studio .mud-expand-panel-header", new() { HasText = group }).ClickAsync();
        var item = page.Locator("#studio [draggable=true]", new() { HasText = activity }).First;
        await item.ScrollIntoViewIfNeededAsync();
        await item.DragToAsync(page.Locator(".x6-graph"), new() { TargetPosition = new() { X = at.X, Y = at.Y } });
        await Assertions.Expect(page.Locator("#studio .x6-node")).ToHaveCountAsync(before.Count + 1);
        // It is chosen: its fields are shown.
        await Assertions.Expect(Fields.Locator("label").First).ToBeVisibleAsync();
        return Assert.Single((await IdsAsync()).Except(before));
    }

    /// <summary>Writes into a field of the chosen step.</summary>
    public async Task TypeAsync(string label, string text)
    {
        var input = Field(label).Locator("input").First;
        await input.FillAsync(text);
        await input.PressAsync("Tab");
    }

    /// <summary>Chooses from a field's list.</summary>
    public async Task ChooseAsync(string label, string choice)
    {
        await Field(label).Locator(".mud-input-slot").First.ClickAsync();
        await page.Locator(".mud-popover-open [class*=list-item-clickable]", new() { HasText = choice }).First.ClickAsync();
        await Assertions.Expect(page.Locator(".mud-popover-open [class*=list-item-clickable]")).ToHaveCountAsync(0);
    }

    /// <summary>Names outcomes one by one; each becomes a port.</summary>
    public async Task NameOutcomesAsync(string step, params string[] outcomes)
    {
        foreach (var outcome in outcomes)
        {
            // Each save draws the fields anew, and what is being typed then is lost: a hand would type it again.
            for (var tries = 0; tries < 5 && await Port(step, outcome).CountAsync() == 0; tries++)
            {
                var input = Field("办理结果").Locator("input").First;
                await input.ClickAsync();
                await input.FillAsync("");
                await input.PressSequentiallyAsync(outcome);
                await input.PressAsync("Enter");
                try
                {
                    await Assertions.Expect(Port(step, outcome)).ToHaveCountAsync(1, new() { Timeout = 5_000 });
                }
                catch (PlaywrightException)
                {
                    // Asked once more at the end.
                }
            }
            await Assertions.Expect(Port(step, outcome)).ToHaveCountAsync(1);
        }
    }

    /// <summary>Writes JSON into a field that has a small editor of its own.</summary>
    public async Task WriteAsync(string label, string json)
    {
        var editor = Field(label).Locator(".monaco-editor").First;
        await editor.ScrollIntoViewIfNeededAsync();
        await editor.ClickAsync();
        await page.Keyboard.PressAsync("ControlOrMeta+A");
        await page.Keyboard.InsertTextAsync(json);
    }

    /// <summary>Draws a line from an outcome to a step.</summary>
    public async Task WireAsync(string from, string outcome, string to)
    {
        await StillAsync();
        var lines = await page.Locator("#studio .x6-edge").CountAsync();
        var ((x, y), (u, v)) = (await MiddleAsync(Port(from, outcome)), await MiddleAsync(Port(to, "In")));
        await page.Mouse.MoveAsync(x, y);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(x + 12, y + 6, new() { Steps = 3 });
        await page.Mouse.MoveAsync(u - 3, v + 2, new() { Steps = 12 });
        await page.Mouse.MoveAsync(u, v, new() { Steps = 3 });
        await page.Mouse.UpAsync();
        await Assertions.Expect(page.Locator("#studio .x6-edge")).ToHaveCountAsync(lines + 1);
    }

    /// <summary>Takes away the line that begins at an outcome.</summary>
    public async Task CutAsync(string from, string outcome)
    {
        await ReleaseAsync();
        await StillAsync();
        var lines = await page.Locator("#studio .x6-edge").CountAsync();
        var found = await Port(from, outcome).EvaluateAsync<float[]?>("""
            port => {
              const box = port.getBoundingClientRect(), x = box.x + box.width / 2, y = box.y + box.height / 2;
              let nearest = null;
              for (const path of document.querySelectorAll("#studio .x6-edge path")) {
                if (path.getTotalLength() === 0) continue;
                const onScreen = at => path.getPointAtLength(at).matrixTransform(path.getScreenCTM());
                const begin = onScreen(0), far = Math.hypot(begin.x - x, begin.y - y);
                if (far < (nearest?.far ?? 20)) { const middle = onScreen(path.getTotalLength() / 2); nearest = { far, at: [middle.x, middle.y] }; }
              }
              return nearest?.at ?? null;
            }
            """);
        Assert.NotNull(found);
        await page.Mouse.ClickAsync(found[0], found[1]);
        await page.Keyboard.PressAsync("Delete");
        await Assertions.Expect(page.Locator("#studio .x6-edge")).ToHaveCountAsync(lines - 1);
    }

    /// <summary>Lets go of the chosen step: its handles would lie over its ports.</summary>
    public async Task ReleaseAsync()
    {
        var sheet = await page.Locator(".x6-graph").BoundingBoxAsync();
        Assert.NotNull(sheet);
        await page.Mouse.ClickAsync(sheet.X + sheet.Width / 2, sheet.Y + 20);
    }

    /// <summary>The sheet moves when what lies around it changes its size: until it has not for a while.</summary>
    private async Task StillAsync()
    {
        var sheet = page.Locator(".x6-graph-svg-viewport");
        for (string? before = null, now = await sheet.GetAttributeAsync("transform"); now != before; now = await sheet.GetAttributeAsync("transform"))
        {
            before = now;
            await Task.Delay(700);
        }
    }

    private ILocator Field(string label) =>
        Fields.Locator(".mud-input-control", new() { Has = page.Locator("label", new() { HasTextRegex = new Regex($"^{Regex.Escape(label)}[ *]*$") }) }).First;

    private ILocator Port(string step, string name) => page.Locator($"#studio .x6-node[data-cell-id='{step}'] .x6-port-body[port='{name}'] .elsa-designer-port-hit-area");

    private async Task<IReadOnlyList<string>> IdsAsync() => await page.Locator("#studio .x6-node").EvaluateAllAsync<string[]>("nodes => nodes.map(n => n.dataset.cellId)");

    private static async Task<(float X, float Y)> MiddleAsync(ILocator of) => await of.BoundingBoxAsync() is { } box ? (box.X + box.Width / 2, box.Y + box.Height / 2) : throw new InvalidOperationException("It is not drawn.");
}
