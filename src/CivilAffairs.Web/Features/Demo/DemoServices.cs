using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Demo;

/// <summary>The fictional county, in Development alone; <c>Demo:Seed=false</c> leaves the installation empty, <c>Demo:Cases</c> makes the county smaller.</summary>
internal static class DemoServices
{
    internal static void AddDemo(this IServiceCollection services, IHostEnvironment environment)
    {
        if (!environment.IsDevelopment()) return;
        services.AddScoped<DemoSeed>();
        services.AddSingleton<CountyFilling>().AddSingleton<IFilling>(p => p.GetRequiredService<CountyFilling>());
        services.AddSingleton<CountyGrowth>().AddHostedService(p => p.GetRequiredService<CountyGrowth>());
        services.AddSingleton<IDemoAccounts, SeededAccounts>();
    }

    internal static async Task SeedDemoAsync(this WebApplication app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        if (scope.ServiceProvider.GetService<DemoSeed>() is not { } seed || !app.Configuration.GetValue("Demo:Seed", true)) return;
        if (await seed.RunAsync(app.Lifetime.ApplicationStopping)) await app.Services.GetRequiredService<CountyGrowth>().PrepareAsync(app.Lifetime.ApplicationStopping);
    }
}

internal sealed class SeededAccounts(DivisionDirectory divisions) : IDemoAccounts
{
    public Task<IReadOnlyList<DemoAccount>> ListAsync(CancellationToken cancel = default) => Task.FromResult<IReadOnlyList<DemoAccount>>(divisions.Find(County.Code) is null ? [] :
    [
        .. DemoOffices.Applicants.Select(a => new DemoAccount(a.UserName, a.UserName, Roles.Applicant, divisions.Name(County.Code, english: false), divisions.Name(County.Code, english: true))),
        new DemoAccount(DemoOffices.Representative.UserName, DemoOffices.Representative.UserName, Roles.Applicant, divisions.Name(County.Code, english: false), divisions.Name(County.Code, english: true)),
        .. DemoOffices.All.Select(o => new DemoAccount(o.UserName, o.Name, o.Role, divisions.Name(o.Division, english: false), divisions.Name(o.Division, english: true))),
    ]);
}
