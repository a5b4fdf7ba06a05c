using System.Security.Claims;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Hangfire.Dashboard;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Jobs;

/// <summary>Lets in who holds the administrator's role 系统管理员 today. Asks the database, not the cookie: a posting that ended ends this too.</summary>
internal sealed class DashboardGate(IReader reader, TimeProvider time) : IDashboardAsyncAuthorizationFilter
{
    public async Task<bool> AuthorizeAsync(DashboardContext context)
    {
        var http = context.GetHttpContext();
        if (http.User.Identity?.IsAuthenticated != true || !Guid.TryParse(http.User.FindFirstValue(ClaimTypes.NameIdentifier), out var id)) return false;
        var today = time.Today();
        await using var db = reader.Open();
        return await db.Set<Account>().AnyAsync(a => a.Id == id && !a.Disabled
            && a.Postings.Any(p => p.Role == Roles.Administrator && p.From <= today && (p.To == null || p.To >= today)), http.RequestAborted).ConfigureAwait(false);
    }
}
