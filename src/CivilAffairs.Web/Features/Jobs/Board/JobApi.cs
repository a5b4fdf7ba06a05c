using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Jobs.Board;

/// <summary>The jobs, for administrators and supervisors.</summary>
internal static class JobApi
{
    public static void MapJobBoard(this RouteGroupBuilder api)
    {
        var jobs = api.MapGroup("/jobs").Guarded().ProducesProblem(401).ProducesProblem(403).WithTags("Jobs");
        jobs.MapGet("", async (JobBoard board, CancellationToken cancel) => TypedResults.Ok<IReadOnlyList<ApiJob>>([.. (await board.ReadAsync(cancel)).Select(l =>
                new ApiJob(l.Id, l.LastStartedAt, l.Took?.TotalSeconds, l.Done, l.Error is null ? null : JobBoard.KindOf(l.Error), l.Next, l.Waiting, l.Stuck))]))
            .RequireAuthorization(Policies.Overseer).WithSummary("Every job with its last run, what waits for it, and when it comes next").WithDescription($"'waiting' counts no further than {JobBoard.Most + 1}. 'fault' is a kind: busy, database, network, disk, data, other.");

        jobs.MapGet("/failed-items", async (JobBoard board, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok<IReadOnlyList<ApiFailedItem>>([.. (await board.FailedAsync(await viewers.RequireAsync(cancel), cancel)).Select(f => new ApiFailedItem(f.Job, f.Kind, f.Number, f.CaseId, JobBoard.KindOf(f.Error), f.FirstAt, f.LastAt, f.Times))]))
            .RequireAuthorization(Policies.Overseer).WithSummary("Single things that jobs could not do").WithDescription($"The oldest first, at most {JobBoard.MostFailed}; each is tried again on every run, and goes from here once it is done. 'number' and 'caseId' are told to whoever sees the case or certificate.");

        jobs.MapGet("/{id}/history", async (string id, JobBoard board, JobRunner runner, CancellationToken cancel) =>
        {
            if (runner.Jobs.All(j => j.Id != id)) throw new UnknownCaseException();
            return TypedResults.Ok<IReadOnlyList<ApiJobPast>>([.. (await board.HistoryAsync(id, cancel)).Select(p => new ApiJobPast(p.At, p.Took.TotalSeconds, p.Done, p.Error is null ? null : JobBoard.KindOf(p.Error), p.AskedBy))]);
        }).RequireAuthorization(Policies.Overseer).ProducesProblem(404).WithSummary("Its last runs that did something, failed or were asked for");

        jobs.MapPost("/{id}/run", async (string id, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, JobRunner runner, JobStarter starter, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            if (runner.Jobs.All(j => j.Id != id)) throw new UnknownCaseException();
            var ended = await starter.StartAsync(id, (await viewers.RequireAsync(cancel)).AccountId);
            return TypedResults.Accepted($"/api/v1/jobs/{id}/history", new ApiJobAsked(ended));
        }).Command().RequireAuthorization(Policies.Administrator).ProducesProblem(404).WithSummary("Runs a job now").WithDescription("A run too many does nothing. 'ended' is false while it still runs.");
    }
}

/// <param name="Seconds">How long the last run took.</param>
/// <param name="Done">What the last run that had something to do did.</param>
internal sealed record ApiJob(string Id, DateTimeOffset? LastStartedAt, double? Seconds, int Done, string? Fault, DateTimeOffset? NextAt, int? Waiting, int? Stuck);

/// <param name="Kind"><c>case</c>, <c>certificate</c> or <c>other</c>.</param>
/// <param name="Fault">A kind, as of a job.</param>
internal sealed record ApiFailedItem(string Job, string Kind, string? Number, Guid? CaseId, string Fault, DateTimeOffset FirstAt, DateTimeOffset LastAt, int Times);

internal sealed record ApiJobPast(DateTimeOffset At, double Seconds, int Done, string? Fault, string? AskedBy);

internal sealed record ApiJobAsked(bool Ended);

/// <summary>Runs a job because somebody asked. Whoever asked waits a little; the run itself goes on until it ends, or the process does.</summary>
internal sealed class JobStarter(JobRunner runner, IHostApplicationLifetime lifetime)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <returns>Whether it has ended meanwhile.</returns>
    public async Task<bool> StartAsync(string id, Guid by)
    {
        var run = Task.Run(() => runner.NowAsync(id, lifetime.ApplicationStopping, by));
        return await Task.WhenAny(run, Task.Delay(Patience)).ConfigureAwait(false) == run;
    }
}
