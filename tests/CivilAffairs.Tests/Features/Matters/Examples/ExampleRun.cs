using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Tests.Features.Matters.Examples;

/// <summary>What replaying an example gave.</summary>
public sealed record ExampleRun(StepResult Last, IReadOnlyList<Effect> Effects, IReadOnlyList<JournalEvent> Journal, IReadOnlyList<string> Faults)
{
    public IEnumerable<string> Statuses => Effects.OfType<SetStatus>().Select(s => s.Status);
    /// <summary>A certificate is a document too.</summary>
    public IEnumerable<string> Documents => Effects.Select(e => e switch { IssueDocument d => d.Template, ChangeCertificate c => c.Template, _ => null }).OfType<string>();
    public IEnumerable<string> Mails => Effects.OfType<SendNotice>().Select(n => n.Template);
    public IEnumerable<string> Ran => Journal.Where(j => j.Event == "Started").Select(j => j.ActivityId);

    public IEnumerable<string> Notices => Effects.Select(e => e switch { PublishNotice n => n.Template, PublishResult r => r.Template, _ => null }).OfType<string>();

    public IEnumerable<ExpectedTask> Tasks => Effects.Where(e => e is CreateTask or CreateApplicantTask).GroupBy(e => e.BookmarkId).Select(seats => seats.First() switch
    {
        CreateTask task => new ExpectedTask { Activity = task.ActivityId, Role = task.Role, Level = task.Level, Seats = seats.Count(), StartBy = task.StartWithin.LastDay, FinishBy = task.FinishWithin.LastDay },
        var task => new ExpectedTask { Activity = task.ActivityId, Role = Roles.Applicant, FinishBy = ((CreateApplicantTask)task).FinishWithin.LastDay },
    });

    /// <summary>One line for each thing that is not as the example expects; empty where it went as written.</summary>
    public IReadOnlyList<string> Differences(ExampleExpectation expect)
    {
        ArgumentNullException.ThrowIfNull(expect);
        var found = new List<string>(Faults);
        found.AddRange(Last.Incidents.Select(i => $"{i.ActivityId} failed: {i.Message}"));
        Same("instance", Last.Status.ToString(), expect.Instance);
        Lists("statuses", Statuses, expect.Statuses);
        if (expect.Documents is { } documents) Lists("documents", Documents, documents);
        if (expect.Notices is { } notices) Lists("notices", Notices, notices);
        if (expect.Mails is { } mails) Lists("mails", Mails, mails);
        if (expect.Tasks is { } tasks) Lists("tasks", Tasks.Select(Line), tasks.Select(Line));
        var grant = Effects.OfType<GrantBenefit>().LastOrDefault();
        Same("amountFen", grant?.AmountFen, expect.AmountFen);
        Same("firstMonth", grant?.FirstMonth, expect.FirstMonth);
        Same("lastMonth", Effects.OfType<EndBenefit>().LastOrDefault()?.LastMonth, expect.LastMonth);
        Same("clockLastDay", Effects.OfType<SetCaseClock>().LastOrDefault(c => c.Action != "Stop")?.Limit?.LastDay, expect.ClockLastDay);
        found.AddRange((expect.Ran ?? []).Except(Ran).Select(a => $"{a} did not run"));
        found.AddRange((expect.NotRan ?? []).Intersect(Ran).Select(a => $"{a} ran"));
        return found;

        void Same(string what, object? got, object? wanted)
        {
            if (!Equals(got, wanted)) found.Add($"{what}: {got ?? "none"} instead of {wanted ?? "none"}");
        }

        void Lists(string what, IEnumerable<string> got, IEnumerable<string> wanted)
        {
            var (g, w) = (got.ToList(), wanted.ToList());
            for (var i = 0; i < Math.Max(g.Count, w.Count); i++) Same($"{what}[{i}]", g.ElementAtOrDefault(i), w.ElementAtOrDefault(i));
        }
    }

    private static string Line(ExpectedTask task) =>
        $"{task.Activity} {task.Role} {task.Level ?? "-"} seats {task.Seats}, start by {Day(task.StartBy)}, finish by {Day(task.FinishBy)}";

    private static string Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) ?? "-";
}
