using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Designer.Drafts;

/// <param name="Number">1, 2, 3 … within the matter.</param>
public sealed record Published(string Matter, int Number, string Hash);

/// <summary>Submitting, publishing, retiring, rolling back.</summary>
public sealed partial class MatterDrafts
{
    public const int LongestComment = 500;

    /// <summary>Vouches for the draft as it is, for a second person to publish. A later save takes that back.</summary>
    /// <exception cref="InvalidAnswersException">No comment (<c>comment</c>), or the check's errors by file.</exception>
    public async Task<DraftSaved> SubmitAsync(Viewer by, string matter, string comment, int expected, string key, CancellationToken cancel = default)
    {
        DesignerAccess.Require(by);
        var faults = await ErrorsAsync(matter, expected, cancel).ConfigureAwait(false);
        return await runner.RunAsync(by, key, "matter.submit", new { matter, comment, expected }, async context =>
        {
            var row = await OpenAsync(context, matter, expected).ConfigureAwait(false);
            Refuse([.. Comment(comment), .. faults]);
            row.State = DraftState.Submitted;
            (row.SubmittedById, row.SubmittedAt, row.SubmitComment) = (by.AccountId, context.Now, comment.Trim());
            Touch(context, row);
            await AuditAsync(context, "draft.submitted", new { matter, row.Version }).ConfigureAwait(false);
            return new DraftSaved(matter, row.Version);
        }, cancel).ConfigureAwait(false);
    }

    /// <summary>
    /// Makes the draft the current version: new cases go under it, running ones stay. One transaction: after a power failure the
    /// old version is current and the draft there, or the new one is current and the draft gone.
    /// </summary>
    /// <param name="comment">Why, 1 to 500 characters.</param>
    /// <param name="expected">The draft's version as the sender saw it.</param>
    /// <exception cref="InvalidAnswersException">No comment (<c>comment</c>), or the check's errors by file.</exception>
    /// <exception cref="NotAllowedException">Needs a second person; or another version was published since the draft began.</exception>
    /// <exception cref="StaleVersionException">Somebody saved, published or discarded it meanwhile.</exception>
    public async Task<Published> PublishAsync(Viewer by, string matter, string comment, int expected, string key, CancellationToken cancel = default)
    {
        DesignerAccess.Require(by);
        // The dear part, before the transaction: it holds for the version that is asked for, and for no other.
        var faults = await ErrorsAsync(matter, expected, cancel).ConfigureAwait(false);
        var published = await runner.RunAsync(by, key, "matter.publish", new { matter, comment, expected }, async context =>
        {
            var row = await OpenAsync(context, matter, expected).ConfigureAwait(false);
            var current = await CurrentAsync(context.Db, matter).ConfigureAwait(false);
            if (row.BasedOn != current?.Hash) throw new NotAllowedException("designer.otherBase", current?.Number ?? 0);
            if (current is not null && await NeedsSecondAsync(current).ConfigureAwait(false))
            {
                if (row.State != DraftState.Submitted) throw new NotAllowedException("designer.submitFirst");
                if (row.SubmittedById == by.AccountId) throw new NotAllowedException("designer.secondPerson");
            }
            Refuse([.. Comment(comment), .. faults]);
            var revision = MatterFolder.FromBundle(row.Bundle).Revision!;
            if (current is { Retired: false } && current.Hash == revision.Hash) throw new NotAllowedException("designer.unchanged");
            var publication = new PublishedRevision
            {
                Hash = revision.Hash, Matter = matter, Bundle = revision.Bundle, Number = await NextNumberAsync(context, matter).ConfigureAwait(false), PublishedAt = context.Now, PublishedById = by.AccountId,
                SecondById = row.SubmittedById == by.AccountId ? null : row.SubmittedById, Comment = comment.Trim(), BasedOn = row.BasedOn, FolderHash = row.FolderHash,
                Origin = row.Origin switch { DraftOrigin.Rollback => RevisionOrigin.Rollback, DraftOrigin.Import => RevisionOrigin.Import, _ => RevisionOrigin.Draft },
            };
            await MatterLibrary.MakeCurrentAsync(context.Db, publication).ConfigureAwait(false);
            Close(context, row);
            await AuditAsync(context, "matter.published", new { matter, publication.Number, publication.Hash, second = publication.SecondById, origin = publication.Origin.ToString() }).ConfigureAwait(false);
            return new Published(matter, publication.Number, publication.Hash);
        }, cancel).ConfigureAwait(false);
        await library.RefreshAsync(cancel).ConfigureAwait(false);
        return published;
    }

    /// <summary>Takes no new cases from now on; those that run go on, and what was granted is looked after.</summary>
    /// <param name="expected">The number that is current as the sender saw it.</param>
    public async Task<Published> RetireAsync(Viewer by, string matter, string comment, int expected, string key, CancellationToken cancel = default)
    {
        var retired = await runner.RunAsync(by, key, "matter.retire", new { matter, comment, expected }, async context =>
        {
            var current = await HeldAsync(context, matter, expected).ConfigureAwait(false);
            if (current.Retired) throw new NotAllowedException("designer.alreadyRetired");
            Refuse(Comment(comment));
            await context.Db.Set<PublishedRevision>().Where(r => r.Matter == matter && r.Number == current.Number).ExecuteUpdateAsync(s => s
                .SetProperty(r => r.RetiredAt, context.Now).SetProperty(r => r.RetiredById, by.AccountId).SetProperty(r => r.RetireComment, comment.Trim())).ConfigureAwait(false);
            await AuditAsync(context, "matter.retired", new { matter, current.Number, current.Hash }).ConfigureAwait(false);
            return new Published(matter, current.Number, current.Hash);
        }, cancel).ConfigureAwait(false);
        await library.RefreshAsync(cancel).ConfigureAwait(false);
        return retired;
    }

    /// <summary>Publishes an earlier version once more, under a new number; or the retired one, so that there are new cases again. A draft stays as it is.</summary>
    /// <param name="hash">Of any publication of the matter.</param>
    /// <exception cref="NotAllowedException">It is current anyway; or a second person has to publish: then <see cref="RestoreAsync"/>.</exception>
    /// <exception cref="InvalidAnswersException">No comment, or what the check finds today, by file.</exception>
    public async Task<Published> RollBackAsync(Viewer by, string matter, string hash, string comment, string key, CancellationToken cancel = default)
    {
        DesignerAccess.Require(by);
        var faults = await ErrorsOfAsync(matter, hash, cancel).ConfigureAwait(false);
        var published = await runner.RunAsync(by, key, "matter.rollback", new { matter, hash, comment }, async context =>
        {
            var current = await HeldAsync(context, matter, null).ConfigureAwait(false);
            if (current.Hash == hash && !current.Retired) throw new NotAllowedException("designer.unchanged");
            if (await NeedsSecondAsync(current).ConfigureAwait(false)) throw new NotAllowedException("designer.restoreFirst");
            Refuse([.. Comment(comment), .. faults]);
            var earlier = await context.Db.Set<PublishedRevision>().AsNoTracking().Where(r => r.Matter == matter && r.Hash == hash).OrderByDescending(r => r.Number).FirstOrDefaultAsync().ConfigureAwait(false) ?? throw new UnknownCaseException();
            var publication = new PublishedRevision
            {
                Hash = hash, Matter = matter, Bundle = earlier.Bundle, Number = await NextNumberAsync(context, matter).ConfigureAwait(false), PublishedAt = context.Now, PublishedById = by.AccountId,
                Comment = comment.Trim(), BasedOn = current.Hash, FolderHash = earlier.FolderHash, Origin = RevisionOrigin.Rollback,
            };
            await MatterLibrary.MakeCurrentAsync(context.Db, publication).ConfigureAwait(false);
            await AuditAsync(context, "matter.rolledBack", new { matter, publication.Number, hash, from = earlier.Number }).ConfigureAwait(false);
            return new Published(matter, publication.Number, hash);
        }, cancel).ConfigureAwait(false);
        await library.RefreshAsync(cancel).ConfigureAwait(false);
        return published;
    }

    /// <summary>The current publication, the matters held.</summary>
    private static async Task<Publication> HeldAsync(CommandContext context, string matter, int? expected)
    {
        DesignerAccess.Require(context.Actor);
        await MatterLibrary.HoldAsync(context.Db).ConfigureAwait(false);
        var current = await CurrentAsync(context.Db, matter).ConfigureAwait(false) ?? throw new UnknownCaseException();
        if (expected is null || expected == current.Number) return current;
        var last = await context.Db.Set<PublishedRevision>().Where(r => r.Matter == matter && r.Number == current.Number)
            .Select(r => new { r.PublishedAt, By = context.Db.Users.Where(a => a.Id == r.PublishedById).Select(a => a.DisplayName).FirstOrDefault() }).FirstAsync().ConfigureAwait(false);
        throw new StaleVersionException(last.By ?? "", last.PublishedAt, "edited");
    }

    /// <summary>Whether the published version asks for two persons. What a draft says counts only once it is published itself.</summary>
    private async Task<bool> NeedsSecondAsync(Publication current) => (await library.RevisionAsync(current.Hash).ConfigureAwait(false)).Matter.Publishing is { SecondPerson: true };

    private static async Task<int> NextNumberAsync(CommandContext context, string matter) =>
        await context.Db.Set<PublishedRevision>().Where(r => r.Matter == matter).MaxAsync(r => (int?)r.Number).ConfigureAwait(false) is { } last ? last + 1 : 1;

    /// <summary>The check's errors of the version that the sender saw; of another one none, since that is refused anyway.</summary>
    private async Task<IReadOnlyList<FieldFault>> ErrorsAsync(string matter, int expected, CancellationToken cancel) =>
        await FindAsync(matter, cancel).ConfigureAwait(false) is { } draft && draft.Version == expected ? DraftFaults.Errors(await CheckAsync(draft).ConfigureAwait(false)) : [];

    private async Task<IReadOnlyList<FieldFault>> ErrorsOfAsync(string matter, string hash, CancellationToken cancel)
    {
        try
        {
            var revision = await library.RevisionAsync(hash, cancel).ConfigureAwait(false);
            return revision.Matter.Id != matter ? [] : DraftFaults.Errors(await CheckAsync(new MatterDraft { Matter = matter, Bundle = revision.Bundle }).ConfigureAwait(false));
        }
        catch (KeyNotFoundException)
        {
            return [];
        }
    }

    private static List<FieldFault> Comment(string comment) => comment?.Trim().Length switch
    {
        null or 0 => [DraftFaults.Of("comment", "comment.missing")],
        > LongestComment => [DraftFaults.Of("comment", "comment.long")],
        _ => [],
    };

    private static void Refuse(List<FieldFault> faults)
    {
        if (faults.Count > 0) throw new InvalidAnswersException(faults);
    }
}
