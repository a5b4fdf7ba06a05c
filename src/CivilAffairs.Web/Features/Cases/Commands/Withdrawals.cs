using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Commands;

/// <summary>
/// Whether a case could be withdrawn 撤回 now: the definition alone knows until when. A step is a pure function, so it is
/// taken and its result thrown away.
/// </summary>
internal sealed class Withdrawals(IWorkflowEngine engine, MatterLibrary library, Calendars calendars, TimeProvider time)
{
    /// <summary>The event that definitions wait for.</summary>
    public const string Event = "Withdraw";
    private const string Withdrawn = "Withdrawn";

    /// <summary>Characters of a reason.</summary>
    public const int LongestReason = 500;

    /// <summary>Why a case was withdrawn, as the party wrote it; null: it was not, or nobody said.</summary>
    public static async Task<string?> ReasonAsync(CivilAffairsDb db, Guid caseId, CaseCipher cipher, CancellationToken cancel)
    {
        var stored = await db.Set<CaseContent>().AsNoTracking().Where(c => c.CaseId == caseId && c.Kind == ContentKind.Withdrawal).OrderByDescending(c => c.Number).FirstOrDefaultAsync(cancel).ConfigureAwait(false);
        return stored is null ? null : (string?)cipher.OpenJson(stored.Cipher, CaseContents.Purpose(ContentKind.Withdrawal, null))["reason"];
    }

    /// <param name="revision">The case's.</param>
    /// <param name="cipher">Of the case: the definition may ask its facts.</param>
    /// <param name="parameters">In force today.</param>
    public async Task<bool> AreOpenAsync(CivilAffairsDb db, Case @case, MatterRevision revision, CaseCipher cipher, EffectiveParameters parameters, CancellationToken cancel = default)
    {
        if (@case is not { DecidedAt: null, ClosedAt: null } || @case.Channel == Channel.Office || @case.Status is "Draft" or Case.UnderReview) return false;
        var instance = await db.Set<WorkflowInstance>().AsNoTracking().Where(i => i.CaseId == @case.Id && i.Status == nameof(InstanceStatus.Suspended)).OrderBy(i => i.Id).FirstOrDefaultAsync(cancel).ConfigureAwait(false);
        if (instance is null || await Decisions.LastAsync(db, @case.Id).ConfigureAwait(false) is not null) return false;
        var facts = await db.Set<CaseContent>().AsNoTracking().Where(c => c.CaseId == @case.Id && c.Kind == ContentKind.Facts).OrderByDescending(c => c.Number).FirstOrDefaultAsync(cancel).ConfigureAwait(false);
        var input = new StepInput(new EventTrigger(Event, null), time.GetUtcNow(), "withdrawal")
        {
            InstanceId = instance.Id.ToString("N"), Parameters = parameters.Values, Calendar = calendars.Working,
            Facts = facts is null ? new Dictionary<string, JsonNode?>() : CaseContents.OpenFacts(cipher, facts.Cipher).Facts.ToDictionary(f => f.Key, f => f.Value),
        };
        var result = engine.Step(library.Definition(revision, instance.Workflow), new WorkflowState(instance.State), input);
        return result.Effects.OfType<SetStatus>().LastOrDefault()?.Status == Withdrawn;
    }
}
