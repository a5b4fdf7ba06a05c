using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Registers;

/// <summary>
/// Registers 台账 that matters keep, such as 近亲属备案. Who reads one is the matter's to say, by role; what of it, is the
/// jurisdiction's: a township its own lines, the county all. Who is recused from a case does not read its line.
/// </summary>
public sealed class RegisterQuery(IReader reader, MatterLibrary library)
{
    public const int PageSize = 25;

    /// <summary>The registers that the viewer may read, by id; several matters may write one.</summary>
    public IReadOnlyList<MatterRegister> Readable(Viewer viewer)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        return [.. All().Where(r => viewer.HoldsAny([.. r.Readers])).DistinctBy(r => r.Id).OrderBy(r => r.Id, StringComparer.Ordinal)];
    }

    /// <param name="page">From 1.</param>
    /// <param name="size">Lines of a page.</param>
    /// <returns>Newest first; null: there is no such register, or not for this viewer.</returns>
    public async Task<RegisterView?> ReadAsync(Viewer viewer, string register, int page, int size = PageSize, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        var kept = All().Where(r => r.Id == register).ToList();
        var readers = kept.SelectMany(r => r.Readers).ToHashSet();
        var held = viewer.Held.Where(h => readers.Contains(h.Role) && !Roles.WithoutCases.Contains(h.Role)).Select(h => h.Division).ToList();
        if (kept.Count == 0 || held.Count == 0) return null;
        var (counties, townships) = (held.FindAll(d => d.Length == 6), held.FindAll(d => d.Length == 9));
        await using var db = reader.Open();
        var recused = db.Set<CaseRecusal>().Where(r => r.AccountId == viewer.AccountId).Select(r => r.CaseId);
        var lines = db.Set<RegisterEntry>().Where(e => e.Register == register && (counties.Contains(e.County) || townships.Contains(e.Township!)) && (e.CaseId == null || !recused.Contains(e.CaseId.Value)));
        var total = await lines.CountAsync(cancel).ConfigureAwait(false);
        page = Math.Clamp(page, 1, Math.Max(1, (total + size - 1) / size));
        var rows = await lines.OrderByDescending(e => e.OccurredOn).ThenByDescending(e => e.Id).Skip((page - 1) * size).Take(size)
            .Select(e => new { Line = e, Case = db.Set<Case>().Where(c => c.Id == e.CaseId).Select(c => new { c.Number, c.ApplicantName, c.Village }).FirstOrDefault(), Subject = db.Set<RegisterSubject>().Where(s => s.Id == e.SubjectId).Select(s => new { s.Id, s.Register, s.Name, s.Village, s.Township }).FirstOrDefault() })
            .ToListAsync(cancel).ConfigureAwait(false);
        return new RegisterView(kept[0], [.. rows.Select(r => new RegisterLine(r.Line.Id, r.Line.CaseId, r.Case?.Number, r.Case?.ApplicantName, r.Subject?.Village ?? r.Subject?.Township ?? r.Case?.Village ?? r.Line.Township ?? r.Line.County, r.Line.Entry, r.Line.OccurredOn, r.Line.ValidFrom, r.Line.ValidTo)
                { Organisation = r.Subject?.Name, Link = r.Subject is { } s ? $"/desk/registers/{s.Register}/{s.Id}" : null })],
            total, page, Math.Max(1, (total + size - 1) / size));
    }

    private IEnumerable<MatterRegister> All() => library.Current.SelectMany(r => r.Matter.Registers);
}

/// <summary>One line. The applicant's name is whole: pages mask it.</summary>
/// <param name="CaseId">Null for an imported line.</param>
/// <param name="Entry">JSON as the definition wrote it: references and codes.</param>
/// <param name="ValidTo">Last day; null: without an end.</param>
public sealed record RegisterLine(Guid Id, Guid? CaseId, string? Number, string? ApplicantName, string Division, string Entry, DateOnly OccurredOn, DateOnly ValidFrom, DateOnly? ValidTo)
{
    /// <summary>The organisation that it is about, whose name is public; null: about none.</summary>
    public string? Organisation { get; init; }

    /// <summary>Its page on the desk.</summary>
    public string? Link { get; init; }
}

public sealed record RegisterView(MatterRegister Register, IReadOnlyList<RegisterLine> Lines, int Total, int Page, int Pages);
