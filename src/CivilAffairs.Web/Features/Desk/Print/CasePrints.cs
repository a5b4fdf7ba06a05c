using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Storage;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Desk.Print;

/// <summary>Asks for a whole case file in print, and fetches it once a job has made it.</summary>
public sealed class CasePrints(CommandRunner runner, IReader reader, CaseVault vault, BlobStore store, AccessReasons reasons, TimeProvider time)
{
    /// <summary>So long a file is kept for who asked for it.</summary>
    public static TimeSpan Kept { get; } = TimeSpan.FromHours(20);

    /// <param name="key">Idempotency key: pressed twice it is made once.</param>
    /// <param name="reason">For this one time; null: what <see cref="AccessReasons"/> knows.</param>
    /// <returns>Under which it is fetched.</returns>
    /// <exception cref="UnknownCaseException">Not a case of this officer's, or a draft.</exception>
    /// <exception cref="AccessReasonException">No reason is known.</exception>
    /// <remarks>The reason is written down first: after a power failure there may be a reason without a file, never a file without a reason.</remarks>
    public async Task<Guid> AskAsync(Viewer viewer, Guid caseId, string key, string? reason = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        await reasons.OpenAsync(viewer, caseId, "casefile.printed", [], reason, cancel).ConfigureAwait(false);
        return await runner.RunAsync(viewer, key, "casefile.print", caseId, async context =>
        {
            var @case = await CaseLoader.LockAsync(context.Db, caseId).ConfigureAwait(false);
            if (!viewer.IsOfficer || @case.Status == "Draft" || !await CaseScope.SeesAsync(context.Db, viewer, caseId).ConfigureAwait(false)) throw new UnknownCaseException();
            if (@case.ErasedAt is not null) throw new CaseErasedException();
            // One that waits is the one that is meant.
            if (await context.Db.Set<CasePrint>().Where(p => p.CaseId == caseId && p.RecordedById == viewer.AccountId && p.State == PrintState.Waiting).Select(p => (Guid?)p.Id).FirstOrDefaultAsync().ConfigureAwait(false) is { } waiting) return waiting;
            var print = new CasePrint { CaseId = caseId, RecordedById = viewer.AccountId, OccurredOn = BureauTime.Day(context.Now), RecordedAt = context.Now };
            context.Db.Add(print);
            return print.Id;
        }, cancel).ConfigureAwait(false);
    }

    /// <summary>What the officer asked for last in this case and may still fetch; null: nothing.</summary>
    public async Task<CasePrint?> LastAsync(Viewer viewer, Guid caseId, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        var since = time.GetUtcNow() - Kept;
        await using var db = reader.Open();
        if (!await CaseScope.SeesAsync(db, viewer, caseId, cancel).ConfigureAwait(false)) throw new UnknownCaseException();
        return await db.Set<CasePrint>().Where(p => p.CaseId == caseId && p.RecordedById == viewer.AccountId && p.RecordedAt > since).OrderByDescending(p => p.RecordedAt).FirstOrDefaultAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>The PDF, for who asked for it; each time it is fetched is written down with its reason.</summary>
    /// <exception cref="UnknownCaseException">There is none of this officer's, it is not made, or its time is over.</exception>
    /// <exception cref="AccessReasonException">No reason is known any more.</exception>
    public async Task<byte[]> FetchAsync(Viewer viewer, Guid caseId, Guid printId, string? reason = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        var since = time.GetUtcNow() - Kept;
        await using var db = reader.Open();
        if (!viewer.IsOfficer || !await CaseScope.SeesAsync(db, viewer, caseId, cancel).ConfigureAwait(false)) throw new UnknownCaseException();
        var print = await db.Set<CasePrint>().FirstOrDefaultAsync(p => p.Id == printId && p.CaseId == caseId && p.RecordedById == viewer.AccountId && p.State == PrintState.Ready && p.RecordedAt > since, cancel).ConfigureAwait(false) ?? throw new UnknownCaseException();
        var cipher = await vault.OpenAsync(db, caseId, cancel).ConfigureAwait(false);
        var pdf = cipher.Open(store.Get(print.StoredHash!), print.Purpose);
        await reasons.OpenAsync(viewer, caseId, "casefile.printed", new JsonObject { ["printId"] = printId }, reason, cancel).ConfigureAwait(false);
        return pdf;
    }
}
