using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Designer.Studio;

/// <summary>Elsa Studio in our pages: its files, its API over our store, and the pages that hold it.</summary>
internal static class StudioServices
{
    public static IServiceCollection AddStudio(this IServiceCollection services) => services
        .AddSingleton<StudioDrafts>().AddSingleton<StudioFiles>().AddSingleton<StudioGuard>().AddSingleton<InstanceStories>().AddSingleton<StudioDefinitions>().AddSingleton<StudioSave>()
        .AddSingleton<StudioStates>().AddSingleton<CaseDiagramWords>().AddSingleton<InputChoices>().AddSingleton<ActivityDescriptors>();

    /// <summary>Before anybody is asked who they are: the files are the same for everyone.</summary>
    public static IApplicationBuilder UseStudioFiles(this IApplicationBuilder app)
    {
        var files = app.ApplicationServices.GetRequiredService<StudioFiles>();
        return app.Use((context, next) =>
            (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method)) && context.Request.Path.StartsWithSegments("/studio", out var rest) ? SendAsync(context, rest, next) : next(context));

        async Task SendAsync(HttpContext context, PathString rest, RequestDelegate next)
        {
            if (!await files.TrySendAsync(context, rest.Value?.TrimStart('/') ?? "")) await next(context);
        }
    }
}
