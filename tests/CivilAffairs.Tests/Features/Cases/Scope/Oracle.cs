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
        if (IsRecused(who, @case.Id)) return false;
        foreach (var posting in who.Held)
        {
            if (posting.Role == "MGR" || posting.Role == "ADM") continue;
            if (@case.Status == "Draft")
            {
                if (@case.FiledById == who.AccountId) return true;
                continue;
            }
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
        if (!who.Held.Any(h => h.Role == task.Role && h.Division == task.Division)) return false;
        if (task.HolderId != null && task.HolderId != who.AccountId) return false;
        return !IsRecused(who, task.CaseId);
    }

    private bool IsRecused(Viewer who, Guid caseId) => county.Recusals.Any(r => r.CaseId == caseId && r.AccountId == who.AccountId);
}
