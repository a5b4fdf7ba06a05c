using System.Globalization;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Demo;

/// <summary>The people of the fictional county's offices and its online applicants, as they act.</summary>
internal sealed record DemoSeats(IReadOnlyList<Viewer> Officers, IReadOnlyList<Viewer> Applicants)
{
    public static async Task<DemoSeats> LoadAsync(IReader reader, CancellationToken cancel)
    {
        await using var db = reader.Open();
        var all = await db.Set<Account>().Include(a => a.Postings).ToListAsync(cancel);
        Viewer Of(string userName) => all.Where(a => a.UserName == userName)
            .Select(a => new Viewer(a.Id, a.DisplayName, a.Kind, [.. a.Postings.Select(p => new HeldRole(p.Role, p.Division))], a.PersonId)).First();
        return new DemoSeats([.. DemoOffices.All.Select(o => Of(o.UserName))], [.. DemoOffices.Applicants.Select(a => Of(a.UserName))]);
    }

    /// <summary><c>inv-2</c>: the second of those who hold the task's role in its place.</summary>
    /// <param name="turn">Who is the first: so that work goes round.</param>
    public Viewer Of(WorkTask task, string by, int turn = 0) => Of(task.Role, task.Division, int.Parse(by[(by.LastIndexOf('-') + 1)..], CultureInfo.InvariantCulture) - 1 + turn);

    /// <summary>One of those who hold a role in a place, in turn.</summary>
    public Viewer Of(string role, string division, int turn)
    {
        var able = Officers.Where(s => s.Holds(role, division)).ToList();
        return able[turn % able.Count];
    }

    /// <summary>One of those at whose counter a matter is filed from a village, in turn.</summary>
    public Viewer Filing(MatterFile matter, string village, int turn)
    {
        var able = Officers.Where(s => matter.Applicants.CounterRoles.Any(role => s.Held.Any(h => h.Role == role && village.StartsWith(h.Division, StringComparison.Ordinal)))).ToList();
        return able[turn % able.Count];
    }

    public Viewer Of(string role) => Officers.First(s => s.Held.Any(h => h.Role == role));
}
