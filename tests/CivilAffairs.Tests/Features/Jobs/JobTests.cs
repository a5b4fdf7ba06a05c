using System.Net;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Jobs;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Hangfire;
using Hangfire.Common;
using Hangfire.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Jobs;

/// <summary>Hangfire is the clock: jobs run at the start, when it is time, and as soon as the outbox was written to.</summary>
public sealed class JobTests
{
    private static readonly Dictionary<string, string> Enabled = new() { ["Jobs:Enabled"] = "true" };

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_commit_that_wrote_to_the_outbox_sends_at_once_and_the_clock_knows_every_job(string kind)
    {
        await using var server = SmtpServer.Start();
        await using var app = await MailApp.StartAsync(kind, server, Enabled);
        await app.WriteAsync(app.Message(await app.PersonAsync("now@people.example")));
        await server.WaitForAsync(1);

        using var connection = app.Services.GetRequiredService<JobStorage>().GetConnection();
        var known = await EventuallyAsync(() => Task.FromResult(connection.GetRecurringJobs()), jobs => jobs.Count == app.Services.GetServices<IJob>().Count());
        Assert.Equal(app.Services.GetServices<IJob>().Select(j => (j.Id, j.Cron)).Order(), known.Select(j => (j.Id, j.Cron)).Order());
        Assert.Equal("Asia/Shanghai", Assert.Single(known, j => j.Id == "audit-head").TimeZoneId);

        var run = await EventuallyAsync(async () =>
        {
            await using var db = app.Services.GetRequiredService<IReader>().Open();
            return await db.Set<JobRun>().FirstOrDefaultAsync(r => r.Id == "mail" && r.Done > 0);
        }, r => r is not null);
        Assert.Equal((1, null), (run!.Done, run.LastError));
        Assert.True(run.LastFinishedAt >= run.LastStartedAt);

        // The clock itself, without a nudge: what it starts is really run.
        var before = run.LastStartedAt;
        app.Clock.Forward(TimeSpan.FromMinutes(2));
        app.Services.GetRequiredService<IRecurringJobManagerV2>().TriggerJob("mail");
        await EventuallyAsync(async () =>
        {
            await using var db = app.Services.GetRequiredService<IReader>().Open();
            return await db.Set<JobRun>().SingleAsync(r => r.Id == "mail");
        }, r => r.LastStartedAt > before);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_job_that_fails_says_what_kind_of_failure_and_nothing_else(string kind)
    {
        await using var app = await MailApp.StartAsync(kind, null);
        var runner = ActivatorUtilities.CreateInstance<JobRunner>(app.Services, (IEnumerable<IJob>)[new Failing()]);
        await runner.TickAsync("failing");
        await runner.TickAsync("no-such-job");
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        var run = await db.Set<JobRun>().SingleAsync();
        Assert.Equal(("failing", nameof(InvalidOperationException), 0), (run.Id, run.LastError, run.Done));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Only_an_administrator_sees_the_clock(string kind)
    {
        await using var app = await MailApp.StartAsync(kind, null, Enabled);
        var clerk = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Clerk, "341299101"));
        var administrator = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Administrator, "341299"));
        using var nobody = SignedIn.Nobody(app);
        using (var sent = await nobody.GetAsync("/hangfire")) Assert.Equal(HttpStatusCode.Redirect, sent.StatusCode);
        using var first = await SignedIn.AsAsync(app, clerk.UserName!);
        foreach (var path in new[] { "/hangfire", "/hangfire/recurring", "/hangfire/stats" })
            using (var refused = await first.GetAsync(path)) Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using var second = await SignedIn.AsAsync(app, administrator.UserName!);
        using var page = await second.GetAsync("/hangfire/recurring");
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains("audit-head", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        using var home = await second.GetAsync("/");
        Assert.DoesNotContain("unsafe-inline", Assert.Single(home.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Without_jobs_there_is_no_clock(string kind)
    {
        await using var app = await MailApp.StartAsync(kind, null);
        using var nobody = SignedIn.Nobody(app);
        using var answer = await nobody.GetAsync("/hangfire");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Null(app.Services.GetService<JobStorage>());
    }

    /// <summary>Hangfire keeps the next call that it computed; by a clock that was ahead that is one nobody lives to see.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Calls_that_a_clock_which_was_ahead_set_are_set_anew_when_it_is_put_back(string kind)
    {
        await using var app = await MailApp.StartAsync(kind, null, Enabled);
        using var connection = app.Services.GetRequiredService<JobStorage>().GetConnection();
        await EventuallyAsync(() => Task.FromResult(connection.GetRecurringJobs()), jobs => jobs.Count == app.Services.GetServices<IJob>().Count());
        PutOff(connection, "mail", "audit-head");
        Assert.All(Calls(connection, "mail", "audit-head"), next => Assert.True(next > DateTime.UtcNow.AddYears(9)));
        app.Clock.Forward(TimeSpan.FromDays(-1));
        await EventuallyAsync(() => Task.FromResult(Calls(connection, "mail", "audit-head")), calls => calls.All(next => next < DateTime.UtcNow.AddHours(2)));
        // And it calls: a quarter of a minute later the job has run, by the clock that was put back.
        await EventuallyAsync(async () =>
        {
            await using var db = app.Services.GetRequiredService<IReader>().Open();
            return await db.Set<JobRun>().FirstOrDefaultAsync(r => r.Id == "mail");
        }, run => run is not null && run.LastStartedAt < DateTimeOffset.UtcNow.AddHours(-23));
    }

    [PostgresFact]
    public async Task Calls_that_a_clock_which_was_ahead_set_are_set_anew_at_a_start()
    {
        var connection = await Databases.FreshAsync(Databases.Postgres);
        await using (var before = await MailApp.StartOnAsync(connection, null, Enabled))
        {
            using var known = before.Services.GetRequiredService<JobStorage>().GetConnection();
            await EventuallyAsync(() => Task.FromResult(known.GetRecurringJobs()), jobs => jobs.Count == before.Services.GetServices<IJob>().Count());
            PutOff(known, "mail", "deadlines");
        }
        await using var app = await MailApp.StartOnAsync(connection, null, Enabled);
        using var storage = app.Services.GetRequiredService<JobStorage>().GetConnection();
        await EventuallyAsync(() => Task.FromResult(Calls(storage, "mail", "deadlines")), calls => calls.All(next => next < DateTime.UtcNow.AddHours(13)));
    }

    /// <summary>As Hangfire would have left it.</summary>
    private static void PutOff(IStorageConnection connection, params string[] jobs)
    {
        var far = DateTime.UtcNow.AddYears(10);
        using var transaction = connection.CreateWriteTransaction();
        foreach (var job in jobs)
        {
            transaction.SetRangeInHash($"recurring-job:{job}", [new("NextExecution", JobHelper.SerializeDateTime(far))]);
            transaction.AddToSet("recurring-jobs", job, JobHelper.ToTimestamp(far));
        }
        transaction.Commit();
    }

    private static List<DateTime?> Calls(IStorageConnection connection, params string[] jobs) => [.. connection.GetRecurringJobs().Where(j => jobs.Contains(j.Id)).Select(j => j.NextExecution)];

    private static async Task<T> EventuallyAsync<T>(Func<Task<T>> look, Func<T, bool> fits)
    {
        for (var until = DateTime.UtcNow.AddSeconds(20); ;)
        {
            var seen = await look();
            if (fits(seen)) return seen;
            Assert.True(DateTime.UtcNow < until, $"It did not happen: {seen}");
            await Task.Delay(50);
        }
    }

    private sealed class Failing : IJob
    {
        public string Id => "failing";
        public string Cron => "0 0 * * *";
        public Task<int> RunAsync(CancellationToken cancel) => throw new InvalidOperationException("张三");
    }
}
