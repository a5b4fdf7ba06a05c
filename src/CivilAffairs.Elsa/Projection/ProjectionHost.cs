using Elsa.Extensions;
using Elsa.Persistence.EFCore.Extensions;
using Elsa.Persistence.EFCore.Modules.Management;
using Elsa.Persistence.EFCore.Modules.Runtime;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.ElsaRuntime.Projection;

/// <summary>Elsa's services as a stock server has them, for their stores alone: nothing is started, so nothing runs, is scheduled or resumed.</summary>
internal static class ProjectionHost
{
    internal static ServiceProvider Build(string connection, bool isSqlite)
    {
        var services = new ServiceCollection().AddLogging().AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddScoped(_ => new HeldDatabase(connection, isSqlite));
        services.AddElsa(elsa => elsa
            .UseWorkflowManagement(management => management.UseEntityFrameworkCore(ef => _ = isSqlite ? ef.UseSqlite(connection) : ef.UsePostgreSql(connection)))
            .UseWorkflowRuntime(runtime => runtime.UseEntityFrameworkCore(ef => _ = isSqlite ? ef.UseSqlite(connection) : ef.UsePostgreSql(connection))));
        services.Decorate<IDbContextFactory<ManagementElsaDbContext>, HeldContexts<ManagementElsaDbContext>>();
        services.Decorate<IDbContextFactory<RuntimeElsaDbContext>, HeldContexts<RuntimeElsaDbContext>>();
        return services.BuildServiceProvider();
    }
}
