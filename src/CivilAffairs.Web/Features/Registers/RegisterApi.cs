using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Registers;

/// <summary>The registers and lists 登记簿与台账, for those whom each lets read it.</summary>
internal static class RegisterApi
{
    public static void MapRegisters(this RouteGroupBuilder api)
    {
        var registers = api.MapGroup("/registers").Guarded().RequireAuthorization(Policies.Officer).ProducesProblem(401).ProducesProblem(403).WithTags("Registers");
        registers.MapGet("", async (RegisterQuery query, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok<IReadOnlyList<ApiRegister>>([.. query.Readable(await viewers.RequireAsync(cancel)).Select(r => new ApiRegister(r.Id, r.Name, r.Source, r.HasSubjects))]))
            .WithSummary("Registers that the caller may read").WithDescription("benefits and certificates, and what matters keep: a matter says which roles read a register of its.");
        Import.ImportApi.MapImports(registers);
        Subjects.SubjectApi.MapSubjects(registers);
        Lines.LineApi.MapLines(registers);
        Expiring.ExpiringApi.MapExpiring(registers);
    }
}

/// <param name="Id"><c>relatives</c>: 近亲属备案.</param>
/// <param name="HasSubjects">It is asked by its subjects, else line by line.</param>
internal sealed record ApiRegister(string Id, Words Name, string Source, bool HasSubjects);
