using System.Globalization;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Audit;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Steps;

/// <summary>
/// Opens another case ex officio 依职权: same place and parties, its own number, key and audit. The stepper starts its
/// workflow once this case has come to rest, in the same transaction.
/// </summary>
internal sealed class OpenCaseEffects(MatterLibrary library, CaseVault vault) : IEffectHandler
{
    public IReadOnlyList<Type> Effects { get; } = [typeof(OpenCase)];

    public async ValueTask<JsonNode?> ApplyAsync(Effect effect, CaseStep step)
    {
        var open = (OpenCase)effect;
        var revision = library.Find(open.Matter) ?? throw Fault(open, $"There is no matter '{open.Matter}'.");
        if (!revision.Matter.Workflows.ContainsKey(open.Workflow)) throw Fault(open, $"The matter '{open.Matter}' has no workflow '{open.Workflow}'.");
        var from = step.Case;
        var sequence = await NumberSeries.NextAsync(step.Db, "case", from.County, step.Today.Year).ConfigureAwait(false);
        var @case = new Case
        {
            Matter = open.Matter, Revision = revision.Hash, Channel = Channel.Office, OriginId = from.Id, Status = "Submitted",
            Number = string.Create(CultureInfo.InvariantCulture, $"{from.County}-{step.Today.Year}-{sequence:000000}"),
            ApplicantName = from.ApplicantName, ApplicantAccountId = from.ApplicantAccountId, HukouDivision = from.HukouDivision, EventDivision = from.EventDivision,
            County = from.County, Township = from.Township, Village = from.Village, CreatedAt = step.Now, SubmittedAt = step.Now, ReceivedOn = step.OccurredOn,
            Version = 1, ChangedById = step.Actor.AccountId, ChangedBy = step.Actor.Name, ChangedAt = step.Now,
        };
        @case.GrantId = await GrantFinder.AboutAsync(step, open.ActivityId, (string?)(open.Data as JsonObject)?["grantId"]).ConfigureAwait(false);
        step.Db.Add(@case);
        var instance = new WorkflowInstance { CaseId = @case.Id, Workflow = open.Workflow, Revision = revision.Hash };
        step.Db.Add(instance);
        var opened = new CaseStep(step.Db, @case, instance, revision, step.Parameters, vault.Create(step.Db, @case.Id), step.Actor, step.Now) { Depth = step.Depth + 1, OccurredOn = step.OccurredOn };
        await PartiesAsync(step, opened).ConfigureAwait(false);
        if (open.Matter == from.Matter)
            await CaseContents.AddAsync(opened, ContentKind.Form, null, await CaseContents.FormAsync(step.Db, from.Id, step.Cipher).ConfigureAwait(false)).ConfigureAwait(false);
        await step.Db.AppendAsync(@case.Id.ToString(), step.Actor.AccountId, "case.opened", new { @case.Number, @case.Revision, origin = from.Id, open.Workflow }, step.Now).ConfigureAwait(false);
        step.Opened.Add((opened, new StartTrigger((open.Data as JsonObject ?? []).ToDictionary(p => p.Key, p => p.Value?.DeepClone()))));
        return new JsonObject { ["caseId"] = @case.Id.ToString(), ["number"] = @case.Number };
    }

    private static async Task PartiesAsync(CaseStep from, CaseStep to)
    {
        var parties = await from.Db.Set<CaseParty>().AsNoTracking().Where(p => p.CaseId == from.Case.Id && p.Current).OrderBy(p => p.Position).ToListAsync().ConfigureAwait(false);
        foreach (var party in parties)
            to.Db.Add(new CaseParty { CaseId = to.Case.Id, PersonId = party.PersonId, Role = party.Role, Position = party.Position, OccurredOn = to.OccurredOn, RecordedAt = to.Now });
    }

    private static CaseFaultedException Fault(OpenCase open, string message) => new([new Incident(open.ActivityId, message)]);
}
