using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Apply;

/// <summary>A filed case as its applicant sees it.</summary>
/// <param name="Asked">What is asked of the applicant now, most urgent first.</param>
/// <param name="StepDueOn">Last day of the offices' present step; null: none is known.</param>
/// <param name="Documents">Those that are delivered to the applicant, newest first.</param>
/// <param name="Grants">What the case brought.</param>
/// <param name="Decision">The last one made, which holds until another supersedes it; null: none yet.</param>
/// <param name="Answers">For the forms of the applicant's tasks.</param>
/// <param name="KeyDates">Days that the matter wants its parties to know.</param>
/// <param name="MayWithdraw">Whether the definition lets the viewer withdraw it now.</param>
/// <param name="UsualWorkDays">How long such cases usually take from acceptance to the decision; null: too few were decided, or this one is.</param>
public sealed record CaseView(Case Case, MatterRevision Revision, CaseStory Story, IReadOnlyList<WorkTask> Asked, DateOnly? StepDueOn,
    IReadOnlyList<IssuedDocument> Documents, IReadOnlyList<PaidGrant> Grants, CaseDecision? Decision, FormAnswers Answers, Division? Office, int? UsualWorkDays, IReadOnlyList<ReadKeyDate> KeyDates, bool MayWithdraw)
{
    /// <summary>A decided case that was reopened and is not decided anew, whatever step the review is at.</summary>
    public bool IsUnderReview => Case.DecidedAt is null && Decision is not null;

    /// <summary>Messages of the office's that nobody of the parties read yet.</summary>
    public int Unread { get; init; }

    /// <summary>Who acts for the applicant 代理人, masked unless it is the viewer; null: nobody does.</summary>
    public ActingAgent? Agent { get; init; }

    /// <summary>Why it was withdrawn, in the party's words; null: it was not, or nobody said.</summary>
    public string? WithdrawalReason { get; init; }

    /// <summary>Nobody applied for it: it looks again at what the household receives.</summary>
    public bool IsReverification => Case is { Channel: Channel.Office, GrantId: not null };

    /// <summary>Of a re-verification that stops the benefit: the last month paid, as its first day. It may lie ahead 渐退.</summary>
    public DateOnly? PaidUntil { get; init; }

    /// <summary>Of a re-verification: the amount that it decided; null: nothing is decided, or it stops the benefit.</summary>
    public PaidFrom? Amount { get; init; }
}

/// <param name="AmountFen">A month, as it is now.</param>
public sealed record PaidGrant(Grant Grant, long AmountFen)
{
    /// <summary>What was decided for a later month; null: nothing.</summary>
    public PaidFrom? Later { get; init; }
}

/// <param name="Month">Its first day.</param>
/// <param name="AmountFen">A month, from then on.</param>
public sealed record PaidFrom(DateOnly Month, long AmountFen);

/// <param name="Name">Masked.</param>
/// <param name="Mine">The viewer is the agent.</param>
/// <param name="Until">Last day of the authority; null: it has none.</param>
public sealed record ActingAgent(string Name, bool Mine, DateOnly? Until, bool MayWithdraw);

internal sealed class CaseViews(IReader reader, MatterLibrary library, CaseVault vault, DivisionDirectory divisions, UsualTime usual, Withdrawals withdrawals, IWorkflowEngine engine, TimeProvider time)
{
    /// <exception cref="UnknownCaseException">There is none for this viewer, or it is still a draft.</exception>
    public async Task<CaseView> OpenAsync(Viewer viewer, Guid id, CancellationToken cancel)
    {
        await using var db = reader.Open();
        var @case = await db.Set<Case>().Where(c => c.Status != "Draft").OneVisibleTo(db, viewer, id).FirstOrDefaultAsync(cancel) ?? throw new UnknownCaseException();
        var revision = await library.RevisionAsync(@case.Revision, cancel);
        var open = await db.Set<WorkTask>().Where(t => t.CaseId == id && t.State == TaskState.Open).ToListAsync(cancel);
        var documents = await db.Set<IssuedDocument>().Where(d => d.CaseId == id && d.Deliver).OrderByDescending(d => d.IssuedAt).ThenByDescending(d => d.Id).ToListAsync(cancel);
        var parameters = await EffectiveParameters.OnAsync(db, revision, time.Today(), @case.Township ?? @case.County, cancel);
        var cipher = await vault.OpenAsync(db, id, cancel);
        var form = await CaseContents.FormAsync(db, id, cipher, cancel);
        var asked = open.Where(t => t.Role == Roles.Applicant).OrderBy(t => t.FinishBy ?? DateOnly.MaxValue).ToList();
        // While the applicant is asked, nobody else holds things up.
        var step = asked.Count > 0 ? null : open.Max(t => t.FinishBy);
        var agent = await AgentAsync(db, viewer, id, cancel);
        return new CaseView(@case, revision, await CaseStory.ReadAsync(db, @case, revision, cancel), asked, step, documents,
            await GrantsAsync(db, id, cancel), await Decisions.LastAsync(db, id), new FormAnswers(form, parameters.Values, time.Today()), divisions.Find(@case.Township) ?? divisions.County,
            @case.DecidedAt is null ? await usual.OfAsync(@case.Matter, cancel) : null,
            await KeyDates.ReadAsync(db, @case, revision, library, engine, cancel), agent is not { Mine: true, MayWithdraw: false } && await withdrawals.AreOpenAsync(db, @case, revision, cipher, parameters, cancel))
        {
            Agent = agent,
            Unread = await db.Set<CaseMessage>().CountAsync(m => m.CaseId == id && m.Side == MessageSide.Office && m.ReadAt == null, cancel),
            PaidUntil = @case.GrantId is { } verified && @case.Channel == Channel.Office ? await db.Set<Grant>().Where(g => g.Id == verified).Select(g => g.LastMonth).FirstOrDefaultAsync(cancel) : null,
            Amount = Last(await db.Set<GrantChange>().Where(c => c.CaseId == id && c.AmountFen != null).ToListAsync(cancel)),
            WithdrawalReason = await Withdrawals.ReasonAsync(db, id, cipher, cancel),
        };
    }

    private static async Task<ActingAgent?> AgentAsync(CivilAffairsDb db, Viewer viewer, Guid id, CancellationToken cancel)
    {
        var found = await db.Set<CaseParty>().Where(p => p.CaseId == id && p.Current && p.Role == PartyRole.Agent)
            .Join(db.Set<Person>(), p => p.PersonId, p => p.Id, (party, person) => new { party.PersonId, person.Name, party.SeesUntil, party.NoWithdrawal }).FirstOrDefaultAsync(cancel);
        return found is null ? null : new ActingAgent(CivilAffairs.Engine.Rules.Mask.Name(found.Name), found.PersonId == viewer.PersonId, found.SeesUntil, !found.NoWithdrawal);
    }

    /// <summary>With the amounts that are paid now, whatever case changed them.</summary>
    private async Task<IReadOnlyList<PaidGrant>> GrantsAsync(CivilAffairsDb db, Guid id, CancellationToken cancel)
    {
        var grants = await db.Set<Grant>().Where(g => g.CaseId == id).OrderBy(g => g.FirstMonth).Take(20).ToListAsync(cancel);
        var states = await GrantStates.InAsync(db, grants, time.Today(), cancel);
        var (ids, today) = (grants.ConvertAll(g => g.Id), time.Today());
        var later = ids.Count == 0 ? [] : await db.Set<GrantChange>().Where(c => ids.Contains(c.GrantId) && c.FromMonth > today && c.AmountFen != null).ToListAsync(cancel);
        return grants.ConvertAll(g => new PaidGrant(g, states[g.Id].AmountFen) { Later = Last(later.FindAll(c => c.GrantId == g.Id)) is { } then && then.AmountFen != states[g.Id].AmountFen ? then : null });
    }

    /// <summary>Of changes for one month the one recorded last counts.</summary>
    private static PaidFrom? Last(List<GrantChange> changes) =>
        changes.OrderBy(c => c.FromMonth).ThenBy(c => c.RecordedAt).LastOrDefault() is { AmountFen: { } fen } last ? new PaidFrom(last.FromMonth, fen) : null;
}
