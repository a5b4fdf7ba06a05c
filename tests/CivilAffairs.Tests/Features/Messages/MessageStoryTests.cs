using CivilAffairs.Tests.Features.Story;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Features.Desk.Print;
using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Platform.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace CivilAffairs.Tests.Features.Messages;

/// <summary>An applicant and a clerk write to each other about a case, and the applicant takes it back and says why.</summary>
public sealed class MessageStoryTests(Browser browser) : IClassFixture<Browser>
{
    /// <summary>In Chinese on the embedded default with a look at every page; in English on PostgreSQL, where one is.</summary>
    public static TheoryData<string, bool> Readers => new() { { Databases.Sqlite, false }, { Databases.Kinds[^1], true } };

    [BrowserTheory, MemberData(nameof(Readers))]
    public async Task Asked_answered_and_withdrawn(string kind, bool english)
    {
        var (question, answer, why) = english ? ("Which paper is missing?", "Please bring the income statement.", "I found work.") : ("请问还缺哪份材料？\n村里说已经交了。", "请补充收入证明，可以在这里上传照片。", "已找到工作，不再需要。");
        await using var county = await Story.County.OpenAsync(browser, kind, english ? null : "messages", english);
        var example = await county.PrepareAsync("granted");
        var player = new StoryPlayer(county.App.Services, new StoryClock(example.At), (task, by) => CaseStory.Officer(by, task.Role, task.Division));
        var id = await player.PlayAsync(county.Story.Revision, example, county.Story.Applicant, example.At.AddMinutes(1));
        var person = await TestAccounts.OfPersonAsync(county.App, (string)example.Form["applicant"]!["idNumber"]!);
        var picture = new FilePayload { Name = "photo.png", MimeType = "image/png", Buffer = SamplePicture.Png };

        var home = await county.BrowseAsync();
        await Pages.SignInAsync(home.Page, person.UserName!, $"/my/cases/{id}");
        await home.LookAsync("my-case");
        await home.Page.ClickAsync("main a[href$='/messages']");
        await home.LookAsync("my-none");
        await home.Page.ClickAsync("button.primary");
        await Assertions.Expect(home.Page.Locator(".summary")).ToBeVisibleAsync();
        await home.LookAsync("my-refused");
        await home.Page.FillAsync("#text", question);
        await home.Page.SetInputFilesAsync("#files", picture);
        await home.Page.ClickAsync("button.primary");
        await Assertions.Expect(home.Page.Locator(".note.green")).ToBeVisibleAsync();
        await Assertions.Expect(home.Page.Locator(".messages > li")).ToHaveCountAsync(1);

        // The clerk finds it in the queue, answers from the case, and the mark in the menu goes.
        var desk = await county.BrowseAsync();
        await new Seat(desk, county.Form).SignInAsync(await county.OfficerAsync(Roles.Clerk));
        await Assertions.Expect(desk.Page.Locator("tr a.unread")).ToHaveCountAsync(1);
        await desk.LookAsync("desk-queue");
        await desk.Page.GotoAsync("/desk/messages");
        await Assertions.Expect(desk.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        await desk.LookAsync("desk-unread");
        await desk.Page.ClickAsync("tbody a.number");
        await Assertions.Expect(desk.Page.Locator(".messages .words")).ToHaveTextAsync(question);
        await desk.Page.Locator("#message-send").ClickAsync();
        await Assertions.Expect(desk.Page.Locator("#message-text-fault")).ToBeVisibleAsync();
        await desk.Page.FillAsync("#message-text", answer);
        await desk.Page.Keyboard.PressAsync("Tab");
        await desk.Page.SetInputFilesAsync("#message-files", picture);
        await Assertions.Expect(desk.Page.Locator("#messages-title ~ .task-field .line")).ToHaveCountAsync(1);
        await desk.LookAsync("desk-writing");
        await desk.Page.Locator("#message-send").ClickAsync();
        await Assertions.Expect(desk.Page.Locator(".messages > li")).ToHaveCountAsync(2);
        await desk.LookAsync("desk-answered");
        await desk.Page.GotoAsync("/desk/messages");
        await Assertions.Expect(desk.Page.Locator(".empty")).ToBeVisibleAsync();
        await desk.LookAsync("desk-none");

        await PrintAsync(county, desk, id);
        await home.Page.GotoAsync("/my");
        await Assertions.Expect(home.Page.Locator("a.unread")).ToHaveCountAsync(1);
        await home.LookAsync("my-list");
        await home.Page.ClickAsync("a.unread");
        await Assertions.Expect(home.Page.Locator(".messages .theirs .words")).ToHaveTextAsync(answer);
        await home.LookAsync("my-answered");

        await home.Page.GotoAsync($"/my/cases/{id}/withdraw");
        await home.Page.FillAsync("#reason", why);
        await home.LookAsync("my-withdraw");
        await home.Page.ClickAsync("button.stop");
        await Assertions.Expect(home.Page.Locator(".line .now")).ToContainTextAsync(why);
        await home.LookAsync("my-withdrawn");
        await desk.Page.GotoAsync($"/desk/cases/{id}?tab=story");
        await Assertions.Expect(desk.Page.Locator(".story")).ToContainTextAsync(why);
        await desk.LookAsync("desk-withdrawn");
        county.AssertFaultless();
    }

    /// <summary>The clerk says why, asks for the case file, and opens it once a job has made it.</summary>
    private static async Task PrintAsync(Story.County county, WatchedPage desk, Guid id)
    {
        await desk.Page.GotoAsync($"/desk/cases/{id}?tab=papers");
        await desk.Page.Locator("#print").ClickAsync();
        await desk.Page.Locator("#print-file").WaitForAsync();
        await desk.LookAsync("desk-print");
        await desk.Page.ClickAsync("#print-file");
        await desk.Page.CheckAsync("#reason-verify");
        await desk.Page.ClickAsync("main button.primary");
        await desk.Page.ClickAsync("#print-file");
        await Assertions.Expect(desk.Page.Locator(".note.amber")).ToBeVisibleAsync();
        await desk.LookAsync("desk-print-waiting");
        await county.App.Services.GetServices<IJob>().OfType<CasePrintJob>().Single().RunAsync(default);
        // The page looks again by itself.
        await Assertions.Expect(desk.Page.Locator(".note.green a.button")).ToBeVisibleAsync();
        await desk.LookAsync("desk-print-ready");
        var answer = await desk.Page.APIRequest.GetAsync(await desk.Page.EvaluateAsync<string>("() => document.querySelector('.note.green a.button').href"));
        Assert.Equal("application/pdf", answer.Headers["content-type"]);
    }
}
