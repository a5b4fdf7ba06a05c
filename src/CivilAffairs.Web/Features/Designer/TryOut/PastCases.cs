using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Designer.TryOut;

/// <summary>Past cases of a matter that a try-out may begin from, with everybody in them made unknown.</summary>
internal sealed class PastCases(IReader reader, CommandRunner runner, CaseVault vault, MatterLibrary library)
{
    private const int Most = 20;

    /// <summary>The last ones that ended, newest first, where the viewer designs matters.</summary>
    public async Task<IReadOnlyList<PastCase>> ListAsync(Viewer viewer, string matter, CancellationToken cancel = default)
    {
        await using var db = reader.Open();
        return await db.Set<Case>().ManagedVisibleTo(db, viewer).Where(c => c.Matter == matter && c.ClosedAt != null && c.ErasedAt == null && c.SubmittedAt != null)
            .OrderByDescending(c => c.SubmittedAt).Take(Most).Select(c => new PastCase(c.Id, c.Number!, c.Status, c.SubmittedAt!.Value)).ToListAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>Its application with nobody to be known by it. The look is a line of the case's audit.</summary>
    /// <remarks>Power failure: a line without a look is possible, a look without a line is not.</remarks>
    /// <exception cref="UnknownCaseException">Not one of <see cref="ListAsync"/>'s for this viewer.</exception>
    /// <exception cref="CaseErasedException">Its contents were destroyed.</exception>
    public async Task<JsonObject> OpenAsync(Viewer viewer, string matter, Guid caseId, CancellationToken cancel = default)
    {
        var found = await runner.RunAsync(viewer, null, "case.tried", caseId, async context =>
        {
            // Holds the case's chain of the audit.
            await CaseLoader.LockAsync(context.Db, caseId).ConfigureAwait(false);
            var one = await context.Db.Set<Case>().AsNoTracking().ManagedVisibleTo(context.Db, viewer).FirstOrDefaultAsync(c => c.Id == caseId && c.Matter == matter && c.ClosedAt != null).ConfigureAwait(false)
                ?? throw new UnknownCaseException();
            await context.Db.AppendAsync(caseId.ToString(), viewer.AccountId, "case.tried", new { reason = "design" }, context.Now).ConfigureAwait(false);
            return one.Revision;
        }, cancel).ConfigureAwait(false);
        await using var db = reader.Open();
        var cipher = await vault.OpenAsync(db, caseId, cancel).ConfigureAwait(false);
        // By the form it was filed with: that one knows which of its answers are names.
        var filed = await library.RevisionAsync(found, cancel).ConfigureAwait(false);
        return Anonymous.Of(filed.Form, await CaseContents.FormAsync(db, caseId, cipher, cancel).ConfigureAwait(false));
    }
}

/// <param name="SubmittedAt">When it was filed.</param>
internal sealed record PastCase(Guid Id, string Number, string Status, DateTimeOffset SubmittedAt);
