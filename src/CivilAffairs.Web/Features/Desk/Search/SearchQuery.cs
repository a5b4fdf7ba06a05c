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

    /// <param name="term">A case number or its end, an ID number of 18 characters, or the beginning of a name.</param>
    /// <param name="page">From 1.</param>
    /// <param name="size">Rows of a page.</param>
    public async Task<SearchView> FindAsync(Viewer viewer, string term, int page, int size = PageSize, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(term);
        var text = Typed.Number(term);
        if (term.Trim().Length < 2) return new SearchView([], false, 1);
        await using var db = reader.Open();
        var cases = db.Set<Case>().Where(c => c.Number != null).VisibleTo(db, viewer);
        if (text.Length == 18 && text[..17].All(char.IsAsciiDigit))
        {
            var hash = ring.IdNumberHash(text);
            var persons = db.Set<Person>().Where(p => p.DocumentType == "residentId" && p.NumberHash == hash).Select(p => p.Id);
            cases = cases.Where(c => db.Set<CaseParty>().Any(p => p.CaseId == c.Id && p.Current && persons.Contains(p.PersonId)));
        }
        else if (text.Length > 0 && text.All(c => char.IsAsciiDigit(c) || c == '-'))
            cases = cases.Where(c => c.Number!.StartsWith(term.Trim()) || c.Number!.EndsWith(term.Trim()));
        else
            cases = cases.Where(c => c.ApplicantName.StartsWith(term.Trim()));
        // One more than a page tells whether there is another, without counting.
        var rows = await cases.OrderByDescending(c => c.SubmittedAt).ThenBy(c => c.Id).Skip((Math.Max(1, page) - 1) * size).Take(size + 1)
            .Select(c => new FoundCase(c.Id, c.Number!, c.Matter, c.Status, c.ApplicantName, c.Village ?? c.Township ?? "", c.SubmittedAt)).ToListAsync(cancel).ConfigureAwait(false);
        return new SearchView([.. rows.Take(size)], rows.Count > size, Math.Max(1, page));
    }
}

/// <summary>A case found. The applicant's name is whole: pages mask it.</summary>
public sealed record FoundCase(Guid Id, string Number, string Matter, string Status, string ApplicantName, string Division, DateTimeOffset? SubmittedAt);

public sealed record SearchView(IReadOnlyList<FoundCase> Rows, bool More, int Page);
