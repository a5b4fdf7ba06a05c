using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Web;
using CivilAffairs.Web.Features.Documents;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Documents;
using CivilAffairs.Web.Platform.Jobs;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;
using Xunit;

namespace CivilAffairs.Tests.Features.Cases;

/// <summary>A machine on which papers take too long decides all the same, or says that it could not and keeps everything; on both databases.</summary>
public sealed class SlowPaperTests
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_document_that_takes_too_long_stops_no_decision_and_is_made_later(string kind)
    {
        var clock = new PaperClock();
        await using var app = new SlowPaperApp(await Databases.FreshAsync(kind), clock);
        var story = new CaseStory(app);
        clock.Slow = int.MaxValue;
        // Accepted, which issues its notice, and no further.
        var caseId = await story.PlayAsync("granted", story.Revision.Examples["granted.json"].Answers["accept"][0].At!.Value.AddHours(1));
        await using var db = story.Open();
        var issued = await db.Set<IssuedDocument>().SingleAsync(d => d.CaseId == caseId);
        Assert.Equal(("acceptance-notice.html", true, (string?)null), (issued.Template, issued.Number.Length > 0, issued.PdfHash));

        // Whoever opens it is asked to come back, and nothing is noted.
        var files = app.Services.GetRequiredService<DocumentFiles>();
        var refused = await Assert.ThrowsAsync<SlowRenderingException>(async () => await files.PdfAsync(story.Applicant, await files.FindAsync(story.Applicant, issued.Id)));
        await Assert.ThrowsAsync<SlowRenderingException>(async () => await files.HtmlAsync(story.Applicant, await files.FindAsync(story.Applicant, issued.Id)));
        using (var scope = app.Services.CreateScope()) Assert.Equal((503, "busy"), (scope.ServiceProvider.GetRequiredService<Refusals>().Of(refused)!.Status, scope.ServiceProvider.GetRequiredService<Refusals>().Of(refused)!.Code));
        // The job passes it by, and makes it when it can.
        var job = app.Services.GetServices<IJob>().Single(j => j.Id == "documents");
        Assert.Equal(0, await job.RunAsync(default));
        Assert.Equal((null, null), await db.Set<IssuedDocument>().Where(d => d.Id == issued.Id).Select(d => new ValueTuple<string?, DateTimeOffset?>(d.PdfHash, d.OpenedAt)).SingleAsync());
        clock.Slow = 0;
        Assert.Equal(1, await job.RunAsync(default));
        Assert.StartsWith("%PDF", System.Text.Encoding.ASCII.GetString(await files.PdfAsync(story.Applicant, await files.FindAsync(story.Applicant, issued.Id)), 0, 4), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_notice_that_takes_too_long_leaves_its_decision_to_be_sent_again(string kind)
    {
        var clock = new PaperClock();
        await using var app = new SlowPaperApp(await Databases.FreshAsync(kind), clock);
        var story = new CaseStory(app);
        clock.Slow = int.MaxValue;
        // The opinion posts the notice.
        await Assert.ThrowsAsync<SlowRenderingException>(() => story.PlayAsync("granted"));
        await using var db = story.Open();
        var task = await db.Set<WorkTask>().SingleAsync(t => t.State == TaskState.Open);
        var version = await db.Set<Case>().Where(c => c.Id == task.CaseId).Select(c => c.Version).SingleAsync();
        Assert.Equal("opinion", task.ActivityId);
        var example = story.Revision.Examples["granted.json"].Answers[task.ActivityId][0];
        var fields = example.Result!.DeepClone().AsObject();
        var outcome = (string)fields["outcome"]!;
        fields.Remove("outcome");
        var (tasks, officer) = (app.Services.GetRequiredService<TaskCommands>(), CaseStory.Officer(example.By!, task.Role, task.Division));
        Task<TaskResult> Decide() => tasks.CompleteAsync(officer, task.Id, outcome, fields, "the-opinion");

        await Assert.ThrowsAsync<SlowRenderingException>(Decide);
        Assert.Equal((TaskState.Open, version, 0, 0), (await db.Set<WorkTask>().Where(t => t.Id == task.Id).Select(t => t.State).SingleAsync(), await db.Set<Case>().Where(c => c.Id == task.CaseId).Select(c => c.Version).SingleAsync(),
            await db.Set<PublicNotice>().CountAsync(), await db.Set<CommandRecord>().CountAsync(c => c.Key == "the-opinion")));
        clock.Slow = 0;
        var done = await Decide();
        Assert.Equal(done, await Decide());
        Assert.Contains("<", (await db.Set<PublicNotice>().SingleAsync()).Html, StringComparison.Ordinal);
    }

    [Fact]
    public void One_paper_that_is_slow_holds_up_no_other_case()
    {
        Assert.True(JobFaults.IsItsOwn(new SlowRenderingException(TimeSpan.FromSeconds(5))));
        Assert.False(JobFaults.IsItsOwn(new BusyException()));
    }
}
