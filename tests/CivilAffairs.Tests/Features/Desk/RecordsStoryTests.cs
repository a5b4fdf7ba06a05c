using System.Text.RegularExpressions;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static CivilAffairs.Tests.Support.Pages;

namespace CivilAffairs.Tests.Features.Desk;

/// <summary>Papers opened for a reason, a case destroyed by two persons, and records of persons put right, in a real browser.</summary>
public sealed class RecordsStoryTests(Browser browser) : IClassFixture<Browser>
{
    private const string County = "341299";
    private readonly List<string> faults = [];

    [BrowserTheory]
    [InlineData(360)]
    [InlineData(1440)]
    public async Task A_clerk_says_once_why_papers_are_opened(int width)
    {
        await using var app = Start();
        var story = new CaseStory(app);
        var caseId = await story.PlayAsync("granted", new DateTimeOffset(2026, 2, 25, 0, 0, 0, TimeSpan.Zero));
        var clerk = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Clerk, story.Township));
        var page = await PageAsync(app, width);
        await SignInAsync(page, clerk.UserName!, $"/desk/cases/{caseId}?tab=papers");
        await LookAsync(page, $"papers-{width}");
        var paper = await page.RunAndWaitForPopupAsync(() => page.Locator(".papers a").First.ClickAsync());
        await Assertions.Expect(paper.Locator("h1")).ToHaveTextAsync("说明查阅理由");
        await LookAsync(paper, $"papers-reason-{width}");
        await paper.GetByLabel("其他理由").CheckAsync();
        await paper.GetByRole(AriaRole.Button, new() { Name = "记录并打开" }).ClickAsync();
        await Assertions.Expect(paper.Locator(".summary")).ToContainTextAsync("请写明理由。");
        await LookAsync(paper, $"papers-reason-fault-{width}");
        await paper.FillAsync("#Note", "审计组调阅");
        var opened = await paper.RunAndWaitForResponseAsync(() => paper.GetByRole(AriaRole.Button, new() { Name = "记录并打开" }).ClickAsync(), r => r.Url.Contains("/documents/", StringComparison.Ordinal));
        Assert.Equal(200, opened.Status);
        // The second one opens at once, and so does the whole form.
        var second = await page.RunAndWaitForPopupAsync(() => page.Locator(".papers a").Last.ClickAsync());
        await Assertions.Expect(second).Not.ToHaveURLAsync(new Regex("reason"));
        await page.GotoAsync($"/desk/cases/{caseId}");
        await page.GetByRole(AriaRole.Button, new() { Name = "查看完整信息" }).ClickAsync();
        await Assertions.Expect(page.GetByText("正在显示完整个人信息")).ToBeVisibleAsync();
        await page.GotoAsync($"/desk/cases/{caseId}?tab=story");
        await Assertions.Expect(page.Locator(".story")).ToContainTextAsync("理由：其他理由");
        await LookAsync(page, $"papers-story-{width}");
        await using var db = story.Open();
        Assert.Equal(2, await db.Set<AuditEntry>().CountAsync(a => a.Chain == caseId.ToString() && a.ActorId == clerk.Id && (a.Action == "file.opened" || a.Action == "document.opened")));
        Assert.Empty(faults);
    }

    [BrowserTheory]
    [InlineData(360)]
    [InlineData(1440)]
    public async Task A_case_is_proposed_by_one_person_and_destroyed_by_another(int width)
    {
        await using var app = Start();
        var story = new CaseStory(app);
        var caseId = await story.PlayAsync("refused");
        var supervisor = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Supervisor, County));
        var leader = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Leader, County));
        var clerk = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Clerk, story.Township));
        var page = await PageAsync(app, width);
        await SignInAsync(page, clerk.UserName!);
        await Assertions.Expect(page.Locator("a[href='/desk/retention']")).ToHaveCountAsync(0);
        await page.GotoAsync("/desk/retention");
        await Assertions.Expect(page.Locator("#nothing-to-retain")).ToBeVisibleAsync();
        await AgainAsync(page, supervisor.UserName!, "/desk/retention");
        await Assertions.Expect(page.GetByText("没有保管期满的办件")).ToBeVisibleAsync();
        await LookAsync(page, $"retention-empty-{width}");
        var long_ago = DateTimeOffset.UtcNow.AddYears(-11);
        await app.Services.GetRequiredService<IWriter>().WriteAsync((db, cancel) => db.Set<Case>().Where(c => c.Id == caseId).ExecuteUpdateAsync(s => s.SetProperty(c => c.DecidedAt, long_ago).SetProperty(c => c.ClosedAt, long_ago), cancel));

        await page.ReloadAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("自决定之日起保管 10 年");
        await LookAsync(page, $"retention-due-{width}");
        await page.GetByRole(AriaRole.Button, new() { Name = "提出销毁" }).ClickAsync();
        await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "提出销毁" }).ClickAsync();
        await Assertions.Expect(page.GetByText("您提出的，由另一人审批")).ToBeVisibleAsync();
        await LookAsync(page, $"retention-proposed-{width}");

        await AgainAsync(page, leader.UserName!, "/desk/retention");
        await page.GetByRole(AriaRole.Button, new() { Name = "审批" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "提交审批意见" }).ClickAsync();
        await Assertions.Expect(page.GetByText("请选择审批意见。")).ToBeVisibleAsync();
        await page.Locator("input[value=erase]").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "同意并销毁" }).ClickAsync();
        await Assertions.Expect(page.GetByText("请选择理由。")).ToBeVisibleAsync();
        await page.GetByLabel("已移交档案馆").CheckAsync();
        await LookAsync(page, $"retention-decide-{width}");
        await page.GetByRole(AriaRole.Button, new() { Name = "同意并销毁" }).ClickAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("已销毁。");
        await LookAsync(page, $"retention-done-{width}");
        await using var db = story.Open();
        Assert.NotNull((await db.Set<Case>().SingleAsync(c => c.Id == caseId)).ErasedAt);
        Assert.Empty(faults);
    }

    [BrowserTheory]
    [InlineData(360)]
    [InlineData(1440)]
    public async Task Two_records_are_compared_and_merged_and_a_number_is_corrected(int width)
    {
        await using var app = Start();
        var story = new CaseStory(app);
        var example = await story.PrepareAsync("granted");
        var caseId = await story.PlayAsync("granted", example.At);
        var (twice, right) = (TestAccounts.IdNumber(), TestAccounts.IdNumber());
        await TestAccounts.ApplicantAsync(app, twice, "王建国", mobile: "13800000077");
        var number = (string)example.Form["applicant"]!["idNumber"]!;
        var supervisor = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Supervisor, County));
        var page = await PageAsync(app, width);
        await SignInAsync(page, supervisor.UserName!, "/desk/persons");
        await FindAsync(page, "341299199001010000");
        await Assertions.Expect(page.GetByText("没有查到")).ToBeVisibleAsync();
        await FindAsync(page, number);
        await page.GetByRole(AriaRole.Button, new() { Name = "选这条记录" }).ClickAsync();
        await Assertions.Expect(page.Locator("#number-do")).ToBeVisibleAsync();
        // By the keyboard: a click leaves a ripple on the button for a while, in which its contrast is anything.
        await page.PressAsync("#number-do", "Enter");
        await Assertions.Expect(page.GetByText("身份证号码不正确，请核对。")).ToBeVisibleAsync();
        await LookAsync(page, $"persons-correct-{width}");
        await FindAsync(page, twice);
        await page.GetByRole(AriaRole.Button, new() { Name = "选作第二条对比" }).ClickAsync();
        await Assertions.Expect(page.Locator("#compare")).ToContainTextAsync("位不同");
        await page.PressAsync("#merge-do", "Enter");
        await Assertions.Expect(page.GetByText("请选择留下的记录。")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("请写明依据的证件或文书。")).ToBeVisibleAsync();
        await LookAsync(page, $"persons-merge-{width}");
        await page.Locator("input[name=survivor][value='0']").CheckAsync();
        await page.Locator("input[name=merge-reason][value=recordedTwice]").CheckAsync();
        await page.FillAsync("#merge-evidence", "户口簿原件");
        // The press takes the field's fault away and with it the button from under the mouse: it counts all the same.
        await page.HoverAsync("#merge-do");
        await page.Mouse.DownAsync();
        await Assertions.Expect(page.GetByText("请写明依据的证件或文书。")).ToHaveCountAsync(0);
        await page.Mouse.UpAsync();
        await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "合并两条记录" }).ClickAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("已合并");
        await LookAsync(page, $"persons-merged-{width}");

        await FindAsync(page, number);
        await page.GetByRole(AriaRole.Button, new() { Name = "选这条记录" }).ClickAsync();
        await page.FillAsync("#right-number", right);
        await page.Locator("input[name=number-reason][value=typo]").CheckAsync();
        await page.FillAsync("#number-evidence", "派出所证明");
        await page.ClickAsync("#number-do");
        await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "更正号码" }).ClickAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("号码已更正为");
        await using var db = story.Open();
        var party = await db.Set<CaseParty>().FirstAsync(p => p.CaseId == caseId && p.Role == PartyRole.Applicant);
        Assert.Equal(right, Web.Features.Cases.Persons.IdNumber(await db.Set<Person>().SingleAsync(p => p.Id == party.PersonId), app.Services.GetRequiredService<FieldCipher>()));
        Assert.Empty(faults);
    }

    private static TestApp Start()
    {
        var app = new TestApp();
        app.UseKestrel(0);
        app.StartServer();
        return app;
    }

    private async Task<IPage> PageAsync(TestApp app, int width)
    {
        var page = await browser.PageAsync(width, app.ClientOptions.BaseAddress.ToString());
        page.Context.Page += (_, another) => Watch(another);
        Watch(page);
        return page;
    }

    private void Watch(IPage page) => page.Console += (_, message) => { if (message.Type == "error") faults.Add(message.Text); };

    private static async Task AgainAsync(IPage page, string userName, string to)
    {
        await page.Context.ClearCookiesAsync();
        await SignInAsync(page, userName, to);
    }

    private static async Task FindAsync(IPage page, string term)
    {
        await page.FillAsync("#person-term", term);
        await page.GetByRole(AriaRole.Button, new() { Name = "查找" }).ClickAsync();
    }
}
