using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Platform.Security;
using Hangfire;
using Hangfire.Common;
using Hangfire.InMemory;
using Hangfire.PostgreSql;
using Hangfire.States;
using Hangfire.Storage;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace CivilAffairs.Web.Features.Jobs;

/// <summary>Hangfire is the clock of the jobs and nothing else: all work lies in our own tables, so with SQLite its memory is enough.</summary>
internal static class JobServices
{
    private const string Path = "/hangfire", Schema = "hangfire";

    /// <summary>Setting <c>Jobs:Enabled</c>, true by default; tests that do not mean the clock set it false.</summary>
    private static bool Enabled(IConfiguration configuration) => configuration.GetValue("Jobs:Enabled", true);

    internal static IServiceCollection AddJobs(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<IJob, TimerJob>();
        services.AddSingleton<IJob, CalendarJob>();
        services.AddSingleton<IJob, AuditHeadJob>();
        services.AddSingleton<IJob, FileSweepJob>();
        services.AddSingleton<IJob, StrandedTasksJob>();
        services.AddSingleton<IJob, NoticeJob>();
        services.AddSingleton<IJob, ReverificationJob>();
        services.AddSingleton<IJob, GrantEndJob>();
        services.TryAddSingleton<IFilling, NoFilling>();
        services.AddSingleton<JobRunner>().AddSingleton<Board.JobBoard>().AddSingleton<Board.JobStarter>();
        if (!Enabled(configuration)) return services;
        services.AddHangfire(hangfire =>
        {
            hangfire.SetDataCompatibilityLevel(CompatibilityLevel.Version_180).UseSimpleAssemblyNameTypeSerializer().UseRecommendedSerializerSettings()
                // The next tick comes anyway, and what a run did stands in our table.
                .UseFilter(new AutomaticRetryAttribute { Attempts = 0, OnAttemptsExceeded = AttemptsExceededAction.Delete })
                .UseFilter(new ShortMemory());
            if (configuration.GetConnectionString("Database") is { Length: > 0 } postgres)
                hangfire.UsePostgreSqlStorage(storage => storage.UseNpgsqlConnection(postgres),
                    new PostgreSqlStorageOptions { SchemaName = Schema, QueuePollInterval = TimeSpan.FromSeconds(2) });
            else
                hangfire.UseInMemoryStorage(new InMemoryStorageOptions { MaxExpirationTime = TimeSpan.FromHours(1) });
        });
        services.AddHangfireServer(server =>
        {
            server.WorkerCount = 2;
            server.SchedulePollingInterval = TimeSpan.FromSeconds(5);
        });
        services.AddHostedService<JobClock>();
        services.AddHealthChecks().AddCheck<ClockHealth>("jobs", timeout: TimeSpan.FromSeconds(3));
        return services;
    }

    /// <summary>The clock's page at <c>/hangfire</c>, for administrators.</summary>
    internal static void MapJobs(this WebApplication app)
    {
        if (!Enabled(app.Configuration)) return;
        // The page sets a few widths in style attributes; scripts stay our own files, and no other path is touched.
        app.UseWhen(context => context.Request.Path.StartsWithSegments(Path, StringComparison.OrdinalIgnoreCase), branch => branch.Use((context, next) =>
        {
            context.Response.Headers.ContentSecurityPolicy = SecurityHeaders.ContentSecurityPolicy.Replace("style-src 'self'", "style-src 'self' 'unsafe-inline'", StringComparison.Ordinal);
            return next();
        }));
        app.MapHangfireDashboard(Path, new DashboardOptions
        {
            // Who may see it is asked by the policy below, as on every other page.
            Authorization = [],
            DashboardTitle = "CivilAffairs",
            DisplayStorageConnectionString = false,
        }).RequireAuthorization(Policies.Administrator);
    }

    /// <summary>Keeps what has run for an hour: every quarter of a minute makes one.</summary>
    private sealed class ShortMemory : JobFilterAttribute, IApplyStateFilter
    {
        public void OnStateApplied(ApplyStateContext context, IWriteOnlyTransaction transaction) => context.JobExpirationTimeout = TimeSpan.FromHours(1);
        public void OnStateUnapplied(ApplyStateContext context, IWriteOnlyTransaction transaction) => context.JobExpirationTimeout = TimeSpan.FromHours(1);
    }
}
