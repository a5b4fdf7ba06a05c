using System.Text;
using CivilAffairs.Engine.Rules;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Desk.Search;

/// <summary>Finds cases by number, applicant or a party's whole ID number, among those that the viewer may see.</summary>
public sealed class SearchQuery(IReader reader, KeyRing ring)
{
    public const int PageSize = 25;

    /// <param name="term">A case number, its beginning or its sequence number, an ID number of 18 characters, or the beginning of a name.</param>
    /// <param name="page">From 1.</param>
    /// <param name="size">Rows of a page.</param>
    public async Task<SearchView> FindAsync(Viewer viewer, string term, int page, int size = PageSize, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(term);
        var (text, wanted) = (Typed.Number(term), term.Trim().Normalize(NormalizationForm.FormKC));
        if (wanted.Length < 2) return new SearchView([], false, 1);
        await using var db = reader.Open();
        // What is looked for comes first and by an index; the scope is asked of each case found, in that order, until a page is full.
        var cases = db.Set<Case>().Where(c => c.Number != null);
        IOrderedQueryable<Case> ordered;
        if (text.Length == 18 && text[..17].All(char.IsAsciiDigit))
        {
            var hash = ring.IdNumberHash(text);
            var persons = db.Set<Person>().Where(p => p.DocumentType == "residentId" && p.NumberHash == hash).Select(p => p.Id);
            var theirs = db.Set<CaseParty>().Where(p => p.Current && persons.Contains(p.PersonId)).Select(p => p.CaseId);
            ordered = cases.Where(c => theirs.Contains(c.Id)).OrderByDescending(c => c.SubmittedAt);
        }
        else if (text.Length > 0 && text.All(char.IsAsciiDigit) && await EndingAsync(db, wanted, cancel).ConfigureAwait(false) is { Count: > 0 } numbers)
            ordered = cases.Where(c => numbers.Contains(c.Number!)).OrderByDescending(c => c.Number);
        else
        {
            var end = Bytewise.EndOf(wanted);
            ordered = text.All(char.IsAsciiDigit)
                ? cases.Where(c => c.Number!.CompareTo(wanted) >= 0 && c.Number.CompareTo(end) < 0).OrderByDescending(c => c.Number)
                : cases.Where(c => c.ApplicantName.CompareTo(wanted) >= 0 && c.ApplicantName.CompareTo(end) < 0).OrderBy(c => c.ApplicantName).ThenByDescending(c => c.SubmittedAt);
        }
        // One more than a page tells whether there is another, without counting.
        var rows = await ordered.ThenByDescending(c => c.Id).EachVisibleTo(db, viewer).Skip((Math.Max(1, page) - 1) * size).Take(size + 1)
            .Select(c => new FoundCase(c.Id, c.Number!, c.Matter, c.ErasedAt != null ? Case.Erased : c.Status, c.ApplicantName, c.Village ?? c.Township ?? c.County, c.SubmittedAt, c.SubjectId != null)).ToListAsync(cancel).ConfigureAwait(false);
        return new SearchView([.. rows.Take(size)], rows.Count > size, Math.Max(1, page));
    }

    /// <summary>The numbers that a typed end may mean: <c>123</c> or <c>2026-000123</c>, in each series there is; a series' own beginning is none.</summary>
    private static async Task<List<string>> EndingAsync(CivilAffairsDb db, string typed, CancellationToken cancel)
    {
        var parts = typed.Split('-');
        var year = parts.Length == 2 && int.TryParse(parts[0], out var named) ? named : (int?)null;
        if (parts.Length > 2 || (parts.Length == 2 && year is null) || parts[^1].Length > 6 || !int.TryParse(parts[^1], out var sequence)) return [];
        var series = await db.Set<NumberCounter>().Where(n => n.Series == "case").ToListAsync(cancel).ConfigureAwait(false);
        return series.Exists(s => s.Division == typed) ? []
            : [.. series.Where(s => sequence < s.Next && (year is null || s.Year == year)).Select(s => Case.NumberOf(s.Division, s.Year, sequence))];
    }
}

/// <summary>A case found. The applicant's name is whole: pages mask it.</summary>
public sealed record FoundCase(Guid Id, string Number, string Matter, string Status, string ApplicantName, string Division, DateTimeOffset? SubmittedAt, bool IsOrganisation = false);

public sealed record SearchView(IReadOnlyList<FoundCase> Rows, bool More, int Page);
