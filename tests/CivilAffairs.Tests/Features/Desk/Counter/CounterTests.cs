using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Features.Desk.Counter;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;

namespace CivilAffairs.Tests.Features.Desk.Counter;

/// <summary>Filing for somebody at the counter: who may, what is recorded, and that it happens once.</summary>
public sealed class CounterTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_case_filed_at_the_counter_records_both_persons(string kind)
    {
        var (app, story, clerk) = await StartAsync(kind);
        var (id, form) = await DraftAsync(app, story, clerk);
        await Get<CounterCommands>(app).SetEmailAsync(clerk, id, " someone@example.invalid ");
        var receipt = await Get<DraftCommands>(app).SubmitAsync(clerk, id, "once");

        await using var db = story.Open();
        var filed = await db.Set<Case>().SingleAsync(c => c.Id == id);
        Assert.Equal((Channel.Counter, clerk.AccountId, (Guid?)null, receipt.Number), (filed.Channel, filed.FiledById!.Value, filed.ApplicantAccountId, filed.Number));
        var person = await db.FindPersonAsync(Get<KeyRing>(app), (string)form["applicant"]!["idNumber"]!);
        Assert.Equal(person!.Id, (await db.Set<CaseParty>().SingleAsync(p => p.CaseId == id && p.Role == PartyRole.Applicant)).PersonId);
        Assert.Equal("someone@example.invalid", person.Email(Get<FieldCipher>(app)));
        var line = await db.Set<AuditEntry>().SingleAsync(a => a.Chain == id.ToString() && a.Action == "case.submitted");
        Assert.Equal(clerk.AccountId, line.ActorId);
        Assert.Contains(person.Id.ToString(), line.Details, StringComparison.Ordinal);
        Assert.False(await db.Set<CaseContent>().AnyAsync(c => c.CaseId == id && c.Kind == ContentKind.Contact));
        Assert.Empty(await db.VerifyAsync(default));
        Assert.NotNull(await Get<CounterQuery>(app).ReceiptAsync(clerk, id));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Sent_twice_at_once_it_is_filed_once(string kind)
    {
        var (app, story, clerk) = await StartAsync(kind);
        var (id, _) = await DraftAsync(app, story, clerk);
        var drafts = Get<DraftCommands>(app);
        var receipts = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => drafts.SubmitAsync(clerk, id, $"counter.{id:N}")));
        Assert.Single(receipts.Distinct());
        await using var db = story.Open();
        Assert.Equal(1, await db.Set<AuditEntry>().CountAsync(a => a.Chain == id.ToString() && a.Action == "case.submitted"));
        // Begun twice by one page, it is one draft.
        Assert.Equal(await drafts.StartAsync(clerk, "rural-dibao", "page"), await drafts.StartAsync(clerk, "rural-dibao", "page"));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Only_the_roles_that_the_matter_names_file_and_only_where_they_are_posted(string kind)
    {
        var (app, story, clerk) = await StartAsync(kind);
        var drafts = Get<DraftCommands>(app);
        foreach (var role in Roles.All.Where(r => r != Roles.Clerk))
        {
            var refused = await Assert.ThrowsAsync<NotAllowedException>(() => drafts.StartAsync(Officer(role, story.Township), "rural-dibao", Guid.NewGuid().ToString()));
            Assert.Equal("draft.clerkOnly", refused.Reason);
        }
        // A colleague in the same office neither sees nor changes the draft; the owner's list has it.
        var (id, _) = await DraftAsync(app, story, clerk);
        var colleague = Officer(Roles.Clerk, story.Township);
        await Assert.ThrowsAsync<UnknownCaseException>(() => drafts.SaveSectionAsync(colleague, id, "applicant", new JsonObject()));
        await Assert.ThrowsAsync<UnknownCaseException>(() => Get<CounterQuery>(app).OpenAsync(colleague, id));
        await Assert.ThrowsAsync<UnknownCaseException>(() => Get<CounterCommands>(app).IdentifyAsync(colleague, id, TestAccounts.IdNumber()));
        Assert.DoesNotContain((await Get<CounterQuery>(app).ReadAsync(colleague, 1)).Drafts, d => d.Id == id);
        Assert.Contains((await Get<CounterQuery>(app).ReadAsync(clerk, 1)).Drafts, d => d.Id == id && d.ApplicantName.Length > 0);
        // Another township's household is sent to its own office, by the field it concerns.
        var stranger = Officer(Roles.Clerk, "341299999");
        var (elsewhere, _) = await DraftAsync(app, story, stranger);
        var wrong = await Assert.ThrowsAsync<InvalidAnswersException>(() => drafts.SubmitAsync(stranger, elsewhere, "x"));
        var fault = Assert.Single(wrong.Faults);
        Assert.Equal("applicant.hukouDivision", fault.Path);
        Assert.Contains("测试镇", fault.Zh, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Who_is_known_is_found_by_number_and_the_look_up_is_written_down(string kind)
    {
        var (app, story, clerk) = await StartAsync(kind);
        var (commands, number) = (Get<CounterCommands>(app), TestAccounts.IdNumber());
        await TestAccounts.ApplicantAsync(app, number, "李四", "13800001111", "lisi@example.invalid");
        var id = await Get<DraftCommands>(app).StartAsync(clerk, "rural-dibao", Guid.NewGuid().ToString());
        Assert.Equal(new KnownPerson("李四", number, "13800001111", true, null), await commands.IdentifyAsync(clerk, id, number.ToLowerInvariant()));
        Assert.Null(await commands.IdentifyAsync(clerk, id, TestAccounts.IdNumber()));
        await using var db = story.Open();
        Assert.Equal(2, await db.Set<AuditEntry>().CountAsync(a => a.Chain == id.ToString() && a.Action == "counter.identified" && a.ActorId == clerk.AccountId));
        // Somebody whose case still runs is told of at once, not after the form is filled in.
        var (first, form) = await DraftAsync(app, story, clerk);
        var receipt = await Get<DraftCommands>(app).SubmitAsync(clerk, first, "first");
        Assert.Equal(receipt.Number, (await commands.IdentifyAsync(clerk, id, (string)form["applicant"]!["idNumber"]!))!.OpenCase);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_correction_is_recorded_by_whoever_sits_at_the_counter_of_that_office(string kind)
    {
        var (app, story, clerk) = await StartAsync(kind);
        var (id, _) = await DraftAsync(app, story, clerk);
        await Get<DraftCommands>(app).SubmitAsync(clerk, id, "filed");
        await using var db = story.Open();
        var accept = await db.Set<WorkTask>().SingleAsync(t => t.CaseId == id && t.State == TaskState.Open);
        await Get<TaskCommands>(app).CompleteAsync(clerk, accept.Id, "Correct", new JsonObject { ["defects"] = "缺少户口簿复印件" }, "correct");
        var (counter, colleague) = (Get<CounterQuery>(app), Officer(Roles.Clerk, story.Township));
        Assert.Contains((await counter.ReadAsync(colleague, 1)).Waiting, w => w.CaseId == id);
        var (application, _) = await counter.OpenAsync(colleague, id);
        Assert.Equal("缺少户口簿复印件", application.Defects);
        await Get<DraftCommands>(app).SaveSectionAsync(colleague, id, "applicant", application.Answers.Data["applicant"]);
        foreach (var other in new[] { Officer(Roles.Clerk, "341299999"), Officer(Roles.TownshipReviewer, story.Township), Officer(Roles.Supervisor, "341299") })
        {
            Assert.True(await Record.ExceptionAsync(() => counter.OpenAsync(other, id)) is UnknownCaseException or NotAllowedException);
            Assert.True(await Record.ExceptionAsync(() => Get<DraftCommands>(app).SaveSectionAsync(other, id, "applicant", null)) is UnknownCaseException or NotAllowedException);
        }
        await Get<TaskCommands>(app).CompleteAsync(colleague, application.Correction!.Id, "Resubmitted", [], "resubmitted");
        await Assert.ThrowsAsync<NotAllowedException>(() => counter.OpenAsync(colleague, id));
    }

    private async Task<(TestApp App, CaseStory Story, Viewer Clerk)> StartAsync(string kind)
    {
        var app = await databases.GetAsync(kind);
        var story = new CaseStory(app);
        return (app, story, Officer(Roles.Clerk, story.Township));
    }

    /// <summary>The example's application typed in at a counter, complete and not filed.</summary>
    private static async Task<(Guid Id, JsonObject Form)> DraftAsync(TestApp app, CaseStory story, Viewer clerk)
    {
        var fresh = new CaseStory(app);
        var prepared = await fresh.PrepareAsync("granted");
        // Somebody new each time, in this story's township.
        await story.PrepareAsync("granted");
        var form = JsonNode.Parse(prepared.Form.ToJsonString().Replace(fresh.Village, story.Village, StringComparison.Ordinal))!.AsObject();
        var (drafts, files) = (Get<DraftCommands>(app), Get<FileCommands>(app));
        var id = await drafts.StartAsync(clerk, "rural-dibao", Guid.NewGuid().ToString());
        foreach (var (section, value) in form) await drafts.SaveSectionAsync(clerk, id, section, value);
        var (application, _) = await Get<CounterQuery>(app).OpenAsync(clerk, id);
        foreach (var wanted in application.Form.Attachments(application.Answers).Where(a => a.Required)) await files.AttachAsync(clerk, id, wanted.Attachment.Id, "扫描件.png", SamplePicture.Png);
        return (id, form);
    }

    private static Viewer Officer(string role, string division) => new(Guid.NewGuid(), "干部", AccountKind.Officer, [new HeldRole(role, division)]);
    private static T Get<T>(TestApp app) where T : notnull => app.Services.GetRequiredService<T>();
}
