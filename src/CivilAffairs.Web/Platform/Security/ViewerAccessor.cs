using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;

namespace CivilAffairs.Web.Platform.Security;

/// <summary>
/// Who looks, for Razor Pages, endpoints and Blazor components alike. Asks the database at most every five seconds, so
/// that a page costs one query and an open desk notices a posting that ended or an account that was disabled.
/// </summary>
public sealed class ViewerAccessor(IViewerSource source, IHttpContextAccessor http, IServiceProvider services, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);
    private Guid? known;
    private Viewer? viewer;
    private DateTimeOffset asked;

    /// <summary>Null: nobody is signed in, or the account is disabled.</summary>
    public async Task<Viewer?> GetAsync(CancellationToken cancel = default) => await OfAsync(await PrincipalAsync().ConfigureAwait(false), cancel).ConfigureAwait(false);

    /// <exception cref="NobodySignedInException">Nobody is signed in. HTTP 401.</exception>
    public async Task<Viewer> RequireAsync(CancellationToken cancel = default) => await GetAsync(cancel).ConfigureAwait(false) ?? throw new NobodySignedInException();

    /// <summary>The viewer that a principal stands for.</summary>
    public async Task<Viewer?> OfAsync(ClaimsPrincipal? principal, CancellationToken cancel = default)
    {
        if (principal.AccountId() is not { } id) return null;
        var now = time.GetUtcNow();
        if (known == id && now - asked < Fresh) return viewer;
        viewer = await source.FindAsync(id, cancel).ConfigureAwait(false);
        (known, asked) = (id, now);
        return viewer;
    }

    // A circuit has no request of its own but a state provider; a request has both, and the provider is set only for components.
    private async Task<ClaimsPrincipal?> PrincipalAsync()
    {
        if (http.HttpContext is { } context) return context.User;
        return services.GetService<AuthenticationStateProvider>() is { } provider
            ? (await provider.GetAuthenticationStateAsync().ConfigureAwait(false)).User
            : null;
    }
}

/// <summary>Nobody is signed in. HTTP 401.</summary>
public sealed class NobodySignedInException() : Exception("Nobody is signed in.");
