using Microsoft.AspNetCore.Http.HttpResults;

namespace CivilAffairs.Web.Features.Matters;

/// <summary>What people can apply for, as everybody may read it.</summary>
internal static class MatterApi
{
    public static void MapMatters(this RouteGroupBuilder api)
    {
        var matters = api.MapGroup("/matters").WithTags("Matters");
        matters.MapGet("", (MatterLibrary library) => TypedResults.Ok<IReadOnlyList<ApiMatter>>([.. library.Offered.Select(ApiMatter.Of)]))
            .WithSummary("Matters that can be applied for").WithDescription("In Chinese and English; the Chinese text is the one that counts.");
        matters.MapGet("/{id}", Results<Ok<ApiGuide>, NotFound> (string id, MatterLibrary library) =>
            library.FindOffered(id) is { } revision ? TypedResults.Ok(ApiGuide.Of(revision)) : TypedResults.NotFound())
            .ProducesProblem(404).WithSummary("A matter's guide 办事指南").WithDescription("Who may apply, what to bring, the steps, how long it takes, and how to appeal.");
        matters.MapGet("/{id}/form", Results<Ok<ApiForm>, NotFound> (string id, MatterLibrary library) =>
            library.FindOffered(id) is { } revision ? TypedResults.Ok(new ApiForm(revision.Hash, revision.Form)) : TypedResults.NotFound())
            .ProducesProblem(404).WithSummary("A matter's form, as its current revision asks it")
            .WithDescription("Sections, fields, rules, attachments and the forms of tasks. Answers are one object: section id → object, or array of objects where the section repeats; money in fen, dates yyyy-MM-dd. A draft keeps the revision it began under.");
    }
}

/// <param name="Channels"><c>online</c>, <c>counter</c>.</param>
internal sealed record ApiMatter(string Id, Words Name, Words Summary, string Family, IReadOnlyList<string> Channels)
{
    public static ApiMatter Of(MatterRevision revision) => new(revision.Matter.Id, revision.Matter.Name, revision.Matter.Summary, revision.Matter.Family, revision.Matter.Applicants.Channels);
}

/// <param name="Revision">Hash of the current revision.</param>
internal sealed record ApiGuide(ApiMatter Matter, string Revision, Words WhoApplies, bool AgentAllowed, Guide Guide, IReadOnlyList<Fee> Fees)
{
    public static ApiGuide Of(MatterRevision revision) =>
        new(ApiMatter.Of(revision), revision.Hash, revision.Matter.Applicants.Who, revision.Matter.Applicants.AgentAllowed, revision.Matter.Guide, revision.Matter.Fees);
}

/// <param name="Revision">Hash of the revision that asks it.</param>
internal sealed record ApiForm(string Revision, FormFile Form);
