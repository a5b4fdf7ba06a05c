using CivilAffairs.Web.Platform.Documents.Fonts;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CivilAffairs.Web.Platform.Documents;

/// <summary>Registration of the document renderer.</summary>
public static class DocumentServices
{
    /// <summary>Adds <see cref="DocumentRenderer"/> as a singleton; the fonts are opened at first use, not at start.</summary>
    public static IServiceCollection AddDocuments(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(_ => new DocumentFonts());
        services.AddSingleton(provider => new DocumentRenderer(provider.GetRequiredService<DocumentFonts>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<DocumentRenderer>>()));
        return services;
    }
}
