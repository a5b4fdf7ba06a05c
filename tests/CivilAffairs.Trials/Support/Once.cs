using System.Text.Json;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Trials.Support;

/// <summary>What holds of everything that the clock brings, whatever the clock did: nothing twice, and nothing half.</summary>
internal static class Once
{
    private static readonly string[] OfReminders =
    [
        "task-amber.mail", "task-red.mail", "applicant-task.mail", "case-amber.mail", "case-red.mail", "reverification-office.mail", "reverification-household.mail", "certificate-expiry.mail", "digest.mail", "supervision-due.mail", "supervision-late.mail",
    ];

    /// <returns>One line a fault; empty: everything happened once.</returns>
    public static async Task<IReadOnlyList<string>> FaultsAsync(CivilAffairsDb db)
    {
        var reminders = await db.Set<Reminder>().AsNoTracking().ToListAsync();
        var letters = await db.Set<OutboxMessage>().AsNoTracking().Where(m => m.Template != null && OfReminders.Contains(m.Template)).Select(m => m.Id).ToListAsync();
        var faults = Twice("reminded", reminders.Select(r => $"{r.SubjectId} {r.Stage} {r.RecipientId} {r.Contact}"))
            .Concat(Twice("a letter of two reminders", reminders.Where(r => r.MessageId is not null).Select(r => $"{r.MessageId}")))
            .Concat(letters.Except(reminders.Select(r => r.MessageId).OfType<Guid>()).Select(id => $"letter {id}: no reminder knows it"))
            .Concat(reminders.Select(r => r.MessageId).OfType<Guid>().Except(letters).Select(id => $"letter {id}: reminded of, and not there")).ToList();

        var audit = await db.Set<AuditEntry>().AsNoTracking().Where(a => a.Action == "timer.fired" || a.Action == "reverification.opened" || a.Action == "benefit.ended").ToListAsync();
        var fired = Ids(audit, "timer.fired", "timerId").ToList();
        faults.AddRange(Twice("fired", fired.Select(id => $"timer {id}")));
        var states = await db.Set<CaseTimer>().AsNoTracking().Where(t => t.State == TimerState.Fired).Select(t => t.Id).ToListAsync();
        faults.AddRange(states.Except(fired).Select(id => $"timer {id}: fired, and the audit does not say so"));
        faults.AddRange(fired.Except(states).Select(id => $"timer {id}: the audit says that it fired, and it did not"));

        faults.AddRange(Twice("verified", Ids(audit, "reverification.opened", "planId").Select(id => $"plan {id}")));
        faults.AddRange(Twice("ended", Ids(audit, "benefit.ended", "grantId").Select(id => $"benefit {id}")));
        var opened = await db.Set<PlannedReverification>().AsNoTracking().Where(p => p.OpenedCaseId != null).Select(p => p.OpenedCaseId!.Value).ToListAsync();
        var verifying = await db.Set<Case>().AsNoTracking().Where(c => c.OriginId != null && c.GrantId != null).Select(c => c.Id).ToListAsync();
        faults.AddRange(verifying.Except(opened).Select(id => $"case {id}: verifies what no plan opened"));
        var openings = await db.Set<CertificateOpening>().AsNoTracking().ToListAsync();
        faults.AddRange(Twice("opened", openings.Select(o => $"certificate {o.CertificateId} {o.Matter}")));
        var ofEnds = await db.Set<Case>().AsNoTracking().Where(c => c.Matter == "so-rectification").Select(c => c.Id).ToListAsync();
        faults.AddRange(ofEnds.Except(openings.Select(o => o.CaseId)).Select(id => $"case {id}: no certificate's end opened it"));
        return [.. faults, .. await db.VerifyAsync(default)];
    }

    public static IEnumerable<string> Twice(string what, IEnumerable<string> things) => things.GroupBy(t => t).Where(g => g.Count() > 1).Select(g => $"{g.Key}: {what} {g.Count()} times");

    public static IEnumerable<Guid> Ids(IEnumerable<AuditEntry> audit, string action, string name) =>
        audit.Where(a => a.Action == action).Select(a => JsonSerializer.Deserialize<JsonElement>(a.Details).GetProperty(name).GetGuid());
}
