using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CivilAffairs.Tests.Support;

/// <summary>A collector on loopback that takes OTLP over HTTP (protobuf) and keeps the bytes.</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<(string Signal, byte[] Body)> received = new();

    private OtlpReceiver(WebApplication app) => this.app = app;

    /// <summary>For <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>.</summary>
    public string Address => app.Urls.Single();

    /// <summary>The settings by which a product sends here, soon.</summary>
    public Dictionary<string, string> Settings => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Address, ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf", ["OTEL_BSP_SCHEDULE_DELAY"] = "100", ["OTEL_METRIC_EXPORT_INTERVAL"] = "300",
    };

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new OtlpReceiver(builder.Build());
        receiver.app.MapPost("/v1/{signal}", async (HttpContext context, string signal) =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            receiver.received.Enqueue((signal, body.ToArray()));
            // An empty answer message: all was taken.
            return Results.Bytes([], "application/x-protobuf");
        });
        await receiver.app.StartAsync();
        return receiver;
    }

    /// <param name="signal"><c>traces</c> or <c>metrics</c>; null: both.</param>
    /// <param name="text">Texts of a protobuf message stand in it as UTF-8.</param>
    public bool Has(string text, string? signal = null) => Count(text, signal) > 0;

    public int Count(string text, string? signal = null)
    {
        var wanted = Encoding.UTF8.GetBytes(text);
        return received.Count(r => (signal is null || r.Signal == signal) && r.Body.AsSpan().IndexOf(wanted) >= 0);
    }

    public async Task WaitForAsync(string text, string signal)
    {
        for (var until = DateTime.UtcNow.AddSeconds(90); !Has(text, signal); await Task.Delay(50))
            if (DateTime.UtcNow > until) throw new TimeoutException($"No '{text}' came among {received.Count(r => r.Signal == signal)} messages of {signal}.");
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
