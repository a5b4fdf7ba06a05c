using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Registers.Subjects;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Registers.Lines;

/// <summary>The lines of lists 台账: benefits, certificates, and what a matter keeps, for those whom it lets read them.</summary>
internal static class LineApi
{
    public static void MapLines(this RouteGroupBuilder registers)
    {
        registers.MapGet("/{id}", async (string id, [FromQuery] DateOnly? asOf, [FromQuery] string? after, [FromQuery] int? pageSize, LineQuery query, LineWords words, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok(await ReadAsync(query, words, await viewers.RequireAsync(cancel), id, new LineSearchBody(null, asOf, after, pageSize), cancel)))
            .ProducesProblem(400).ProducesProblem(404).WithSummary("A list's lines in the caller's jurisdiction, newest first").WithDescription("As they were on asOf (default: today). next begins the following page as after. Persons are masked.");

        // A term may be somebody's name or number: it stands in no address.
        registers.MapPost("/{id}/lines/search", async (string id, LineSearchBody body, LineQuery query, LineWords words, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok(await ReadAsync(query, words, await viewers.RequireAsync(cancel), id, body, cancel)))
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(413).ProducesProblem(415).WithSummary("Lines by an ID number, a number or a name").WithDescription("A whole ID number or code; the number of a certificate, paper or case; the beginning of a holder's name (the whole name in lists that a matter keeps). It changes nothing. Persons are masked.");

        registers.MapGet("/{id}/lines/{lineId:guid}", async (string id, Guid lineId, LineQuery query, LineWords words, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok(ApiLine.Of(await query.FindAsync(await viewers.RequireAsync(cancel), id, lineId, full: false, cancel) ?? throw new UnknownCaseException(), words, full: false)))
            .ProducesProblem(404).WithSummary("One line, as it is today").WithDescription("Persons are masked.");

        registers.MapPost("/{id}/lines/{lineId:guid}/full-view", async (string id, Guid lineId, AccessReason body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, RegisterAccesses accesses, LineQuery query, LineWords words, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var viewer = await viewers.RequireAsync(cancel);
            await accesses.LookAtLineAsync(viewer, id, lineId, body.Reason, body.Note, key, cancel);
            return TypedResults.Ok(ApiLine.Of(await query.FindAsync(viewer, id, lineId, full: true, cancel) ?? throw new UnknownCaseException(), words, full: true));
        }).Command().ProducesProblem(404).WithSummary("The same in full, with a reason").WithDescription($"The reason is written down first: {string.Join(", ", AccessReasons.Codes)}; other wants a note.");
    }

    private static async Task<ApiLines> ReadAsync(LineQuery query, LineWords words, Viewer viewer, string id, LineSearchBody body, CancellationToken cancel)
    {
        if (body.PageSize is < 1 or > 100) throw new MalformedRequestException("pageSize", "pageSize 应在 1 至 100 之间。", "pageSize must be 1 to 100.");
        if (body.Term?.Length > LineQuery.LongestTerm) throw new MalformedRequestException("term", $"term 最多 {LineQuery.LongestTerm} 个字符。", $"term has at most {LineQuery.LongestTerm} characters.");
        var after = body.After is null ? null : LineKey.Parse(body.After) ?? throw new MalformedRequestException("after", "after 应是上一页给出的 next。", "after must be the next of an earlier page.");
        var page = await query.ReadAsync(viewer, id, body.Term ?? "", body.AsOf, after, body.PageSize ?? LineQuery.PageSize, cancel) ?? throw new UnknownCaseException();
        return new ApiLines([.. page.Lines.Select(l => ApiLine.Of(l, words, full: false))], page.Day, page.Next?.ToString());
    }
}

/// <param name="Term">Null: all.</param>
/// <param name="AsOf">As it was on this day; null: today.</param>
/// <param name="After">The <c>next</c> of the page before; null: the first page.</param>
/// <param name="PageSize">1 to 100; 25 if absent.</param>
internal sealed record LineSearchBody(string? Term = null, DateOnly? AsOf = null, string? After = null, int? PageSize = null);

/// <param name="AsOf">The day for which they speak.</param>
/// <param name="Next">Begins the next page; null: this is the last one.</param>
internal sealed record ApiLines(IReadOnlyList<ApiLine> Items, DateOnly AsOf, string? Next);

/// <param name="SubjectId">The organisation; null: a person.</param>
/// <param name="IdNumber">In full only.</param>
internal sealed record ApiHolder(string Name, Guid? SubjectId, string? IdNumber);

/// <param name="Reason">Why it was entered, or a benefit's category: a code.</param>
/// <param name="What">In words of the caller's language.</param>
/// <param name="Number">The certificate's.</param>
/// <param name="AmountFen">A month, on the day.</param>
/// <param name="ValidTo">Last day, or last month of a benefit; null: without an end.</param>
/// <param name="State">Paid, Ended, InForce, Waiting, Expired, Renewed, Replaced or Suspended, on the day.</param>
/// <param name="RegisteredOn">The day of the marriage or divorce, where the line tells of an earlier one.</param>
/// <param name="Replaces">Number of the certificate whose place it takes.</param>
internal sealed record ApiLine(Guid Id, Guid? CaseId, string? CaseNumber, IReadOnlyList<ApiHolder> Holders, string? Reason, string What, string? Number, long? AmountFen, int? Persons, string Division,
    DateOnly ValidFrom, DateOnly? ValidTo, string State, DateOnly OccurredOn, DateTimeOffset RecordedAt, DateOnly? RegisteredOn, string? Replaces)
{
    public static ApiLine Of(RegisterLine line, LineWords words, bool full) => new(line.Id, line.CaseId, line.CaseNumber, [.. line.Holders.Select(h => new ApiHolder(LineWords.Name(h, full), h.SubjectId, full ? h.IdNumber : null))],
        line.Reason, words.What(line), line.Number, line.AmountFen, line.Persons, line.Division, line.From, line.To, line.State, line.OccurredOn, line.RecordedAt, line.RegisteredOn, line.Replaces);
}
