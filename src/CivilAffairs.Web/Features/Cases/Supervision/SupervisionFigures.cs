using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Supervision;

/// <summary>How each office dealt with the orders of a year: those of cases that the viewer sees.</summary>
internal sealed class SupervisionFigures(IReader reader, TimeProvider time)
{
    /// <summary>More than any county has offices.</summary>
    private const int Most = 500;

    /// <param name="year">Null: this one.</param>
    /// <returns>By office, in the order of division codes; offices without an order are left out.</returns>
    /// <exception cref="Commands.NotAllowedException">The viewer does not lead.</exception>
    public async Task<IReadOnlyList<OfficeFigures>> ReadAsync(Viewer viewer, int? year = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        SupervisionExports.RequireLeads(viewer);
        var today = time.Today();
        var first = new DateOnly(Math.Clamp(year ?? today.Year, 1, 9998), 1, 1);
        var next = first.AddYears(1);
        await using var db = reader.Open();
        var visible = db.Set<Case>().VisibleTo(db, viewer);
        return await db.Set<SupervisionOrder>().Where(o => o.OccurredOn >= first && o.OccurredOn < next)
            .Join(visible, o => o.CaseId, c => c.Id, (o, c) => new { o.Office, o.InTime, Runs = o.EndedAt == null, Overdue = o.State == SupervisionState.Open && o.DueOn < today && c.ClosedAt == null })
            .GroupBy(o => o.Office).OrderBy(g => g.Key).Take(Most)
            .Select(g => new OfficeFigures(g.Key, g.Count(), g.Count(o => o.InTime == true && !o.Overdue), g.Count(o => o.InTime == false || o.Overdue), g.Count(o => o.Runs)))
            .ToListAsync(cancel).ConfigureAwait(false);
    }
}

/// <param name="Office">Division code of the office that had the case in hand when the order was issued.</param>
/// <param name="InTime">Every answer came by its day.</param>
/// <param name="Late">An answer came after its day, or is overdue now. What was withdrawn unanswered is in neither.</param>
/// <param name="Open">Runs now, answered or not.</param>
public sealed record OfficeFigures(string Office, int Issued, int InTime, int Late, int Open);
