using CivilAffairs.Web.Platform.Documents;
using CivilAffairs.Web.Platform.Documents.Fonts;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CivilAffairs.Tests.Support;

/// <summary>The product on a machine whose papers take as long as a test says: between two looks at the clock minutes pass.</summary>
internal sealed class SlowPaperApp(string? connection, PaperClock clock, IReadOnlyDictionary<string, string>? settings = null, ILoggerProvider? log = null) : TestApp(connection, null, settings)
{
    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureServices(services => services.AddSingleton(p => new DocumentRenderer(p.GetRequiredService<DocumentFonts>(), clock, p.GetRequiredService<ILogger<DocumentRenderer>>())));
        if (log is not null) builder.ConfigureServices(services => services.AddSingleton(log));
    }
}

/// <summary>The renderer's clock.</summary>
internal sealed class PaperClock : TimeProvider
{
    private long passed;
    private int slow;

    /// <summary>So many looks at the clock find two minutes gone since the last.</summary>
    public int Slow { get => slow; set => slow = value; }

    public override long GetTimestamp()
    {
        if (Interlocked.Decrement(ref slow) >= 0) Interlocked.Add(ref passed, 120 * TimestampFrequency);
        else Interlocked.CompareExchange(ref slow, 0, -1);
        return base.GetTimestamp() + Interlocked.Read(ref passed);
    }
}
