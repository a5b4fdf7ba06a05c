using System.Net;
using System.Text.Json.Nodes;
using CivilAffairs.Tests.Features.Registers;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static CivilAffairs.Tests.Support.Pages;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;

namespace CivilAffairs.Tests.Features.Mail.Calls;

/// <summary>Whom no letter reaches is told by telephone by who is posted there, and nobody else hears of it.</summary>
public sealed class CallListTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_village_worker_and_the_clerk_of_the_place_have_it_until_one_of_them_has_told_it(string kind)
    {
        var app = await databases.GetAsync(kind);
        var (story, letter, caseId) = await ParkedAsync(app);
        var worker = await CallerAsync(app, Roles.VillageWorker, story.Village);
        var clerk = await CallerAsync(app, Roles.Clerk, story.Township);
        foreach (var (role, place) in new[] { (Roles.VillageWorker, story.Township + "202"), (Roles.Clerk, "341299101"), (Roles.TownshipReviewer, story.Township), (Roles.Administrator, "341299"), (Roles.Supervisor, "341299") })
        {
            using var other = await CallerAsync(app, role, place);
            Assert.DoesNotContain((await other.GetAsync("/calls"))["items"]!.AsArray(), c => (Guid)c!["id"]! == letter);
            using var refused = await other.PostAsync($"/calls/{letter}/sheet");
            await ApiCaller.RefusedAsync(refused, 404);
        }
        var listed = (await worker.GetAsync("/calls"))["items"]!.AsArray().Single(c => (Guid)c!["id"]! == letter)!;
        Assert.Equal(("王**", "no-address", story.Village), ((string?)listed["applicant"], (string?)listed["reason"], (string?)listed["division"]));
        Assert.DoesNotContain("13800000001", listed.ToJsonString(), StringComparison.Ordinal);

        var sheet = (await worker.DoAsync(HttpMethod.Post, $"/calls/{letter}/sheet"))!;
        Assert.Equal(("王建国", "13800000001"), ((string?)sheet["name"], (string?)sheet["phone"]));
        Assert.Contains("办件编号", (string)sheet["text"]!, StringComparison.Ordinal);
        await worker.DoAsync(HttpMethod.Post, $"/calls/{letter}/told", new JsonObject { ["reached"] = false });
        Assert.Contains((await clerk.GetAsync("/calls"))["items"]!.AsArray(), c => (Guid)c!["id"]! == letter);
        await clerk.DoAsync(HttpMethod.Post, $"/calls/{letter}/told", new JsonObject { ["reached"] = true });
        using (var late = await worker.PostAsync($"/calls/{letter}/told", new JsonObject { ["reached"] = true })) await ApiCaller.RefusedAsync(late, 404);

        await using var db = story.Open();
        Assert.Equal(OutboxState.Told, await db.Set<OutboxMessage>().Where(m => m.Id == letter).Select(m => m.State).SingleAsync());
        Assert.Equal(["call.opened", "call.notReached", "call.told"], await db.Set<AuditEntry>().Where(a => a.Chain == caseId.ToString() && a.Action.StartsWith("call.")).OrderBy(a => a.Sequence).Select(a => a.Action).ToListAsync());
        worker.Dispose();
        clerk.Dispose();
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Who_is_kept_off_the_case_does_not_call(string kind)
    {
        var app = await databases.GetAsync(kind);
        var (story, letter, caseId) = await ParkedAsync(app);
        var officer = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.VillageWorker, story.Village));
        await app.Services.GetRequiredService<IWriter>().WriteAsync((db, _) => Task.FromResult(db.Add(new CaseRecusal { CaseId = caseId, AccountId = officer.Id, Reason = "relative", RecordedById = officer.Id, RecordedAt = DateTimeOffset.UtcNow })));
        using var caller = await ApiCaller.AsAsync(app, officer.UserName!);
        Assert.Empty((await caller.GetAsync("/calls"))["items"]!.AsArray());
        using var refused = await caller.PostAsync($"/calls/{letter}/told", new JsonObject { ["reached"] = true });
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_organisation_that_a_reminder_missed_is_called_by_the_clerk_of_its_register(string kind)
    {
        var app = await databases.GetAsync(kind);
        var (organisation, letter) = await ReminderAsync(app);
        foreach (var (role, place) in new[] { (Roles.VillageWorker, "341299101201"), (Roles.Clerk, "341299101"), (Roles.OrganisationClerk, "341298"), (Roles.Administrator, "341299") })
        {
            using var other = await CallerAsync(app, role, place);
            Assert.DoesNotContain((await other.GetAsync("/calls"))["items"]!.AsArray(), c => (Guid)c!["id"]! == letter.Id);
            using var refused = await other.PostAsync($"/calls/{letter.Id}/sheet");
            await ApiCaller.RefusedAsync(refused, 404);
        }
        using var clerk = await CallerAsync(app, Roles.OrganisationClerk, "341299");
        var listed = (await clerk.GetAsync("/calls"))["items"]!.AsArray().Single(c => (Guid)c!["id"]! == letter.Id)!;
        Assert.Equal((organisation.Name, "", "341299101201"), ((string?)listed["applicant"], (string?)listed["caseNumber"], (string?)listed["division"]));
        var sheet = (await clerk.DoAsync(HttpMethod.Post, $"/calls/{letter.Id}/sheet"))!;
        Assert.Equal((organisation.Name, "13800000021"), ((string?)sheet["name"], (string?)sheet["phone"]));
        Assert.Contains("社证〔2021〕00007", (string)sheet["text"]!, StringComparison.Ordinal);
        await clerk.DoAsync(HttpMethod.Post, $"/calls/{letter.Id}/told", new JsonObject { ["reached"] = true });
        using (var late = await clerk.PostAsync($"/calls/{letter.Id}/told", new JsonObject { ["reached"] = true })) await ApiCaller.RefusedAsync(late, 404);
        await using var read = app.Services.GetRequiredService<IReader>().Open();
        Assert.Equal(["call.opened", "call.told"], await read.Set<AuditEntry>().Where(a => a.Chain == organisation.SubjectId.ToString()).OrderBy(a => a.Sequence).Select(a => a.Action).ToListAsync());
    }

    /// <summary>A reminder to an organisation that came in with the ledger, so without a case.</summary>
    internal static async Task<(Organisation Organisation, OutboxMessage Letter)> ReminderAsync(TestApp app)
    {
        var organisation = await (await Organisations.InAsync(app)).EnterAsync(new DateOnly(2021, 11, 20), new DateOnly(2026, 11, 19));
        var letter = new OutboxMessage
        {
            SubjectId = organisation.SubjectId, Contact = "holder", Template = "certificate-expiry.mail", Revision = OutboxMessage.Product, MessageId = $"<{Guid.NewGuid()}@test>", CreatedAt = DateTimeOffset.UtcNow, DueAt = DateTimeOffset.UtcNow,
            Data = """{"title":{"zh":"登记证书","en":"Certificate"},"number":"社证〔2021〕00007","validTo":"2026-11-19","practicalDay":null,"path":"/my"}""", State = OutboxState.Parked, LastError = "no-address",
        };
        await app.Services.GetRequiredService<IWriter>().WriteAsync((db, _) => Task.FromResult(db.Add(letter)));
        return (organisation, letter);
    }

    internal static async Task<(CaseStory Story, Guid Letter, Guid CaseId)> ParkedAsync(TestApp app)
    {
        var story = new CaseStory(app);
        var caseId = await story.PlayAsync("granted");
        await using var db = story.Open();
        var letter = await db.Set<OutboxMessage>().Where(m => m.CaseId == caseId && m.PersonId != null && m.Template == "granted.mail").Select(m => m.Id).FirstAsync();
        await app.Services.GetRequiredService<IWriter>().WriteAsync((w, cancel) => w.Set<OutboxMessage>().Where(m => m.Id == letter).ExecuteUpdateAsync(s => s.SetProperty(m => m.State, OutboxState.Parked).SetProperty(m => m.LastError, "no-address"), cancel));
        return (story, letter, caseId);
    }

    private static async Task<ApiCaller> CallerAsync(TestApp app, string role, string division) => await ApiCaller.AsAsync(app, (await TestAccounts.OfficerAsync(app, null, new HeldRole(role, division))).UserName!);
}

/// <summary>The same on the desk, and the page of letters, in a real browser.</summary>
public sealed class CallPageTests(Browser browser) : IClassFixture<Browser>
{
    [BrowserTheory]
    [InlineData(360)]
    [InlineData(1440)]
    public async Task A_village_worker_calls_and_writes_it_down(int width)
    {
        await using var app = new TestApp();
        app.UseKestrel(0);
        app.StartServer();
        var (story, _, _) = await CallListTests.ParkedAsync(app);
        var worker = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.VillageWorker, story.Village));
        var administrator = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Administrator, "341299"));
        var page = await browser.PageAsync(width, app.ClientOptions.BaseAddress.ToString());
        await SignInAsync(page, administrator.UserName!, "/manage/mail");
        await Assertions.Expect(page.GetByText("没有登记邮箱").First).ToBeVisibleAsync();
        // Nothing is chosen beforehand: a click on the wrong button gives up no letter.
        await Assertions.Expect(page.Locator("input[name=ids][type=checkbox]")).Not.ToBeCheckedAsync();
        await LookAsync(page, $"mail-office-{width}");
        await page.GotoAsync("/manage/mail/preview?letter=rural-dibao/granted.mail&lang=zh");
        await LookAsync(page, $"mail-preview-{width}");
        await page.Context.ClearCookiesAsync();

        await SignInAsync(page, worker.UserName!, "/desk/calls");
        await page.GetByRole(AriaRole.Button, new() { Name = "显示电话和内容" }).First.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "13800000001" })).ToBeVisibleAsync();
        await LookAsync(page, $"calls-{width}");
        await page.GetByRole(AriaRole.Button, new() { Name = "已经告知" }).ClickAsync();
        await Assertions.Expect(page.GetByText("已记下：已经告知。")).ToBeVisibleAsync();

        var (organisation, letter) = await CallListTests.ReminderAsync(app);
        var clerk = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.OrganisationClerk, "341299"));
        await page.Context.ClearCookiesAsync();
        await SignInAsync(page, clerk.UserName!, "/desk/calls");
        await page.GetByRole(AriaRole.Button, new() { Name = "显示电话和内容" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "13800000021" })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText(organisation.Name).First).ToBeVisibleAsync();
        await LookAsync(page, $"calls-organisation-{width}");
        await page.Context.ClearCookiesAsync();
        await SignInAsync(page, administrator.UserName!, "/manage/mail");
        await page.GetByRole(AriaRole.Button, new() { Name = "重新发送本页全部 1 封" }).ClickAsync();
        await Assertions.Expect(page.GetByText("1 封信将重新发送")).ToBeVisibleAsync();
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        Assert.NotEqual(OutboxState.Parked, await db.Set<OutboxMessage>().Where(m => m.Id == letter.Id).Select(m => m.State).SingleAsync());
    }
}
