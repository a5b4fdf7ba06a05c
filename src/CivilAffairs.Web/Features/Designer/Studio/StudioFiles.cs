using System.IO.Compression;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Net.Http.Headers;

namespace CivilAffairs.Web.Features.Designer.Studio;

/// <summary>
/// Elsa Studio's own files under <c>/studio/_framework</c> and <c>/studio/_content</c>, as the npm package brings them
/// (docs/adr/0072): ready-made Brotli, sent as it lies there and unpacked for who does not take it.
/// </summary>
internal sealed partial class StudioFiles
{
    private const string Package = "node_modules/@elsa-workflows/elsa-studio-wasm";
    private static readonly FileExtensionContentTypeProvider Types = Known();
    private static readonly JsonObject Settings = new() { ["Logging"] = new JsonObject { ["LogLevel"] = new JsonObject { ["Default"] = "Warning" } }, ["Backend"] = new JsonObject { ["Url"] = StudioRoutes.Prefix } };
    private readonly string? root;

    /// <summary>Published they lie beside the program; from a checkout they are read where npm put them. <c>Studio:Folder</c> names another place.</summary>
    public StudioFiles(IConfiguration configuration, IHostEnvironment environment) => root = (configuration["Studio:Folder"] is { Length: > 0 } named ? [named] : new[] { Path.Combine(AppContext.BaseDirectory, "studio"), Path.Combine(environment.ContentRootPath, Package) })
        .FirstOrDefault(folder => Directory.Exists(Path.Combine(folder, "_framework")));

    /// <summary>False: the build ran without npm, and the designer's page says what to install.</summary>
    public bool AreInstalled => root is not null;

    /// <returns>False: no such file of the package, or one that is not served.</returns>
    public async Task<bool> TrySendAsync(HttpContext context, string path)
    {
        if (root is not null && path == "appsettings.json")
        {
            // The package's own names a server on its maker's machine; which one is asked, the page says.
            context.Response.Headers.CacheControl = "no-cache";
            await context.Response.WriteAsJsonAsync(Settings, context.RequestAborted);
            return true;
        }
        if (root is null || path.Contains("..", StringComparison.Ordinal) || !IsServed(path) || !Types.TryGetContentType(path, out var type)) return false;
        var plain = Path.Combine(root, path);
        var packed = new FileInfo(plain + ".br");
        var file = packed.Exists ? packed : new FileInfo(plain);
        if (!file.Exists) return false;

        var (headers, unpack) = (context.Response.Headers, packed.Exists && !TakesBrotli(context.Request));
        context.Response.ContentType = type;
        // A name with a fingerprint never means another file; the rest is asked about, and answered in a line.
        headers.CacheControl = Fingerprint().IsMatch(path) ? "public, max-age=31536000, immutable" : "no-cache";
        headers.Vary = "Accept-Encoding";
        var tag = $"\"{file.Length:x}-{file.LastWriteTimeUtc.Ticks:x}{(unpack ? "-plain" : "")}\"";
        headers.ETag = tag;
        if (context.Request.Headers.IfNoneMatch == tag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return true;
        }
        if (unpack)
        {
            if (HttpMethods.IsHead(context.Request.Method)) return true;
            await using var source = new BrotliStream(file.OpenRead(), CompressionMode.Decompress);
            await source.CopyToAsync(context.Response.Body, context.RequestAborted);
            return true;
        }
        if (packed.Exists) headers.ContentEncoding = "br";
        context.Response.ContentLength = file.Length;
        if (HttpMethods.IsGet(context.Request.Method)) await context.Response.SendFileAsync(file.FullName, context.RequestAborted);
        return true;
    }

    /// <summary>What the Studio loads: no maps, no page of the package's own, and of the themes only the one that is used.</summary>
    internal static bool IsServed(string path) =>
        (path.StartsWith("_framework/", StringComparison.Ordinal) || path.StartsWith("_content/", StringComparison.Ordinal) || path is "Elsa.Studio.Host.CustomElements.styles.css")
        && !path.EndsWith(".map", StringComparison.Ordinal) && !path.EndsWith(".br", StringComparison.Ordinal) && !path.EndsWith(".gz", StringComparison.Ordinal);

    private static bool TakesBrotli(HttpRequest request) => request.GetTypedHeaders().AcceptEncoding.Any(e => e.Value.Equals("br", StringComparison.OrdinalIgnoreCase) && e.Quality is null or > 0);

    private static FileExtensionContentTypeProvider Known()
    {
        var types = new FileExtensionContentTypeProvider();
        types.Mappings[".wasm"] = "application/wasm";
        types.Mappings[".dat"] = "application/octet-stream";
        types.Mappings[".js"] = "text/javascript";
        types.Mappings[".cur"] = "image/x-icon";
        return types;
    }

    [GeneratedRegex(@"\.[a-z0-9]{10}\.[a-z0-9.]+$")]
    private static partial Regex Fingerprint();
}
