using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Comparisons;
using CivilAffairs.Web.Features.Cases.Model;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Steps;

/// <summary>Grants, their changes, planned re-verifications and drawn samples.</summary>
internal sealed class BenefitEffects(ISampleDraw draw) : IEffectHandler
{
    public IReadOnlyList<Type> Effects { get; } =
        [typeof(GrantBenefit), typeof(AdjustBenefit), typeof(EndBenefit), typeof(ScheduleReverification), typeof(DrawSample)];

    public async ValueTask<JsonNode?> ApplyAsync(Effect effect, CaseStep step) => effect switch
    {
        GrantBenefit grant => await GrantAsync(grant, step).ConfigureAwait(false),
        AdjustBenefit adjust => Change(step, await GrantFinder.FindAsync(step, adjust.ActivityId, adjust.Benefit, adjust.Grant, adjust.FirstMonth).ConfigureAwait(false),
            new GrantChange
            {
                AmountFen = adjust.AmountFen, FromMonth = adjust.FirstMonth, Reason = adjust.Reason, Parameters = Frozen(step, adjust.ParameterKeys),
                Persons = (int?)adjust.Data?["members"], Category = (string?)adjust.Data?["category"],
            }),
        EndBenefit end => await EndAsync(end, step).ConfigureAwait(false),
        ScheduleReverification plan => await PlanAsync(plan, step).ConfigureAwait(false),
        DrawSample sample => Draw(sample, step),
        _ => null,
    };

    private static async Task<JsonNode?> GrantAsync(GrantBenefit effect, CaseStep step)
    {
        await CaseComparisons.RequireAsync(step, effect.Benefit, effect.FirstMonth).ConfigureAwait(false);
        var holder = await step.Db.Set<CaseParty>().Where(p => p.CaseId == step.Case.Id && p.Current && p.Role == PartyRole.Applicant).Select(p => (Guid?)p.PersonId).FirstOrDefaultAsync().ConfigureAwait(false);
        var grant = new Grant
        {
            CaseId = step.Case.Id, Matter = step.Case.Matter, Benefit = effect.Benefit, PersonId = holder, HolderName = step.Case.ApplicantName,
            County = step.Case.County, Township = step.Case.Township, Village = step.Case.Village, AmountFen = effect.AmountFen,
            Persons = (int?)effect.Data?["members"] ?? 1, Category = (string?)effect.Data?["category"], FirstMonth = effect.FirstMonth, LastMonth = effect.LastMonth,
            Parameters = Frozen(step, effect.ParameterKeys), OccurredOn = step.OccurredOn, RecordedAt = step.Now,
        };
        step.Db.Add(grant);
        return new JsonObject { ["grantId"] = grant.Id.ToString() };
    }

    private static JsonObject Change(CaseStep step, Grant grant, GrantChange change)
    {
        (change.GrantId, change.CaseId, change.OccurredOn, change.RecordedAt) = (grant.Id, step.Case.Id, step.OccurredOn, step.Now);
        step.Db.Add(change);
        return new JsonObject { ["grantId"] = grant.Id.ToString() };
    }

    /// <summary>Nothing is paid after the last month: the change counts from the month after it, and what was published hangs until then.</summary>
    private static async Task<JsonNode?> EndAsync(EndBenefit end, CaseStep step)
    {
        var from = end.LastMonth.AddMonths(1);
        var grant = await GrantFinder.FindAsync(step, end.ActivityId, end.Benefit, end.Grant, from).ConfigureAwait(false);
        grant.LastMonth = end.LastMonth;
        await PublishedResults.TakeDownAsync(step, grant.Id, from.AddDays(-1)).ConfigureAwait(false);
        return Change(step, grant, new GrantChange { FromMonth = from, Reason = end.Reason });
    }

    /// <summary>What is granted, or changed, rests on these values for good, whatever is set later.</summary>
    private static string Frozen(CaseStep step, IReadOnlyList<string> keys) => new JsonArray([.. keys.Select(k => (JsonNode)step.Parameters.Entry(k))]).ToJsonString();

    private static async Task<JsonNode?> PlanAsync(ScheduleReverification plan, CaseStep step)
    {
        // As for a change: what this case granted itself comes before what it is about.
        var grant = await GrantFinder.OwnIdAsync(step, plan.Benefit).ConfigureAwait(false) ?? step.Case.GrantId;
        step.Db.Add(new PlannedReverification
        {
            CaseId = step.Case.Id, GrantId = grant, Benefit = plan.Benefit, Workflow = plan.Workflow, DueOn = plan.DueOn, OccurredOn = step.OccurredOn, RecordedAt = step.Now,
        });
        return null;
    }

    private JsonObject Draw(DrawSample sample, CaseStep step)
    {
        var drawn = draw.Draw(step.Case.Id, sample.Sample);
        return new JsonObject { ["selected"] = drawn < sample.Percent, ["draw"] = drawn };
    }
}

/// <summary>Chance for samples 抽查: replaced in tests. The draw enters the journal, so a replay gives the same.</summary>
internal interface ISampleDraw
{
    /// <returns>0 inclusive to 100 exclusive, two decimals.</returns>
    decimal Draw(Guid caseId, string sample);
}

/// <summary>Cannot be foreseen or repeated by an officer.</summary>
internal sealed class RandomDraw : ISampleDraw
{
    public decimal Draw(Guid caseId, string sample) => System.Security.Cryptography.RandomNumberGenerator.GetInt32(10_000) / 100m;
}
