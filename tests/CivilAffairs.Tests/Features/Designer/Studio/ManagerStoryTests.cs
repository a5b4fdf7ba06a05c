using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static CivilAffairs.Tests.Support.Pages;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;

namespace CivilAffairs.Tests.Features.Designer.Studio;

/// <summary>
/// A manager without a developer, in the browser alone: draws a second review into 农村低保, asks for one more paper, tries it out,
/// sees what would change and publishes. The next case follows it, the one that runs ends on its version.
/// </summary>
public sealed class ManagerStoryTests(Browser browser) : IClassFixture<Browser>
{
    private const string Matter = "rural-dibao";
    private const float Patience = 120_000;

    [BrowserFact]
    public async Task A_second_review_and_a_paper_more_count_from_the_next_case_on()
    {
        await using var app = new TestApp();
        app.UseKestrel(0);
        app.StartServer();
        var manager = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Manager, "341299"));
        var running = new CaseStory(app);
        var first = running.Revision;
        var older = await running.PlayAsync("granted", first.Examples["granted.json"].At.AddDays(3));
        var home = app.ClientOptions.BaseAddress.ToString();
        var page = await browser.PageAsync(1440, home);
        var calls = new ConcurrentQueue<(int Status, string Url)>();
        page.Response += (_, answer) => { if (answer.Url.Contains("/elsa/api", StringComparison.Ordinal)) calls.Enqueue((answer.Status, answer.Url)); };

        // From the list of matters into the diagram.
        await SignInAsync(page, manager.UserName!, "/desk/matters");
        await page.GotoAsync($"/studio/edit/{Matter}/apply");
        await page.WaitForFunctionAsync("() => document.body.dataset.drawn === 'true'", null, new() { Timeout = Patience });
        await Assertions.Expect(page.Locator("#studio .x6-node")).ToHaveCountAsync(41, new() { Timeout = Patience });
        var hand = new StudioHand(page);
        var review = await hand.DropAsync("民政业务", "人工办理", (420, 200));
        await Assertions.Expect(page.Locator("#studio-state")).ToHaveTextAsync("草稿已保存", new() { Timeout = Patience });
        // What is not finished is kept, and what is missing is said at once.
        await Assertions.Expect(page.Locator("#studio-check summary")).ToContainTextAsync("问题", new() { Timeout = Patience });
        await hand.TypeAsync("任务名称", "县级复审");
        await hand.TypeAsync("任务名称（英文）", "Second review");
        await hand.ChooseAsync("角色", "县级复核员");
        await hand.ChooseAsync("层级", "县");
        await hand.TypeAsync("几日内办结", "5wd");
        await hand.NameOutcomesAsync(review, "Agree", "Disagree");
        await hand.WriteAsync("不得与下列步骤同一人", "[\"confirm\"]");
        await hand.CutAsync("confirm", "Grant");
        await hand.WireAsync("confirm", "Grant", review);
        await hand.WireAsync(review, "Agree", "noteGrant");
        await hand.WireAsync(review, "Disagree", "noteRefusal");
        await Assertions.Expect(page.Locator("#studio-check summary")).ToHaveTextAsync("检查通过", new() { Timeout = Patience });
        await Assertions.Expect(page.Locator("#studio-state")).ToHaveTextAsync("草稿已保存", new() { Timeout = Patience });
        await Browser.PictureAsync(page, "manager-diagram-1440");
        Assert.All(calls, c => Assert.True(c.Status is >= 200 and < 300, $"{c.Status} {c.Url}"));

        // One more paper, on the form's own page.
        await page.GotoAsync($"/desk/matters/{Matter}/draft/form");
        await page.ClickAsync("#add-paper");
        await page.FillAsync("#p-label-zh", "家庭合影");
        await page.Locator("#p-label-zh").BlurAsync();
        await page.FillAsync("#p-label-en", "A photograph of the household");
        await page.Locator("#p-label-en").BlurAsync();
        await page.SelectOptionAsync("#p-required-mode", "always");
        await page.ClickAsync("#save");
        await Assertions.Expect(page.Locator("#state")).Not.ToContainTextAsync("还没有保存");
        await Assertions.Expect(page.Locator("#refused")).ToHaveCountAsync(0);

        // Tried out: after the decision the new step waits.
        await page.GotoAsync($"/desk/matters/{Matter}/try?of=draft");
        await page.SelectOptionAsync("#example", "granted.json");
        await page.ClickAsync(".from-example");
        await page.ClickAsync(".send-form");
        await page.ClickAsync(".play-all");
        await Assertions.Expect(page.Locator($"[data-activity='{review}']")).ToContainTextAsync("县级复审", new() { Timeout = Patience });
        await LookAsync(page, "manager-tried-1440");

        // What changes, in words and on the diagram.
        await page.GotoAsync($"/desk/matters/{Matter}/compare");
        await Assertions.Expect(page.Locator(".changes").First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#content")).ToContainTextAsync("家庭合影");
        await Assertions.Expect(page.Locator(".sketch-step[data-mark=added]")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator(".sketch-step[data-mark=added] text.label")).ToHaveTextAsync("县级复审");
        await Assertions.Expect(page.Locator(".sketch-way[data-mark=removed]")).ToHaveCountAsync(1);
        await LookAsync(page, "manager-compare-1440");
        await page.SetViewportSizeAsync(360, 800);
        await LookAsync(page, "manager-compare-360");
        await page.SetViewportSizeAsync(1440, 900);

        // A publication without a reason is refused; with one it counts.
        await page.GotoAsync($"/desk/matters/{Matter}");
        await page.ClickAsync("#publish");
        await Assertions.Expect(page.Locator(".entry-field.wrong")).ToContainTextAsync("请填写理由");
        await page.FillAsync("#m-comment", "县局要求增加复审和家庭合影");
        await page.ClickAsync("#publish");
        await page.Locator(".mud-dialog").GetByRole(AriaRole.Button, new() { Name = "发布草稿" }).ClickAsync();
        await Assertions.Expect(page.GetByText("已发布为第 2 版")).ToBeVisibleAsync();
        var second = app.Services.GetRequiredService<MatterLibrary>().Find(Matter)!;
        Assert.NotEqual(first.Hash, second.Hash);

        // The next applicant brings the paper, and the next case waits for the second review.
        var paper = Assert.Single(second.Form.Attachments, a => a.Label.Zh == "家庭合影").Id;
        var next = new CaseStory(app);
        var newer = await next.PlayAsync("granted");
        await using (var db = next.Open())
        {
            var waits = await db.Set<WorkTask>().SingleAsync(t => t.CaseId == newer && t.State == TaskState.Open);
            Assert.Equal((review, Roles.CountyClerk), (waits.ActivityId, waits.Role));
            Assert.Equal(second.Hash, (await db.Set<Case>().SingleAsync(c => c.Id == newer)).Revision);
            Assert.Equal([newer], await db.Set<CaseFile>().Where(f => f.Slot == paper).Select(f => f.CaseId).ToListAsync());
        }
        var checker = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.CountyClerk, "341299"));
        await page.Context.ClearCookiesAsync();
        await SignInAsync(page, checker.UserName!, $"/desk/cases/{newer}");
        await Assertions.Expect(page.Locator(".decision h2").First).ToHaveTextAsync("县级复审");
        await page.Locator(".claim").ClickAsync();
        // The first of the outcomes, as they were named.
        await page.Locator(".outcomes input").First.CheckAsync();
        await page.Locator("button.decide").ClickAsync();
        await Assertions.Expect(page.Locator(".decision .done h2")).ToContainTextAsync("已办理");

        // The older case goes to its end as it began.
        var player = new StoryPlayer(app.Services, new StoryClock(first.Examples["granted.json"].At.AddDays(3)), (task, by) => CaseStory.Officer(by, task.Role, task.Division));
        await player.GoOnAsync(older, first.Examples["granted.json"] with { At = first.Examples["granted.json"].At.AddDays(3) }, running.Applicant, CaseStory.Forever);
        await using (var db = next.Open())
        {
            Assert.Equal(["Paying", "Paying"], await db.Set<Case>().Where(c => c.Id == older || c.Id == newer).Select(c => c.Status).ToListAsync());
            Assert.Equal(first.Hash, (await db.Set<Case>().SingleAsync(c => c.Id == older)).Revision);
            Assert.False(await db.Set<WorkTask>().AnyAsync(t => t.CaseId == older && t.ActivityId == review));
        }
        await page.Context.CloseAsync();
    }
}
