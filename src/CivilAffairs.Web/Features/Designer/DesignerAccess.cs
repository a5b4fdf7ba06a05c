using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Designer.Drafts;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Designer;

/// <summary>
/// Who sees and changes how matters are handled (docs/adr/0070): managers posted to the county, for a matter is handled the same
/// way everywhere in it. Queries narrow by these scopes; to everybody else there is nothing.
/// </summary>
public static class DesignerAccess
{
    public static bool MayManage(Viewer viewer)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        return viewer.IsOfficer && viewer.HoldsForCounty(Roles.Manager);
    }

    /// <exception cref="NotAllowedException">Not a manager of the county.</exception>
    public static void Require(Viewer viewer)
    {
        if (!MayManage(viewer)) throw new NotAllowedException("designer.managersOnly");
    }

    /// <summary>Open drafts that the viewer may see.</summary>
    public static IQueryable<MatterDraft> InScope(this IQueryable<MatterDraft> drafts, Viewer viewer)
    {
        var may = MayManage(viewer);
        return drafts.Where(d => may && d.State != DraftState.Closed);
    }

    /// <summary>Publications that the viewer may see with who, when and why.</summary>
    public static IQueryable<PublishedRevision> InScope(this IQueryable<PublishedRevision> revisions, Viewer viewer)
    {
        var may = MayManage(viewer);
        return revisions.Where(_ => may);
    }
}
