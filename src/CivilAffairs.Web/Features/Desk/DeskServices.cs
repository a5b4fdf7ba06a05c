using CivilAffairs.Web.Features.Cases.Words;
using CivilAffairs.Web.Features.Desk.Casefile;
using CivilAffairs.Web.Features.Desk.Counter;
using CivilAffairs.Web.Features.Desk.Print;
using CivilAffairs.Web.Features.Desk.Recusal;
using CivilAffairs.Web.Features.Desk.Search;
using CivilAffairs.Web.Features.Desk.Shell;
using CivilAffairs.Web.Platform.Jobs;
using MudBlazor.Services;

namespace CivilAffairs.Web.Features.Desk;

/// <summary>The officers' desk: Blazor components that run here and show themselves in the officer's browser.</summary>
internal static class DeskServices
{
    public static IServiceCollection AddDesk(this IServiceCollection services)
    {
        // A template of a matter is one text: what its editor sends at once may be longer than a field's.
        services.AddRazorComponents().AddInteractiveServerComponents().AddHubOptions(hub =>
        {
            hub.MaximumReceiveMessageSize = 512 * 1024;
            // A busy browser or server is late now and then: it is not gone before two minutes of silence, and what the browser waits for comes early.
            (hub.KeepAliveInterval, hub.ClientTimeoutInterval) = (TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(2));
        });
        services.AddMudServices(options => options.SnackbarConfiguration.PreventDuplicates = false);
        services.AddScoped<CaseWords>();
        services.AddScoped<DeskSession>();
        services.AddSingleton<SearchQuery>();
        services.AddSingleton<DossierQuery>();
        services.AddSingleton<FullView>();
        services.AddScoped<DossierWriter>();
        services.AddScoped<StoryWords>();
        services.AddScoped<ComparisonWords>();
        services.AddScoped<Print.CaseFileParts>();
        services.AddSingleton<Print.CasePrints>();
        services.AddSingleton<IJob, Print.CasePrintJob>();
        services.AddSingleton<CounterQuery>();
        services.AddSingleton<StrandedQuery>();
        return services;
    }

    public static void MapDesk(this IEndpointRouteBuilder app)
    {
        app.MapRazorComponents<DeskApp>().AddInteractiveServerRenderMode();
        app.MapCaseFiles();
        app.MapCasePrints();
    }
}
