using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Audit;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Steps;

/// <summary>
/// Opens a case ex officio 依职权 from another: same place and parties, its own number, key and audit. In the caller's
/// transaction: after a power failure there is the case with its number and its first task, or neither.
/// </summary>
internal sealed class CaseOpening(CaseVault vault)
{
    /// <param name="from">The case it comes of, at its step; nothing of it is changed.</param>
    /// <param name="revision">Of the matter in which it is opened; the form is copied where that is the same matter.</param>
    /// <param name="grantId">The grant that it is about; null: none.</param>
    /// <param name="inputs">What its workflow starts with: ids, codes and figures.</param>
    /// <returns>Its first step and what starts it, for <see cref="CaseStepper"/>.</returns>
    public async Task<(CaseStep Step, StartTrigger Start)> OpenAsync(CaseStep from, MatterRevision revision, string workflow, Guid? grantId, JsonObject inputs)
    {
        var (db, origin) = (from.Db, from.Case);
        var sequence = await NumberSeries.NextAsync(db, "case", origin.County, from.Today.Year).ConfigureAwait(false);
        var @case = new Case
        {
            Matter = revision.Matter.Id, Revision = revision.Hash, Channel = Channel.Office, OriginId = origin.Id, GrantId = grantId, SubjectId = origin.SubjectId, Status = "Submitted",
            Number = Case.NumberOf(origin.County, from.Today.Year, sequence),
            ApplicantName = origin.ApplicantName, ApplicantAccountId = origin.ApplicantAccountId, HukouDivision = origin.HukouDivision, EventDivision = origin.EventDivision,
            County = origin.County, Township = origin.Township, Village = origin.Village, CreatedAt = from.Now, SubmittedAt = from.Now, ReceivedOn = from.OccurredOn,
            Version = 1, ChangedById = from.Actor.AccountId, ChangedBy = from.Actor.Name, ChangedAt = from.Now,
        };
        db.Add(@case);
        var instance = new WorkflowInstance { CaseId = @case.Id, Workflow = workflow, Revision = revision.Hash };
        db.Add(instance);
        // Its own matter's values: another matter, or a later revision of this one, has keys that the origin's has not.
        var parameters = revision.Hash == from.Revision.Hash ? from.Parameters : await EffectiveParameters.OnAsync(db, revision, from.OccurredOn, origin.Township ?? origin.County).ConfigureAwait(false);
        var opened = new CaseStep(db, @case, instance, revision, parameters, vault.Create(db, @case.Id), from.Actor, from.Now) { Depth = from.Depth + 1, OccurredOn = from.OccurredOn };
        await PartiesAsync(from, opened).ConfigureAwait(false);
        if (revision.Matter.Id == origin.Matter)
        {
            await CaseContents.AddAsync(opened, ContentKind.Form, null, await CaseContents.FormAsync(db, origin.Id, from.Cipher).ConfigureAwait(false)).ConfigureAwait(false);
            var earlier = await EarlierFindings.OfAsync(from).ConfigureAwait(false);
            if (earlier.Count > 0) await CaseContents.AddAsync(opened, ContentKind.Earlier, null, earlier).ConfigureAwait(false);
        }
        await db.AppendAsync(@case.Id.ToString(), from.Actor.AccountId, "case.opened", new { @case.Number, @case.Revision, origin = origin.Id, Workflow = workflow }, from.Now).ConfigureAwait(false);
        return (opened, new StartTrigger(inputs.ToDictionary(p => p.Key, p => p.Value?.DeepClone())));
    }

    private static async Task PartiesAsync(CaseStep from, CaseStep to)
    {
        var parties = await from.Db.Set<CaseParty>().AsNoTracking().Where(p => p.CaseId == from.Case.Id && p.Current).OrderBy(p => p.Position).ToListAsync().ConfigureAwait(false);
        foreach (var party in parties)
            to.Db.Add(new CaseParty { CaseId = to.Case.Id, PersonId = party.PersonId, Role = party.Role, Sees = party.Sees, Position = party.Position, OccurredOn = to.OccurredOn, RecordedAt = to.Now });
    }
}
