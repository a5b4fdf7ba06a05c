using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Words;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Desk.Casefile;

/// <summary>The decisions of one case, and the reviews that brought the later ones.</summary>
internal static class DecisionsQuery
{
    /// <returns>The decisions in their order, and the review that is under way; null: none is.</returns>
    public static async Task<(IReadOnlyList<ReadDecision> Decisions, ReadReview? UnderWay)> ReadAsync(CivilAffairsDb db, Case @case, CaseCipher cipher, IReadOnlyList<WorkTask> tasks, CancellationToken cancel)
    {
        var stored = await db.Set<CaseDecision>().AsNoTracking().Where(d => d.CaseId == @case.Id).OrderBy(d => d.Number).ToListAsync(cancel).ConfigureAwait(false);
        if (stored.Count == 0) return ([], null);
        var reviews = await db.Set<CaseReview>().AsNoTracking().Where(r => r.CaseId == @case.Id).OrderBy(r => r.RecordedAt).ToListAsync(cancel).ConfigureAwait(false);
        var actors = stored.Select(d => d.ActorId).OfType<Guid>().Concat(reviews.Select(r => r.RecordedById)).Distinct().ToList();
        // Officers alone: an applicant's name is not told in passing.
        var names = await db.Users.Where(a => actors.Contains(a.Id) && a.Kind == AccountKind.Officer).ToDictionaryAsync(a => a.Id, a => a.DisplayName, cancel).ConfigureAwait(false);
        foreach (var task in tasks.Where(t => t.Role != Roles.Applicant && t.ClosedById is not null && t.ClosedBy is not null)) names.TryAdd(task.ClosedById!.Value, task.ClosedBy!);
        var read = reviews.ToDictionary(r => r.Id, r => new ReadReview(r.Basis, (string?)cipher.OpenJson(r.Cipher, CaseReview.Purpose(r.Id))["reference"] ?? "", r.OccurredOn, r.RecordedAt, names.GetValueOrDefault(r.RecordedById, "")));
        var superseding = stored.Where(d => d.SupersedesId is not null).ToDictionary(d => d.SupersedesId!.Value, d => d.Number);
        var decisions = stored.ConvertAll(d => new ReadDecision(d.Number, d.Status, d.OccurredOn, d.ActorId is { } actor ? CaseWords.Actor(names.GetValueOrDefault(actor, ""), For(d)) : null,
            superseding.TryGetValue(d.Id, out var later) ? later : null, d.ReviewId is { } review ? read[review] : null));
        // The task and the decision that came of it are one transaction.
        string? For(CaseDecision decision) => tasks.FirstOrDefault(t => t.ClosedForId is not null && t.ClosedById == decision.ActorId && t.ClosedAt == decision.RecordedAt)?.ClosedFor;
        return (decisions, @case.DecidedAt is null && reviews.Count > 0 ? read[reviews[^1].Id] : null);
    }
}

/// <param name="Number">From 1.</param>
/// <param name="By">The officer; empty: the applicant; null: a limit passed.</param>
/// <param name="SupersededBy">Number of the decision that replaced it; null: it is in force.</param>
/// <param name="Review">Which ended with it; null: it came of the application itself.</param>
public sealed record ReadDecision(int Number, string Status, DateOnly OccurredOn, string? By, int? SupersededBy, ReadReview? Review);

/// <param name="Basis">One of <see cref="CaseReview.Bases"/>.</param>
/// <param name="Reference">Number of a document, or a reason, as it was typed.</param>
public sealed record ReadReview(string Basis, string Reference, DateOnly OccurredOn, DateTimeOffset RecordedAt, string By);
