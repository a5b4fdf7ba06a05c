using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace CivilAffairs.Web.Platform.Telemetry;

/// <summary>
/// The product's own spans and measures, all by the name <see cref="Name"/>. Costs next to nothing while nobody listens.
/// Tags are codes and ids of ours, never words that somebody typed: what leaves the house names no person.
/// </summary>
internal static class ProductTelemetry
{
    internal const string Name = "CivilAffairs";

    internal static readonly ActivitySource Source = new(Name);
    private static readonly Meter Meter = new(Name);

    /// <summary>Commands (decisions and all else that changes something), by <c>civilaffairs.command</c>, <c>civilaffairs.outcome</c> and, refused or failed, <c>error.type</c>.</summary>
    internal static readonly Histogram<double> Commands = Meter.CreateHistogram<double>("civilaffairs.command.duration", "s", "From being asked for to being on disk.");

    /// <summary>SQLite only: how many works shared one commit.</summary>
    internal static readonly Histogram<int> Groups = Meter.CreateHistogram<int>("civilaffairs.writer.group", "{work}", "Works that shared one commit.");

    /// <summary>SQLite only.</summary>
    internal static readonly Histogram<double> Commits = Meter.CreateHistogram<double>("civilaffairs.writer.commit.duration", "s", "A group's works and its commit.");

    /// <summary>What became of letters, by <c>civilaffairs.letter.state</c>: <c>sent</c>, <c>later</c> or <c>parked</c>.</summary>
    internal static readonly Counter<long> Letters = Meter.CreateCounter<long>("civilaffairs.outbox.letters", "{letter}", "Letters that were tried.");

    /// <summary>By <c>civilaffairs.job</c>, <c>civilaffairs.outcome</c> and <c>error.type</c>.</summary>
    internal static readonly Histogram<double> Jobs = Meter.CreateHistogram<double>("civilaffairs.job.duration", "s", "Runs of jobs, those that found nothing included.");

    /// <summary>Ends a span and its measure together.</summary>
    internal static void Record(this Histogram<double> measure, TimeSpan took, string subject, string name, string outcome, string? error, Activity? span)
    {
        var tags = new TagList { { subject, name }, { "civilaffairs.outcome", outcome } };
        span?.SetTag("civilaffairs.outcome", outcome);
        if (error is not null)
        {
            tags.Add("error.type", error);
            span?.SetTag("error.type", error).SetStatus(ActivityStatusCode.Error);
        }
        measure.Record(took.TotalSeconds, tags);
    }
}
