using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Supervision;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Demo;

/// <summary>Three supervision orders 督办 of Development's county: one answered and closed, one late, one open.</summary>
internal static class DemoSupervision
{
    /// <remarks>Each command has a key of its own: begun again after a kill, none is given twice.</remarks>
    public static async Task RunAsync(IServiceProvider services, IReader reader, IWriter writer, DemoSeats seats, StoryDays days, DateTimeOffset now, CancellationToken cancel)
    {
        var (leader, supervisor) = (seats.Of(Roles.Leader), seats.Of(Roles.Supervisor));
        var today = BureauTime.Day(now);
        // The hours of the bureau, on working days that are over.
        DateTimeOffset At(int workdays, int hour) => BureauTime.Start(days.Add(today, workdays)).AddHours(hour);
        await using var db = reader.Open();
        var since = At(-8, 0);
        var taken = await db.Set<SupervisionOrder>().Select(o => o.CaseId).ToListAsync(cancel);
        var waiting = await db.Set<WorkTask>().Where(t => t.State == TaskState.Open && t.Role != Roles.Applicant && db.Set<Case>().Any(c => c.Id == t.CaseId && c.ClosedAt == null && c.DecidedAt == null && c.SubmittedAt < since && c.Township != null))
            .OrderBy(t => t.CreatedAt).ThenBy(t => t.Id).Take(100).ToListAsync(cancel);
        // A repeat finds the same cases, since they were the first then too.
        var cases = waiting.GroupBy(t => t.CaseId).Where(g => g.All(t => Answering(t) is not null)).Select(g => g.First()).Take(3).ToList();
        if (taken.Count >= 3 || cases.Count < 3) return;

        await Said(At(-8, 10)).IssueAsync(leader, cases[0].CaseId, "当事人来访反映一直没有消息。请查明卡在哪个环节，按期办理并电话告知。", days.Add(today, -3), Key("issue", 0), cancel);
        var closed = await IdAsync(cases[0].CaseId);
        await Said(At(-5, 15)).AnswerAsync(Answering(cases[0])!, closed, "材料已核对，正在走下一环节；已电话告知当事人预计办结时间。", 1, Key("answer", 0), cancel);
        await Said(At(-4, 9)).CloseAsync(leader, closed, "同意。", 2, Key("close", 0), cancel);
        await Said(At(-6, 11)).IssueAsync(supervisor, cases[1].CaseId, "该件停留时间较长，请说明原因和下一步安排。", days.Add(today, -2), Key("issue", 1), cancel);
        await Said(At(-1, 14)).IssueAsync(supervisor, cases[2].CaseId, "请核实办理进度，本周内反馈。", days.Add(today, 4), Key("issue", 2), cancel);

        SupervisionCommands Said(DateTimeOffset at) => new(new CommandRunner(writer, new StoryClock(at)), services.GetRequiredService<CaseVault>(), services.GetRequiredService<Calendars>());
        Viewer? Answering(WorkTask task) => seats.Officers.FirstOrDefault(o => task.HolderId is { } holder ? o.AccountId == holder && o.Holds(task.Role, task.Division) : o.Holds(task.Role, task.Division));
        Task<Guid> IdAsync(Guid caseId) => db.Set<SupervisionOrder>().Where(o => o.CaseId == caseId).OrderByDescending(o => o.IssuedAt).Select(o => o.Id).FirstAsync(cancel);
        string Key(string what, int which) => $"demo.supervision.{what}.{which}";
    }
}
