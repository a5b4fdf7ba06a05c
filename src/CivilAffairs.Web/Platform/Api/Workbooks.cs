using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace CivilAffairs.Web.Platform.Api;

/// <summary>Workbooks, and other files, that are written into the answer as they are made.</summary>
internal static class Workbooks
{
    public const string Type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    /// <param name="name">Of the file that a browser keeps.</param>
    /// <param name="type">Of what is written, where it is no workbook.</param>
    public static async Task WriteAsync(HttpContext context, string name, Func<Stream, Task> write, string type = Type)
    {
        context.Response.ContentType = type;
        var disposition = new ContentDispositionHeaderValue("attachment");
        disposition.SetHttpFileName(name);
        context.Response.Headers.ContentDisposition = disposition.ToString();
        context.Response.Headers.CacheControl = "no-store";
        // The zip's last bytes are written in one go when it is closed.
        if (context.Features.Get<IHttpBodyControlFeature>() is { } body) body.AllowSynchronousIO = true;
        await write(context.Response.Body);
    }
}
