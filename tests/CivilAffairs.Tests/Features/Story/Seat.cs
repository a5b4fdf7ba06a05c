using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Security;
using Microsoft.Playwright;

namespace CivilAffairs.Tests.Features.Story;

/// <summary>One officer at the desk, in a browser of their own.</summary>
internal sealed class Seat(WatchedPage watched, FormFile form)
{
    private IPage Page => watched.Page;

    /// <summary>Signs in through the page and stands before the queue.</summary>
    public async Task SignInAsync(Account account)
    {
        await Page.GotoAsync("/sign-in");
        await Page.FillAsync("#UserName", account.UserName!);
        await Page.FillAsync("#Password", TestAccounts.Password);
        await Page.ClickAsync("main form:has(#Password) button[type=submit]");
        await Page.AtAsync("desk");
        await Page.Locator("#content h1").WaitForAsync();
    }

    /// <summary>Finds the case in the queue, claims its task and decides it.</summary>
    /// <param name="task">Activity id: the pictures' name, and the form that is asked where there is one.</param>
    /// <param name="asks">Id of the form if it is another.</param>
    /// <param name="look">At the task in hand, before it is decided.</param>
    /// <param name="entered">At the task with everything entered, before it is sent.</param>
    public async Task DecideAsync(string number, string task, JsonObject result, string? asks = null, Func<IPage, Task>? look = null, Func<IPage, Task>? entered = null)
    {
        await Page.Locator("tr", new() { HasText = number }).Locator("a.number").First.ClickAsync();
        await Page.Locator(".claim").ClickAsync();
        if (look is not null) await look(Page);
        await DecideHereAsync(task, result, asks, entered);
    }

    /// <summary>Decides the task that is in hand already.</summary>
    public async Task DecideHereAsync(string task, JsonObject result, string? asks = null, Func<IPage, Task>? entered = null)
    {
        await Page.Locator(".decision form").WaitForAsync();
        await AnswerAsync(result, form.TaskForms.GetValueOrDefault(asks ?? task));
        if (entered is not null) await entered(Page);
        await watched.LookAsync($"desk-{task}");
        await Page.Locator("button.decide").ClickAsync();
        var done = Page.Locator(".decision .done");
        var asked = Page.Locator(".mud-dialog");
        await done.Or(asked).First.WaitForAsync();
        // What nobody takes back is asked once more; its last button does it.
        if (await asked.CountAsync() > 0)
        {
            await watched.LookAsync($"desk-{task}-asked");
            await asked.Locator("button").Last.ClickAsync();
        }
        await done.WaitForAsync();
        await watched.LookAsync($"desk-{task}-done");
    }

    private async Task AnswerAsync(JsonObject result, TaskForm? asked)
    {
        var outcome = Page.Locator($".outcomes input[value='{result["outcome"]}']");
        if (await outcome.CountAsync() > 0) await outcome.CheckAsync();
        foreach (var field in (asked?.Fields ?? []).Where(f => result[f.Id] is not null))
        {
            var text = FieldText.Write(field, result[field.Id]);
            if (field.Type == "choices")
            {
                foreach (var value in result[field.Id]!.AsArray()) await Page.Locator($"input[name='field-{field.Id}'][value='{value}']").CheckAsync();
            }
            else if (field.Type is "boolean" or "choice") await Page.Locator($"input[name='field-{field.Id}'][value='{text}']").CheckAsync();
            else
            {
                await Page.Locator($"#field-{field.Id}").FillAsync(text);
                // The server hears of it when the field is left.
                await Page.Keyboard.PressAsync("Tab");
            }
        }
    }
}
