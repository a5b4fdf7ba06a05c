using System.Text.Encodings.Web;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Logging.Console;

namespace CivilAffairs.Web.Platform.Logging;

/// <summary>Where the log goes and how much of it; an operator's own <c>Logging:LogLevel</c> settings win over these.</summary>
internal static class Logs
{
    private static readonly Dictionary<string, string?> Levels = new()
    {
        ["Logging:LogLevel:Default"] = "Information",
        // Their lines for each request hold raw paths and queries; the product writes one of its own instead.
        ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
        // Each probe again; the product names a check when it changes.
        ["Logging:LogLevel:Microsoft.Extensions.Diagnostics.HealthChecks"] = "None",
        ["Logging:LogLevel:Hangfire"] = "Warning",
    };

    internal static void AddLogs(this WebApplicationBuilder builder)
    {
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = Levels });
        // Whatever is set: statements hold what people typed.
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning);
        if (builder.Environment.IsDevelopment())
        {
            builder.Logging.AddSimpleConsole(console => (console.SingleLine, console.TimestampFormat) = (true, "HH:mm:ss "));
            return;
        }
        builder.Logging.AddJsonConsole(json =>
        {
            (json.IncludeScopes, json.UseUtcTimestamp, json.TimestampFormat) = (true, true, "yyyy-MM-ddTHH:mm:ss.fffZ");
            // For consoles and log stores, not for pages: Chinese stays readable.
            json.JsonWriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        });
        builder.Logging.AddConsoleFormatter<PrivateJsonFormatter, ConsoleFormatterOptions>();
        builder.Logging.AddConsole(console => console.FormatterName = PrivateJsonFormatter.FormatterName);
    }
}
