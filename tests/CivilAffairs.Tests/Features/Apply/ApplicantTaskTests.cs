using System.Net;
using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;

namespace CivilAffairs.Tests.Features.Apply;

/// <summary>The applicant keeps, moves or misses an appointment, and signs or does not, in their own pages; on both databases, with a matter that is data alone.</summary>
public sealed class ApplicantTaskTests
{
    private static readonly Viewer Clerk = CaseStory.Officer("tck-meeting", Roles.Clerk, "341299101");

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_appointment_is_moved_then_kept_and_the_agreement_is_signed(string kind)
    {
        await using var app = await StoryApps.StartAsync(kind);
        var (caseId, name, userName) = await FileAsync(app);
        using var person = await SignedIn.AsAsync(app, userName);
        await InviteAsync(app, caseId, "2026-02-10", "二楼会议室");
        var page = await TaskPageAsync(app, caseId);
        using (var shown = await person.PageAsync(page))
        {
            // What it is about stands above the question, as issued.
            Assert.Contains("2026年2月10日", shown.QuerySelector("article.document")!.TextContent, StringComparison.Ordinal);
            Assert.Contains("二楼会议室", shown.QuerySelector("article.document")!.TextContent, StringComparison.Ordinal);
            Assert.Equal(["确认，按时到场", "另约时间"], shown.QuerySelectorAll(".choice").Select(c => c.TextContent.Trim()));
            Assert.Null(shown.QuerySelector("#a-wished"));
        }
        using (var nothing = await person.SubmitAsync(page, [])) Assert.Contains("#outcome", await nothing.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        // Another time: asked which, on the same page and without a reproach; a day gone by is refused and stays typed.
        using (var more = await SignedIn.ReadAsync(await person.SubmitAsync(page, new() { ["outcome"] = "Reschedule" })))
        {
            Assert.NotNull(more.QuerySelector("#a-wished"));
            Assert.Null(more.QuerySelector(".summary"));
            using var past = await SignedIn.ReadAsync(await person.SendAsync(more, page, new() { ["a-wished"] = "2026-01-01" }));
            Assert.NotNull(past.QuerySelector(".summary a[href='#a-wished']"));
            Assert.Contains("2026", past.QuerySelector("#a-wished")!.GetAttribute("value"), StringComparison.Ordinal);
            using var moved = await person.SendAsync(past, page, new() { ["a-wished"] = "2026-02-12" });
            Assert.Equal($"/my/cases/{caseId}", moved.Headers.Location?.OriginalString);
        }
        Assert.Equal("2026-02-12", (string?)(await WrittenAsync(app, caseId, "appointment"))["wished"]);

        await InviteAsync(app, caseId, "2026-02-12", "一楼窗口");
        page = await TaskPageAsync(app, caseId);
        using (var shown = await person.PageAsync(page)) Assert.Contains("一楼窗口", Assert.Single(shown.QuerySelectorAll("article.document")).TextContent, StringComparison.Ordinal);
        using (var kept = await person.SubmitAsync(page, new() { ["outcome"] = "Attend" })) Assert.Equal(HttpStatusCode.Redirect, kept.StatusCode);

        var sign = await TaskPageAsync(app, caseId);
        using (var shown = await person.PageAsync(sign)) Assert.Contains("每季度接受一次探访", shown.QuerySelector("article.document")!.TextContent, StringComparison.Ordinal);
        using (var asked = await SignedIn.ReadAsync(await person.SubmitAsync(sign, new() { ["outcome"] = "Sign" })))
        {
            using var other = await SignedIn.ReadAsync(await person.SendAsync(asked, sign, new() { ["a-signature"] = "李四" }));
            Assert.Equal(["#a-read", "#a-signature"], other.QuerySelectorAll(".summary a").Select(a => a.GetAttribute("href")).Order());
            Assert.Equal("李四", other.QuerySelector("#a-signature")!.GetAttribute("value"));
            using var signed = await person.SendAsync(other, sign, new() { ["a-signature"] = name, ["a-read"] = "true" });
            Assert.Equal($"/my/cases/{caseId}", signed.Headers.Location?.OriginalString);
        }
        var written = await WrittenAsync(app, caseId, "sign");
        Assert.Equal((true, name), ((bool?)written["read"], (string?)written["signature"]));
        await using var db = Open(app);
        Assert.Equal("Registered", (await db.Set<Case>().SingleAsync(c => c.Id == caseId)).Status);
        Assert.NotNull((await db.Set<IssuedDocument>().SingleAsync(d => d.CaseId == caseId && d.Template == "agreement.html")).OpenedAt);
        Assert.Empty((await app.Services.GetRequiredService<CaseProof>().RunAsync()).Faults);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Who_does_not_sign_is_refused_and_nothing_more_is_asked_of_them(string kind)
    {
        await using var app = await StoryApps.StartAsync(kind);
        var (caseId, _, userName) = await FileAsync(app);
        using var person = await SignedIn.AsAsync(app, userName);
        await InviteAsync(app, caseId, "2026-02-10", "二楼");
        using (await person.SubmitAsync(await TaskPageAsync(app, caseId), new() { ["outcome"] = "Attend" })) { }
        using (var declined = await person.SubmitAsync(await TaskPageAsync(app, caseId), new() { ["outcome"] = "Decline" })) Assert.Equal($"/my/cases/{caseId}", declined.Headers.Location?.OriginalString);
        await using var db = Open(app);
        Assert.Equal("Refused", (await db.Set<Case>().SingleAsync(c => c.Id == caseId)).Status);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_is_not_answered_lapses_at_the_end_of_its_last_day_and_a_late_answer_is_told(string kind)
    {
        await using var app = await StoryApps.StartAsync(kind);
        foreach (var signing in (bool[])[false, true])
        {
            app.Clock.Put(new DateTimeOffset(2026, 2, 2, 1, 0, 0, TimeSpan.Zero));
            var (caseId, _, userName) = await FileAsync(app);
            await InviteAsync(app, caseId, "2026-02-10", "二楼");
            if (signing)
                using (var person = await SignedIn.AsAsync(app, userName))
                using (await person.SubmitAsync(await TaskPageAsync(app, caseId), new() { ["outcome"] = "Attend" })) { }
            var (path, last) = (await TaskPageAsync(app, caseId), await LastDayAsync(app, caseId));
            Assert.Equal(signing ? new DateOnly(2026, 2, 9) : new DateOnly(2026, 2, 5), last);
            var midnight = new DateTimeOffset(last.AddDays(1).ToDateTime(TimeOnly.MinValue), TimeSpan.FromHours(8));
            app.Clock.Put(midnight.AddSeconds(-1));
            await app.Services.GetRequiredService<CaseTimers>().FireDueAsync(100, default);
            using var late = await SignedIn.AsAsync(app, userName);
            using var open = await late.PageAsync(path);
            app.Clock.Put(midnight);
            await app.Services.GetRequiredService<CaseTimers>().FireDueAsync(100, default);
            using var answer = await late.SendAsync(open, path, new() { ["outcome"] = signing ? "Decline" : "Attend" });
            Assert.Equal($"/my/cases/{caseId}?late=true", answer.Headers.Location?.OriginalString);
            using var told = await late.PageAsync($"/my/cases/{caseId}?late=true");
            Assert.Contains("没有收下新的答复", told.QuerySelector("[role=status]")!.TextContent, StringComparison.Ordinal);
            await using var db = Open(app);
            Assert.Equal("Lapsed", (await db.Set<Case>().SingleAsync(c => c.Id == caseId)).Status);
            Assert.False(await db.Set<WorkTask>().AnyAsync(t => t.CaseId == caseId && t.State == TaskState.Open));
        }
    }

    [Fact]
    public void What_a_task_shows_must_be_a_document_of_the_matter()
    {
        var root = MeetingMatter.Write();
        var path = Path.Combine(root, MeetingMatter.Id, "form.json");
        File.WriteAllText(path, File.ReadAllText(path).Replace("\"shows\":[\"agreement.html\"]", "\"shows\":[\"gone.html\"]", StringComparison.Ordinal));
        var faults = MatterFolder.Load(Path.Combine(root, MeetingMatter.Id)).Faults;
        Directory.Delete(root, recursive: true);
        Assert.Contains(faults, f => f is { IsError: true, Path: "$.taskForms.sign.shows[0]" });
    }

    /// <summary>Publishes the matter and files a case of a new person.</summary>
    internal static async Task<(Guid CaseId, string Name, string UserName)> FileAsync(TestApp app)
    {
        var services = app.Services;
        var folder = MeetingMatter.Write();
        await County.WriteAsync(services.GetRequiredService<IWriter>());
        await services.GetRequiredService<DivisionDirectory>().RefreshAsync(default);
        Assert.Empty((await services.GetRequiredService<MatterLibrary>().PublishFoldersAsync(folder, default)).SelectMany(f => f.Value).Select(f => f.ToString()));
        Directory.Delete(folder, recursive: true);
        const string Name = "张三";
        var number = TestAccounts.IdNumber();
        var account = await TestAccounts.ApplicantAsync(app, number, Name);
        var (viewer, drafts) = (new Viewer(account.Id, Name, AccountKind.Applicant, [], account.PersonId), services.GetRequiredService<DraftCommands>());
        var id = await drafts.StartAsync(viewer, MeetingMatter.Id, Guid.NewGuid().ToString());
        await drafts.SaveSectionAsync(viewer, id, "person", new JsonObject { ["fullName"] = Name, ["card"] = number, ["village"] = "341299101201" });
        await drafts.SubmitAsync(viewer, id, Guid.NewGuid().ToString());
        return (id, Name, account.UserName!);
    }

    internal static async Task InviteAsync(TestApp app, Guid caseId, string day, string room)
    {
        await using var db = Open(app);
        var task = await db.Set<WorkTask>().SingleAsync(t => t.CaseId == caseId && t.State == TaskState.Open && t.Role == "TCK");
        var tasks = app.Services.GetRequiredService<TaskCommands>();
        await tasks.ClaimAsync(Clerk, task.Id);
        await tasks.CompleteAsync(Clerk, task.Id, "Done", new JsonObject { ["day"] = day, ["room"] = room }, Guid.NewGuid().ToString());
    }

    private static async Task<string> TaskPageAsync(TestApp app, Guid caseId)
    {
        await using var db = Open(app);
        return $"/my/cases/{caseId}/tasks/{await db.Set<WorkTask>().Where(t => t.CaseId == caseId && t.State == TaskState.Open && t.Role == "APP").Select(t => t.Id).SingleAsync()}";
    }

    private static async Task<DateOnly> LastDayAsync(StoryApp app, Guid caseId)
    {
        await using var db = Open(app);
        return (await db.Set<WorkTask>().SingleAsync(t => t.CaseId == caseId && t.State == TaskState.Open)).FinishBy!.Value;
    }

    private static async Task<JsonObject> WrittenAsync(StoryApp app, Guid caseId, string activity)
    {
        await using var db = Open(app);
        var content = await db.Set<CaseContent>().Where(c => c.CaseId == caseId && c.Kind == ContentKind.Task && c.ActivityId == activity).OrderByDescending(c => c.Number).FirstAsync();
        return (await app.Services.GetRequiredService<CaseVault>().OpenAsync(db, caseId)).OpenJson(content.Cipher, CaseContents.Purpose(ContentKind.Task, activity));
    }

    private static CivilAffairsDb Open(TestApp app) => app.Services.GetRequiredService<IReader>().Open();
}
