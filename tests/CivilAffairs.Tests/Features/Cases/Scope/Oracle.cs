using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Tests.Features.Cases.Scope;

/// <summary>The rule of domain §2 and §13 once more, written plainly over lists: shares nothing with the product but the data.</summary>
internal sealed class Oracle(SmallCounty county)
{
    public bool Sees(Viewer who, Case @case)
    {
        if (who.Kind == AccountKind.Applicant)
        {
            if (@case.ApplicantAccountId == who.AccountId) return true;
            if (@case.Status == "Draft" || who.PersonId == null) return false;
            return county.Parties.Any(p => p.CaseId == @case.Id && p.PersonId == who.PersonId && p.Current && p.Sees);
        }
        if (IsRecused(who.AccountId, @case.Id)) return false;
        if (@case.Status == "Draft") return @case.FiledById == who.AccountId && who.Held.Any(h => h.Role != "MGR" && h.Role != "ADM");
        return SeesByPosts(who.Held, @case) || who.ActsFor.Any(a => !IsRecused(a.AccountId, @case.Id) && SeesByPosts(a.Held, @case));
    }

    private bool SeesByPosts(IReadOnlyList<HeldRole> held, Case @case)
    {
        foreach (var posting in held)
        {
            if (posting.Role == "MGR" || posting.Role == "ADM") continue;
            if (!@case.Village!.StartsWith(posting.Division, StringComparison.Ordinal)) continue;
            if (posting.Role == "TCK" || posting.Role == "TRV" || posting.Role == "DHD" || posting.Role == "LDR" || posting.Role == "SUP") return true;
            if (county.Tasks.Any(t => t.CaseId == @case.Id && t.Role == posting.Role && t.Division == posting.Division)) return true;
            if (posting.Role == "FIN" && county.Grants.Any(g => g.CaseId == @case.Id)) return true;
        }
        return false;
    }

    /// <summary>In the queue: open, of a posting held, nobody else's.</summary>
    public bool MayTake(Viewer who, WorkTask task)
    {
        if (task.State != TaskState.Open) return false;
        if (task.Role == "MGR" || task.Role == "ADM") return false;
        if (IsRecused(who.AccountId, task.CaseId)) return false;
        if (Takes(who.AccountId, who.Held)) return true;
        return who.ActsFor.Any(a => !IsRecused(a.AccountId, task.CaseId) && Takes(a.AccountId, a.Held));

        bool Takes(Guid id, IReadOnlyList<HeldRole> held) => held.Any(h => h.Role == task.Role && h.Division == task.Division) && (task.HolderId == null || task.HolderId == id);
    }

    private bool IsRecused(Guid who, Guid caseId) => county.Recusals.Any(r => r.CaseId == caseId && r.AccountId == who);
}
