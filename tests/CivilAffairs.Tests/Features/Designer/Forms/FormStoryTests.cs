using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Designer;
using CivilAffairs.Web.Features.Designer.Forms;
using CivilAffairs.Web.Platform.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static CivilAffairs.Tests.Support.Pages;

namespace CivilAffairs.Tests.Features.Designer.Forms;

/// <summary>A manager adds a paper and a conditional question to 农村低保, sees the applicant's page change, and is told of what is wrong and who was first.</summary>
public sealed class FormStoryTests(Browser browser) : IClassFixture<Browser>
{
    private const string Matter = "rural-dibao";

    [BrowserTheory]
    [InlineData(360)]
    [InlineData(1440)]
    public async Task A_manager_changes_what_a_matter_asks(int width)
    {
        await using var app = new TestApp();
        app.UseKestrel(0);
        app.StartServer();
        var kit = new DraftKit(app);
        var edits = app.Services.GetRequiredService<MatterEdits>();
        var (account, colleague) = (await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Manager, DraftKit.County)), await kit.ManagerAsync());
        var page = await browser.PageAsync(width, app.ClientOptions.BaseAddress.ToString());
        await SignInAsync(page, account.UserName!, $"/desk/matters/{Matter}/draft/form");
        var preview = page.FrameLocator("#preview");
        await Assertions.Expect(preview.Locator("h1")).ToHaveTextAsync("申请人");
        await LookAsync(page, $"form-{width}");

        // What is chosen comes into sight in the frame, and the editor stays where it is under the hand.
        await page.ClickAsync("#spot-sections-0-4");
        await ChosenAsync(page, "户籍地址");
        var hand = await page.EvaluateAsync<double>("scrollY");
        await page.WaitForFunctionAsync("""() => { const frame = document.getElementById("preview").contentWindow, at = frame.document.getElementById("a-hukouAddress")?.getBoundingClientRect(); return frame.scrollY > 0 && at.top >= 0 && at.bottom <= frame.innerHeight; }""");
        Assert.Equal(hand, await page.EvaluateAsync<double>("scrollY"));

        // A new question, asked only under a condition that is picked.
        await page.ClickAsync(".add-field");
        await ChosenAsync(page, "新的问题");
        await TypeAsync(page, "#p-label-zh", "现住地联系人");
        await TypeAsync(page, "#p-label-en", "Contact where you live");
        await page.SelectOptionAsync("#p-shown-mode", "picked");
        await page.SelectOptionAsync("#p-shown-0-field", new SelectOptionValue { Label = "现住地与户籍地不一致" });
        await Assertions.Expect(preview.Locator("#preview-hidden")).ToContainTextAsync("现住地联系人");
        await AnswerAsync(preview, "input[name=a-livesElsewhere][value=true]", "#a-field");
        await LookAsync(page, $"form-field-{width}");

        // A wrong condition is told by its field, and nothing is stored.
        await page.SelectOptionAsync("#p-shown-mode", "typed");
        await TypeAsync(page, "#p-shown-text", "item.livesElswhere === true");
        await Assertions.Expect(page.Locator("#p-shown .fault")).ToContainTextAsync("没有编号为“livesElswhere”的问题");
        await page.ClickAsync("#save");
        await Assertions.Expect(page.Locator("#refused")).ToContainTextAsync("livesElswhere");
        await LookAsync(page, $"form-wrong-{width}");
        Assert.Null(await kit.Drafts.FindAsync(Matter));
        await page.ClickAsync("#undo");
        await Assertions.Expect(page.Locator("#wrong-count")).ToHaveCountAsync(0);

        // A new paper stands on the applicant's page at once.
        await page.ClickAsync("#add-paper");
        await ChosenAsync(page, "新的材料");
        await TypeAsync(page, "#p-label-zh", "居住证明");
        await TypeAsync(page, "#p-label-en", "Proof of residence");
        await Assertions.Expect(preview.Locator("#paper-title")).ToContainTextAsync("居住证明");
        await page.SelectOptionAsync("#p-required-mode", "picked");
        await LookAsync(page, $"form-paper-{width}");

        // What is in use is not taken away without a word.
        await page.ClickAsync("#spot-sections-0");
        await ChosenAsync(page, "申请人");
        await page.ClickAsync("#spot-sections-0-8");
        await ChosenAsync(page, "由他人代为申请");
        await page.ClickAsync("#remove");
        await Assertions.Expect(page.Locator(".mud-dialog")).ToContainTextAsync("材料“委托书”的必填条件");
        await LookAsync(page, $"form-used-{width}");
        await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "再看看" }).ClickAsync();

        // A colleague changes the form first.
        var theirs = JsonFile.Read((await kit.MatterAsync(colleague, Matter))!.Files["form.json"]).Root!;
        theirs["sections"]![0]!["title"]!["zh"] = "申请人情况";
        await edits.SaveFormAsync(colleague, Matter, theirs, new HashSet<string>(), 0, DraftKit.Key());
        await page.ClickAsync("#save");
        await Assertions.Expect(page.Locator("#conflict")).ToContainTextAsync(colleague.Name);
        await Assertions.Expect(page.Locator("#state")).ToContainTextAsync("还没有保存");
        await LookAsync(page, $"form-conflict-{width}");
        await page.ClickAsync("#take-theirs");
        await Assertions.Expect(page.Locator("#opened")).ToContainTextAsync(colleague.Name);
        await page.ClickAsync("#add-paper");
        await ChosenAsync(page, "新的材料");
        await TypeAsync(page, "#p-label-zh", "居住证明");
        await TypeAsync(page, "#p-label-en", "Proof of residence");
        await page.ClickAsync("#save");
        await Assertions.Expect(page.Locator("#state")).ToContainTextAsync("已保存到草稿");
        var stored = JsonNode.Parse((await kit.MatterAsync(colleague, Matter))!.Files["form.json"])!;
        Assert.Equal(("申请人情况", "居住证明"), ((string?)stored["sections"]![0]!["title"]!["zh"], (string?)stored["attachments"]!.AsArray()[^1]!["label"]!["zh"]));

        // Who leaves with changes is asked.
        await page.ClickAsync("#spot-sections-0");
        await ChosenAsync(page, "申请人情况");
        await TypeAsync(page, "#p-title-zh", "申请人信息");
        await page.GetByRole(AriaRole.Link, new() { Name = "期限", Exact = true }).ClickAsync();
        await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "不保存，离开" }).ClickAsync();
        await page.Locator(".fd-limits").WaitForAsync();
        await LookAsync(page, $"limits-{width}");
        await page.SelectOptionAsync("#l-0-finish", "limit");
        await TypeAsync(page, "#l-0-finish-value", "三天");
        await page.ClickAsync("#save");
        await Assertions.Expect(page.Locator("#conflict")).ToContainTextAsync("没有保存");
        await Assertions.Expect(page.Locator(".fd-limit .fault")).ToContainTextAsync("三天");
        await TypeAsync(page, "#l-0-finish-value", "3wd");
        await page.ClickAsync("#save");
        await Assertions.Expect(page.Locator("#state")).ToContainTextAsync("已保存到草稿");

        await page.GotoAsync($"/desk/matters/{Matter}/draft/people");
        await page.Locator(".fd-roles").WaitForAsync();
        await page.Locator(".fd-parameter summary").First.ClickAsync();
        await LookAsync(page, $"people-{width}");
        await TypeAsync(page, "#a-record", "30");
        await page.ClickAsync("#save");
        await Assertions.Expect(page.Locator("#state")).ToContainTextAsync("已保存到草稿");
        // A published version is only looked at.
        await page.GotoAsync($"/desk/matters/{Matter}/draft/form?version=1");
        await Assertions.Expect(page.Locator("#read-only")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#save")).ToHaveCountAsync(0);
    }

    /// <summary>What is typed goes to what is chosen: nobody types before they see it.</summary>
    private static Task ChosenAsync(IPage page, string name) => Assertions.Expect(page.Locator("#props-title")).ToHaveTextAsync(name);

    /// <summary>Answers in the frame and goes on. The frame may just be loading what was changed last: then the answer went with the old page, and is given again.</summary>
    private static async Task AnswerAsync(IFrameLocator preview, string answer, string appears)
    {
        for (var tries = 0; tries < 10 && !await preview.Locator(appears).IsVisibleAsync(); tries++)
        {
            await preview.Locator(answer).CheckAsync();
            await preview.GetByRole(AriaRole.Button, new() { Name = "保存并继续" }).ClickAsync();
            await Task.Delay(TimeSpan.FromSeconds(2));
        }
        await Assertions.Expect(preview.Locator(appears)).ToBeVisibleAsync();
    }

    /// <summary>A text is taken when it is left.</summary>
    private static async Task TypeAsync(IPage page, string field, string text)
    {
        await page.FillAsync(field, text);
        await page.Locator(field).BlurAsync();
    }
}
