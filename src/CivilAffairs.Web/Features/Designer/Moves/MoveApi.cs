using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Designer.Moves;

/// <summary>Moving running cases 在办件 to another version of their matter, for managers' programs.</summary>
internal static class MoveApi
{
    public static void MapMoves(this RouteGroupBuilder api)
    {
        var matter = api.MapGroup("/matters/{id}").Guarded().RequireAuthorization(Policies.Manager).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).WithTags("Moves");
        matter.MapGet("/running", async (string id, MoveQuery query, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var view = await query.VersionsAsync(await viewers.RequireAsync(cancel), id, cancel);
            return TypedResults.Ok<IReadOnlyList<ApiVersion>>([.. view.Versions.Select(v => new ApiVersion(v.Hash, v.PublishedAt, v.Current, v.Cases))]);
        }).WithSummary("Published versions with their running cases").WithDescription("The newest first; counts are of the caller's jurisdiction.");

        matter.MapPost("/moves/preview", async (string id, [AsParameters] PageQuery page, NewPreview body, MoveQuery query, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var (number, size) = page.Checked();
            var view = await query.PreviewAsync(await viewers.RequireAsync(cancel), body.Of(id), number, size, cancel);
            return TypedResults.Ok(new Paged<ApiPlacement>([.. view.Lines.Select(ApiPlacement.Of)], number, size, number * size < view.Total, view.Total));
        }).ProducesProblem(400).WithSummary("Where running cases would stand in another version").WithDescription("Every running case of the caller's jurisdiction that is not on it, by number. Changes nothing. 'faults' are why a case would stay; 'remarks' are to be known.");

        matter.MapPost("/moves/preview/totals", async (string id, NewPreview body, MoveTotals totals, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok(ApiTotals.Of(await totals.CountAsync(await viewers.RequireAsync(cancel), body.Of(id), null, cancel))))
            .ProducesProblem(400).WithSummary("What would become of all cases of the preview").WithDescription("How many have a safe place, and why the others stay. Every case is placed: some milliseconds each, so that thousands take a minute. Changes nothing.");

        matter.MapGet("/moves", async (string id, MoveQuery query, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok<IReadOnlyList<ApiMove>>([.. (await query.MovesAsync(await viewers.RequireAsync(cancel), id, cancel)).Select(ApiMove.Of)]))
            .WithSummary("The latest moves of a matter").WithDescription("Those that touch cases of the caller's jurisdiction, at most twenty.");

        matter.MapGet("/moves/{moveId:guid}", async (string id, Guid moveId, [AsParameters] PageQuery page, MoveQuery query, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var (number, size) = page.Checked();
            var view = await query.MoveAsync(await viewers.RequireAsync(cancel), id, moveId, number, size, cancel);
            return TypedResults.Ok(new ApiMoveCases(ApiMove.Of(view.Move), new Paged<ApiMovedCase>([.. view.Lines.Select(l => new ApiMovedCase(l.Id, l.Number, l.State.ToString(), l.Notes, l.At))], number, size, number * size < view.Total, view.Total)));
        }).WithSummary("A move with its cases").WithDescription("Progress while it runs; then what became of each case, those that stayed first.");

        matter.MapPost("/moves", async (string id, NewMove body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, MoveCommands commands, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var order = new MoveOrder(body.To, body.All, body.From, [.. (body.Cases ?? []).Select(c => new ChosenCase(c.Id, c.Version))], Renames(body.Renamed), body.NewLimits, body.Reason);
            var move = await commands.StartAsync(await viewers.RequireAsync(cancel), id, order, key!, cancel);
            return TypedResults.Accepted($"/api/v1/matters/{id}/moves/{move}", new ApiOrdered(move));
        }).Command().WithSummary("Moves running cases to another version 迁移")
            .WithDescription($"'all', or chosen cases with the version that the preview gave, at most {MoveCommands.Most} chosen ones. Answered at once; the cases are moved one after the other, each in a transaction of its own; read the move for its progress. A case that has no safe place, or went on meanwhile, stays and is named.");

        matter.MapPost("/moves/{moveId:guid}/undo", async (string id, Guid moveId, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, MoveCommands commands, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            await commands.UndoAsync(await viewers.RequireAsync(cancel), moveId, key!, cancel);
            return TypedResults.Accepted($"/api/v1/matters/{id}/moves/{moveId}", new ApiOrdered(moveId));
        }).Command().WithSummary("Takes a move back").WithDescription("For its cases in which nothing was done since; the others stay where they are and are named.");
    }

    internal static Dictionary<string, IReadOnlyDictionary<string, string>> Renames(Dictionary<string, Dictionary<string, string>>? renamed) =>
        (renamed ?? []).ToDictionary(r => r.Key, r => (IReadOnlyDictionary<string, string>)r.Value);
}

/// <param name="Hash">What a version is called in requests.</param>
/// <param name="Cases">Running, in the caller's jurisdiction.</param>
internal sealed record ApiVersion(string Hash, DateTimeOffset PublishedAt, bool Current, int Cases);

/// <param name="To">Hash of the version.</param>
/// <param name="From">Hash of the version they are on; null: any other.</param>
/// <param name="Number">Part of a case's number.</param>
/// <param name="Renamed">Workflow → activity id → its id in the new version.</param>
internal sealed record NewPreview(string To, string? From = null, string? Number = null, Dictionary<string, Dictionary<string, string>>? Renamed = null)
{
    public MoveWish Of(string matter) => new(matter, To, From, Number, MoveApi.Renames(Renamed));
}

/// <param name="Cases">Running, in the caller's jurisdiction, not on the version.</param>
/// <param name="Safe">Of these, so many would move.</param>
/// <param name="Remarked">Of these again, so many with something to be known.</param>
/// <param name="Stay">Why others stay, the most frequent first, at most twelve.</param>
internal sealed record ApiTotals(int Cases, int Safe, int Remarked, IReadOnlyList<ApiStay> Stay)
{
    public static ApiTotals Of(TotalsView view) => new(view.Total, view.Safe, view.Remarked, [.. view.Stay.Select(s => new ApiStay(s.Why, s.Cases))]);
}

internal sealed record ApiStay(MoveNote Why, int Cases);

/// <param name="All">Every running case that the preview would show; else <paramref name="Cases"/>.</param>
/// <param name="NewLimits">Tasks under way get the new limits, counted from the day they began.</param>
internal sealed record NewMove(string To, string Reason, bool All = false, string? From = null, IReadOnlyList<ApiChosenCase>? Cases = null, Dictionary<string, Dictionary<string, string>>? Renamed = null, bool NewLimits = false);

/// <param name="Version">As the preview gave it.</param>
internal sealed record ApiChosenCase(Guid Id, long Version);

internal sealed record ApiOrdered(Guid Id);

/// <param name="Stands">Titles of what it waits for.</param>
/// <param name="WouldStand">The same in the other version; empty where it would stay.</param>
internal sealed record ApiPlacement(Guid Id, string Number, long Version, string From, bool Safe, IReadOnlyList<LocalText> Stands, IReadOnlyList<LocalText> WouldStand, IReadOnlyList<MoveNote> Faults, IReadOnlyList<MoveNote> Remarks)
{
    public static ApiPlacement Of(PreviewLine line) => new(line.Id, line.Number, line.Version, line.From, line.Safe, line.Now, line.Next, line.Faults, line.Remarks);
}

/// <param name="State"><c>Moving</c>, <c>Done</c>, <c>Undoing</c> or <c>Undone</c>.</param>
/// <param name="Cases">By what became of them: <c>Waiting</c>, <c>Moved</c>, <c>Stayed</c>, <c>Undone</c>, <c>Kept</c>.</param>
internal sealed record ApiMove(Guid Id, string To, string State, string Reason, string By, DateTimeOffset At, IReadOnlyDictionary<string, int> Cases)
{
    public static ApiMove Of(MoveLine line) => new(line.Id, line.To, line.State.ToString(), line.Reason, line.By, line.At, line.Counts.ToDictionary(c => c.Key.ToString(), c => c.Value));
}

internal sealed record ApiMovedCase(Guid Id, string Number, string State, IReadOnlyList<MoveNote> Notes, DateTimeOffset? At);

internal sealed record ApiMoveCases(ApiMove Move, Paged<ApiMovedCase> Cases);
