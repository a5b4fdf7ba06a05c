using Microsoft.AspNetCore.Antiforgery;

namespace CivilAffairs.Web.Platform.Api;

/// <summary>What the routes of the HTTP API have in common: how a command is sent, and what stands against forged ones.</summary>
public static class ApiRoutes
{
    /// <summary>Chosen by the sender, 1 to 100 characters: however often a command is sent under it, it is done once.</summary>
    public const string KeyHeader = "Idempotency-Key";

    /// <summary>The session's request token, from <c>POST</c> or <c>GET /api/v1/session</c>.</summary>
    public const string TokenHeader = "RequestVerificationToken";

    private const int LongestKey = 100;

    /// <summary>A command: is refused without <see cref="KeyHeader"/>, and described with it.</summary>
    public static RouteHandlerBuilder Command(this RouteHandlerBuilder route) => route
        .WithMetadata(ApiCommand.Instance)
        .AddEndpointFilter((call, next) => IsKey(call.HttpContext.Request.Headers[KeyHeader].ToString()) ? next(call) : throw new MalformedRequestException(KeyHeader,
            $"请求头 Idempotency-Key 必须有，1 至 {LongestKey} 个字符。", $"The header Idempotency-Key is required, 1 to {LongestKey} characters."))
        .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity).ProducesProblem(StatusCodes.Status503ServiceUnavailable);

    /// <summary>
    /// Refuses what a signed-in caller sends without their session's token: a browser adds the session's cookie to what
    /// another site sends, but not this header. Answers are for the caller alone and never kept.
    /// </summary>
    public static RouteGroupBuilder Guarded(this RouteGroupBuilder routes) => routes.AddEndpointFilter(async (call, next) =>
    {
        var context = call.HttpContext;
        context.Response.Headers.CacheControl = "no-store";
        if (HttpMethods.IsGet(context.Request.Method) || context.User.Identity?.IsAuthenticated != true) return await next(call);
        try
        {
            await context.RequestServices.GetRequiredService<IAntiforgery>().ValidateRequestAsync(context);
        }
        catch (AntiforgeryValidationException)
        {
            throw new MalformedRequestException(TokenHeader, "请求头 RequestVerificationToken 缺少或已失效，请重新读取 /api/v1/session。",
                "The header RequestVerificationToken is missing or no longer valid; read /api/v1/session again.");
        }
        return await next(call);
    });

    /// <summary>Tells the case's version, for <c>If-Match</c> on a later command.</summary>
    public static void Tag(this HttpContext context, long version) =>
        (context ?? throw new ArgumentNullException(nameof(context))).Response.Headers.ETag = $"\"{version}\"";

    /// <summary>Reads <c>If-Match</c>.</summary>
    /// <returns>Null: whatever the version is.</returns>
    /// <exception cref="MalformedRequestException">It is no version of ours.</exception>
    public static long? Version(string? ifMatch) => ifMatch?.Trim() switch
    {
        null or "" or "*" => null,
        ['"', .. var inner, '"'] when long.TryParse(inner, out var version) => version,
        _ => throw new MalformedRequestException("If-Match", "请求头 If-Match 应是读取时得到的 ETag，例如 \"7\"。", "The header If-Match must be the ETag that was read, for example \"7\"."),
    };

    private static bool IsKey(string key) => key.Length is > 0 and <= LongestKey;
}

/// <summary>Marks a route that takes <see cref="ApiRoutes.KeyHeader"/>.</summary>
public sealed class ApiCommand
{
    public static ApiCommand Instance { get; } = new();
}

/// <summary>A request that cannot be understood, with the header, query value or property at fault. HTTP 400. Nothing was done.</summary>
public sealed class MalformedRequestException(string field, string zh, string en) : Exception(en)
{
    public string Field { get; } = field;
    public string Zh { get; } = zh;
    public string En { get; } = en;
}
