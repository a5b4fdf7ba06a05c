using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Pages;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.PublicBoard;

/// <summary>What hangs on the board 公示栏, for everybody, with the limits of its pages.</summary>
internal static class PublicNoticeApi
{
    public static void MapPublicNotices(this RouteGroupBuilder api)
    {
        var notices = api.MapGroup("/notices").ProducesProblem(429).WithTags("Public notices");
        notices.MapGet("", async ([AsParameters] PageQuery paging, string? place, Board board, HttpContext context, CancellationToken cancel) =>
        {
            NoIndex(context);
            var (page, size) = paging.Checked();
            var (found, total, shown) = await board.ReadAsync(place, page, size, cancel);
            return TypedResults.Ok(new Paged<ApiNotice>([.. found.Select(ApiNotice.Of)], shown, size, shown * size < total, total));
        }).RequireRateLimiting(PublicLimits.Read).ProducesProblem(400).WithSummary("Notices that are up today").WithDescription("Newest first; place is a township (9 digits) or village (12).");
        notices.MapGet("/{id:guid}", async (Guid id, Board board, HttpContext context, CancellationToken cancel) =>
        {
            NoIndex(context);
            return TypedResults.Ok(ApiNotice.Of(await board.FindAsync(id, cancel)));
        }).RequireRateLimiting(PublicLimits.Read).ProducesProblem(404).WithSummary("One notice as it hangs");
        notices.MapPost("/{id:guid}/objections", async (Guid id, SentObjection body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, Board board, CancellationToken cancel) =>
        {
            if (key!.Length > 90) throw new MalformedRequestException(ApiRoutes.KeyHeader, "这里的 Idempotency-Key 最多 90 个字符。", "Here Idempotency-Key has at most 90 characters.");
            await board.ObjectAsync(id, body.Text, body.Sender ?? "", key, cancel);
            return TypedResults.NoContent();
        }).Command().RequireRateLimiting(PublicLimits.Send).ProducesProblem(404).ProducesProblem(403)
            .WithSummary("Objects to a notice").WithDescription("Open to everybody while the notice is up; needs no session and uses none. Ten in ten minutes from one address.");
    }

    private static void NoIndex(HttpContext context) => context.Response.Headers["X-Robots-Tag"] = "noindex";
}

/// <param name="Text">1 to 2,000 characters.</param>
/// <param name="Sender">Name and how to reach them, at most 200 characters; may be null.</param>
internal sealed record SentObjection(string Text, string? Sender = null);

/// <param name="Kind">公示 or 公布.</param>
/// <param name="LastDay">Null: as long as the benefit lasts.</param>
/// <param name="Html">Safe; names what the law lets be posted and nothing else.</param>
internal sealed record ApiNotice(Guid Id, string Kind, string Title, string Division, DateOnly FirstDay, DateOnly? LastDay, bool TakesObjections, string Html)
{
    public static ApiNotice Of(PublicNotice notice) => new(notice.Id, notice.Kind, Languages.IsEnglish ? notice.TitleEn : notice.TitleZh, notice.Division,
        notice.FirstDay, notice.LastDay, notice.BookmarkId is not null, notice.Html);
}
