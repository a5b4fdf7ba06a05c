using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Desk.Absences;

/// <summary>Absences that concern an officer: their own, those they stand in for, and those of whom they lead.</summary>
internal sealed class AbsenceQuery(IReader reader, TimeProvider time)
{
    /// <summary>Absences are told of for so many days after their last.</summary>
    internal const int Remembered = 90;

    public async Task<AbsenceView> ReadAsync(Viewer viewer, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        var (today, me) = (time.Today(), viewer.AccountId);
        var since = today.AddDays(-Remembered);
        await using var db = reader.Open();
        var led = (await AbsenceRules.InAsync(db, [.. AbsenceRules.Leading(viewer)], today, cancel).ConfigureAwait(false)).FindAll(o => AbsenceRules.Leads(viewer, o.Id, o.Held));
        var officers = led.ConvertAll(o => o.Id);
        var rows = await db.Set<Absence>().Where(a => a.To >= since && (a.AccountId == me || a.DeputyId == me || EF.Parameter(officers).Contains(a.AccountId)))
            .OrderByDescending(a => a.From).ThenBy(a => a.Id).Take(AbsenceRules.Most)
            .Join(db.Users, a => a.AccountId, u => u.Id, (a, u) => new { Absence = a, Officer = u.DisplayName }).Join(db.Users, a => a.Absence.DeputyId, u => u.Id, (a, u) => new { a.Absence, a.Officer, Deputy = u.DisplayName })
            .ToListAsync(cancel).ConfigureAwait(false);
        var lines = rows.ConvertAll(r => new AbsenceLine(r.Absence.Id, r.Absence.AccountId, r.Officer, r.Absence.DeputyId, r.Deputy, r.Absence.From, r.Absence.To, StateOf(r.Absence, today), r.Absence.BeyondPosts,
            StateOf(r.Absence, today) is AbsenceState.Planned or AbsenceState.Now && (r.Absence.AccountId == me || officers.Contains(r.Absence.AccountId))));
        return new AbsenceView(lines, led, today);
    }

    /// <summary>Who may stand in for an officer: those whose posts cover theirs; for a leader all in the leader's places, each with whether they do.</summary>
    public async Task<IReadOnlyList<PossibleDeputy>> DeputiesAsync(Viewer viewer, Guid officer, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        var today = time.Today();
        await using var db = reader.Open();
        if (await AbsenceRules.FindAsync(db, officer, today, today).ConfigureAwait(false) is not { Held.Count: > 0 } absent) return [];
        var leads = AbsenceRules.Leads(viewer, officer, absent.Held);
        if (officer != viewer.AccountId && !leads) return [];
        var county = absent.Held[0].Division[..6];
        var all = await AbsenceRules.InAsync(db, leads ? [.. AbsenceRules.Leading(viewer), county] : [county], today, cancel).ConfigureAwait(false);
        return [.. all.Where(o => o.Id != officer).Select(o => new PossibleDeputy(o.Id, o.Name, AbsenceRules.Cover(o.Held, absent.Held))).Where(o => o.Covers || leads).OrderByDescending(o => o.Covers)];
    }

    private static AbsenceState StateOf(Absence absence, DateOnly today) => absence.EndedAt is not null ? AbsenceState.Ended
        : absence.To < today ? AbsenceState.Over : absence.From > today ? AbsenceState.Planned : AbsenceState.Now;
}

/// <summary>Ended: before its last day. Over: it ran out.</summary>
public enum AbsenceState { Planned, Now, Ended, Over }

/// <param name="MayEnd">By the viewer, now.</param>
internal sealed record AbsenceLine(Guid Id, Guid OfficerId, string Officer, Guid DeputyId, string Deputy, DateOnly From, DateOnly To, AbsenceState State, bool BeyondPosts, bool MayEnd);

/// <param name="Led">Officers whose absence the viewer may record too; empty: the viewer leads nobody.</param>
internal sealed record AbsenceView(IReadOnlyList<AbsenceLine> Lines, IReadOnlyList<Staffed> Led, DateOnly Today);

/// <param name="Covers">By their own posts; else only the leader may name them.</param>
internal sealed record PossibleDeputy(Guid Id, string Name, bool Covers);
