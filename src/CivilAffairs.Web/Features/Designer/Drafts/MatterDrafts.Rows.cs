using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Designer.Drafts;

/// <summary>Rows of drafts and publications within a command's transaction, which holds the matters.</summary>
public sealed partial class MatterDrafts
{
    /// <summary>A publication without its files.</summary>
    private sealed record Publication(int Number, string Hash, bool Retired);

    private static Task<Publication?> CurrentAsync(CivilAffairsDb db, string matter) =>
        db.Set<PublishedRevision>().Where(r => r.Matter == matter && r.Current).OrderByDescending(r => r.Number).Select(r => new Publication(r.Number, r.Hash, r.RetiredAt != null)).FirstOrDefaultAsync();

    private static async Task<string> BundleAsync(CivilAffairsDb db, string hash) =>
        await db.Set<PublishedRevision>().Where(r => r.Hash == hash).OrderByDescending(r => r.Number).Select(r => r.Bundle).FirstOrDefaultAsync().ConfigureAwait(false) ?? throw new UnknownCaseException();

    /// <summary>The draft's row, open or closed; null: the matter never had one.</summary>
    /// <exception cref="StaleVersionException">The sender saw another one.</exception>
    private static async Task<MatterDraft?> RowAsync(CivilAffairsDb db, string matter, int expected)
    {
        var row = await db.Set<MatterDraft>().FirstOrDefaultAsync(d => d.Matter == matter).ConfigureAwait(false);
        if (expected == (row is { IsOpen: true } ? row.Version : 0)) return row;
        throw new StaleVersionException(row is null ? "" : await db.Users.Where(a => a.Id == row.EditedById).Select(a => a.DisplayName).FirstOrDefaultAsync().ConfigureAwait(false) ?? "", row?.EditedAt ?? default, "edited");
    }

    /// <summary>The open draft that a manager saw at this version.</summary>
    private static async Task<MatterDraft> OpenAsync(CommandContext context, string matter, int expected)
    {
        DesignerAccess.Require(context.Actor);
        await MatterLibrary.HoldAsync(context.Db).ConfigureAwait(false);
        return await RowAsync(context.Db, matter, expected).ConfigureAwait(false) is { IsOpen: true } row ? row : throw new UnknownCaseException();
    }

    /// <summary>The open draft, or a new one in the row of the last.</summary>
    private static MatterDraft Begin(CommandContext context, MatterDraft? row, string matter, string? basedOn, DraftOrigin origin, string? folderHash = null)
    {
        if (row is { IsOpen: true }) return row;
        if (row is null) context.Db.Add(row = new MatterDraft { Matter = matter, Bundle = "" });
        (row.State, row.BasedOn, row.Origin, row.FolderHash) = (DraftState.Open, basedOn, origin, folderHash);
        (row.CreatedById, row.CreatedAt) = (context.Actor.AccountId, context.Now);
        return row;
    }

    private static void Save(CommandContext context, MatterDraft row, string bundle)
    {
        (row.Bundle, row.State) = (bundle, DraftState.Open);
        (row.SubmittedById, row.SubmittedAt, row.SubmitComment) = (null, null, null);
        Touch(context, row);
    }

    private static void Close(CommandContext context, MatterDraft row)
    {
        (row.Bundle, row.State) = ("{}", DraftState.Closed);
        (row.SubmittedById, row.SubmittedAt, row.SubmitComment) = (null, null, null);
        Touch(context, row);
    }

    private static void Touch(CommandContext context, MatterDraft row)
    {
        row.Version++;
        (row.EditedById, row.EditedAt) = (context.Actor.AccountId, context.Now);
    }

    private static Task AuditAsync(CommandContext context, string action, object details) => context.Db.AppendAsync(AuditTrail.Matters, context.Actor.AccountId, action, details, context.Now);
}
