using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Model;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Steps;

/// <summary>Grants, their changes, planned re-verifications, register lines and drawn samples.</summary>
internal sealed class BenefitEffects(ISampleDraw draw) : IEffectHandler
{
    public IReadOnlyList<Type> Effects { get; } =
        [typeof(GrantBenefit), typeof(AdjustBenefit), typeof(EndBenefit), typeof(ScheduleReverification), typeof(WriteRegisterEntry), typeof(DrawSample)];

    public async ValueTask<JsonNode?> ApplyAsync(Effect effect, CaseStep step) => effect switch
    {
        GrantBenefit grant => await GrantAsync(grant, step).ConfigureAwait(false),
        AdjustBenefit adjust => await ChangeAsync(step, adjust.Benefit, adjust.AmountFen, adjust.FirstMonth, adjust.Reason).ConfigureAwait(false),
        // Nothing is paid after the end month: the change counts from the month after it.
        EndBenefit end => await ChangeAsync(step, end.Benefit, null, end.LastMonth.AddMonths(1), end.Reason).ConfigureAwait(false),
        ScheduleReverification plan => Plan(plan, step),
        WriteRegisterEntry write => Write(write, step),
        DrawSample sample => Draw(sample, step),
        _ => null,
    };

    private static async Task<JsonNode?> GrantAsync(GrantBenefit effect, CaseStep step)
    {
        var holder = await step.Db.Set<CaseParty>().Where(p => p.CaseId == step.Case.Id && p.Current && p.Role == PartyRole.Applicant).Select(p => (Guid?)p.PersonId).FirstOrDefaultAsync().ConfigureAwait(false);
        var grant = new Grant
        {
            CaseId = step.Case.Id, Matter = step.Case.Matter, Benefit = effect.Benefit, PersonId = holder, HolderName = step.Case.ApplicantName,
            County = step.Case.County, Township = step.Case.Township, Village = step.Case.Village, AmountFen = effect.AmountFen,
            Persons = (int?)effect.Data?["members"] ?? 1, Category = (string?)effect.Data?["category"], FirstMonth = effect.FirstMonth, LastMonth = effect.LastMonth,
            Parameters = new JsonArray([.. effect.ParameterKeys.Select(k => (JsonNode)step.Parameters.Entry(k))]).ToJsonString(),
            OccurredOn = step.Today, RecordedAt = step.Now,
        };
        step.Db.Add(grant);
        return new JsonObject { ["grantId"] = grant.Id.ToString() };
    }

    private static async Task<JsonNode?> ChangeAsync(CaseStep step, string benefit, long? amount, DateOnly from, string reason)
    {
        // A review may have granted it anew: the last one counts.
        var grant = step.Db.Set<Grant>().Local.Where(g => g.CaseId == step.Case.Id && g.Benefit == benefit).MaxBy(g => g.RecordedAt)
            ?? await step.Db.Set<Grant>().Where(g => g.CaseId == step.Case.Id && g.Benefit == benefit).OrderByDescending(g => g.RecordedAt).FirstOrDefaultAsync().ConfigureAwait(false)
            ?? throw new CaseFaultedException([new Incident("", $"The case has no grant of {benefit} to change.")]);
        if (amount is null) grant.LastMonth = from.AddMonths(-1);
        step.Db.Add(new GrantChange { GrantId = grant.Id, CaseId = step.Case.Id, AmountFen = amount, FromMonth = from, Reason = reason, RecordedAt = step.Now });
        return new JsonObject { ["grantId"] = grant.Id.ToString() };
    }

    private static JsonNode? Plan(ScheduleReverification plan, CaseStep step)
    {
        step.Db.Add(new PlannedReverification { CaseId = step.Case.Id, Benefit = plan.Benefit, Workflow = plan.Workflow, DueOn = plan.DueOn });
        return null;
    }

    private static JsonObject Write(WriteRegisterEntry write, CaseStep step)
    {
        var entry = new RegisterEntry
        {
            Register = write.Register, CaseId = step.Case.Id, County = step.Case.County, Township = step.Case.Township,
            Entry = write.Entry?.ToJsonString() ?? "{}", OccurredOn = step.Today, RecordedAt = step.Now,
        };
        step.Db.Add(entry);
        return new JsonObject { ["entryId"] = entry.Id.ToString() };
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
