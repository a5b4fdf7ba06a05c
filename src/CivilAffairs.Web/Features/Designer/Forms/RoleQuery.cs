using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Designer.Forms;

/// <summary>Which roles a matter uses, on which steps, and how many persons hold them where the viewer manages matters. Numbers, no names.</summary>
internal sealed class RoleQuery(IReader reader, DivisionDirectory divisions, TimeProvider time)
{
    public async Task<IReadOnlyList<RoleLine>> ReadAsync(Viewer viewer, OpenMatter open, CancellationToken cancel = default)
    {
        if (!DesignerAccess.MayManage(viewer)) return [];
        var steps = LimitTable.Read(open.Files);
        var said = JsonFile.Read(open.Files.GetValueOrDefault(JsonFile.Matter)).Root.In("roles").Parts().Select(r => (Code: r["code"].Text() ?? "", Level: r["level"].Text() ?? "")).ToList();
        var codes = said.Select(s => s.Code).Concat(steps.Select(s => s.Role)).OfType<string>().Distinct().ToArray();
        var today = time.Today();
        await using var db = reader.Open();
        var posts = await db.Set<Posting>().Where(p => codes.Contains(p.Role) && p.From <= today && (p.To == null || p.To >= today) && db.Users.Any(a => a.Id == p.AccountId && !a.Disabled))
            .Select(p => new { p.Role, p.Division, p.AccountId }).Distinct().ToListAsync(cancel).ConfigureAwait(false);
        var mine = viewer.Held.Where(h => h.Role == Roles.Manager).Select(h => h.Division).ToList();
        bool Mine(string division) => mine.Exists(m => division.StartsWith(m, StringComparison.Ordinal));
        var offices = divisions.All.Where(d => Mine(d.Code)).ToLookup(d => d.Code.Length, d => d.Code);
        var missing = steps.Where(s => s.Role is { } role && said.TrueForAll(r => r.Code != role)).Select(s => (Code: s.Role!, Level: s.Level ?? "")).Distinct();
        return [.. said.Concat(missing).Select(role =>
        {
            var length = role.Level switch { "village" => 12, "township" => 9, _ => 6 };
            var held = posts.Where(p => p.Role == role.Code && p.Division.Length == length && Mine(p.Division)).ToList();
            var own = offices[length].ToList();
            var ofOthers = said.Count(r => r.Code == role.Code) > 1;
            return new RoleLine(role.Code, role.Level, [.. steps.Where(s => s.Role == role.Code && (!ofOthers || s.Level is null || s.Level == role.Level)).Select(s => s.Step).Distinct()],
                held.Select(p => p.AccountId).Distinct().Count(), role.Code == Roles.Applicant ? 0 : own.Count, role.Code == Roles.Applicant ? 0 : own.Except(held.Select(p => p.Division)).Count());
        })];
    }
}
