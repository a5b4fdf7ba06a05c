using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Designer.TryOut;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Designer.Papers;

/// <summary>Templates of documents, notices and letters in a matter's draft, for managers' programs.</summary>
internal static class PaperApi
{
    private const string Match = "If-Match is the draft's version as it was read (ETag), \"0\" where there was no draft. 412 says who saved meanwhile, and nothing is stored.";

    public static void MapPapers(this RouteGroupBuilder designer)
    {
        var papers = designer.MapGroup("/{id}/papers").ProducesProblem(404);
        papers.MapGet("", async (string id, OpenMatters matters, DesignerQuery query, ViewerAccessor viewers, HttpContext context, CancellationToken cancel) =>
        {
            var viewer = await viewers.RequireAsync(cancel);
            var matter = await matters.FindAsync(viewer, id, cancel: cancel) ?? throw new UnknownCaseException();
            context.Tag(matter.Draft);
            return TypedResults.Ok<IReadOnlyList<ApiPaper>>([.. Paper.Of(matter, matter.IsDraft ? await query.FindingsAsync(viewer, id, cancel) : []).Select(p => ApiPaper.Of(matter, p))]);
        }).WithSummary("Templates of a matter and where it uses them").WithDescription("Of the draft, else of the current version. Faults are the check's, of a draft. ETag: the draft's version, \"0\" where there is none.");

        papers.MapPost("", async (string id, NewPaper body, [FromHeader(Name = "If-Match")] string? ifMatch, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, PaperCommands commands, ViewerAccessor viewers, HttpContext context, CancellationToken cancel) =>
            DesignerApi.Tagged(context, await commands.AddAsync(await viewers.RequireAsync(cancel), id, body, DesignerApi.Expected(ifMatch), key!, cancel)))
            .Command().ProducesProblem(412).WithSummary("Adds a template to the draft").WithDescription($"file: lower-case letters, digits and hyphens, without its ending; kind: document, notice or mail. copyOf: a template of the matter to begin from, whose kind it then is. {Match}");

        papers.MapGet("/{file}", async (string id, string file, OpenMatters matters, DesignerQuery query, ViewerAccessor viewers, HttpContext context, CancellationToken cancel) =>
        {
            var viewer = await viewers.RequireAsync(cancel);
            var matter = await matters.FindAsync(viewer, id, cancel: cancel) ?? throw new UnknownCaseException();
            var paper = Paper.Of(matter, matter.IsDraft ? await query.FindingsAsync(viewer, id, cancel) : []).FirstOrDefault(p => p.File == file) ?? throw new UnknownCaseException();
            context.Tag(matter.Draft);
            return TypedResults.Ok(new ApiPaperText(ApiPaper.Of(matter, paper), paper.Text ?? "", paper.English, [.. PaperSamples.Choices(matter.Revision!, file)]));
        }).WithSummary("A template's text").WithDescription("english: the text of a letter's English twin, null where it has none. samples: examples that a preview may be filled from.");

        papers.MapPut("/{file}", async (string id, string file, PaperContent body, [FromHeader(Name = "If-Match")] string? ifMatch, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, PaperCommands commands, ViewerAccessor viewers, HttpContext context, CancellationToken cancel) =>
            DesignerApi.Tagged(context, await commands.SaveAsync(await viewers.RequireAsync(cancel), id, file, body, DesignerApi.Expected(ifMatch), key!, cancel)))
            .Command().ProducesProblem(412).WithSummary("Saves a template").WithDescription($"Its Liquid may still be wrong: the draft's check says so. english: null leaves the twin as it is, empty takes it out. {Match}");

        papers.MapDelete("/{file}", async (string id, string file, [FromHeader(Name = "If-Match")] string? ifMatch, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, PaperCommands commands, ViewerAccessor viewers, HttpContext context, CancellationToken cancel) =>
            DesignerApi.Tagged(context, await commands.RemoveAsync(await viewers.RequireAsync(cancel), id, file, DesignerApi.Expected(ifMatch), key!, cancel)))
            .Command().ProducesProblem(412).WithSummary("Takes a template out of the draft").WithDescription($"Refused while a step, a form or a reminder names it, with each place (422, file). {Match}");

        papers.MapPost("/{file}/preview", async (string id, string file, PreviewBody body, OpenMatters matters, PaperPreview preview, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var viewer = await viewers.RequireAsync(cancel);
            DesignerAccess.Require(viewer);
            var matter = await matters.FindAsync(viewer, id, cancel: cancel) ?? throw new UnknownCaseException();
            var application = body.Case is { } caseId ? await preview.PastAsync(viewer, id, caseId, cancel) : null;
            try
            {
                if (matter.Revision is not { } revision || preview.Sample(revision, file, body.Example, application) is not { } sample) throw new UnknownCaseException();
                var stored = matter.Files.GetValueOrDefault(body.English && sample.IsLetter ? Paper.EnglishPathOf(file) : Paper.PathOf(file));
                return TypedResults.Ok(ApiPreview.Of(preview.Show(revision, sample, body.Text ?? stored ?? "", body.English), preview.Names(revision, sample, body.English)));
            }
            catch (SampleException)
            {
                return TypedResults.Ok(ApiPreview.Of(new ShownPaper(null, "", new PaperFault("sample", null)), []));
            }
        }).ProducesProblem(400).WithSummary("A template as it would come out")
            .WithDescription("text: as typed; null: as it is stored. Filled from an example (null: the first in which the paper comes about, else a made-up case), or from a past case's application with nobody to be known in it, which is a line of that case's audit. Changes nothing. html: the pages as SVG, or a letter's words; fault: why there are none, with the line of the text.");
    }
}

/// <param name="Uses">Where the matter names it.</param>
/// <param name="Faults">What the check finds in it.</param>
internal sealed record ApiPaper(string File, string Kind, Words Name, bool Optional, bool HasEnglish, IReadOnlyList<ApiPaperUse> Uses, IReadOnlyList<MatterFault> Faults)
{
    public static ApiPaper Of(OpenMatter matter, Paper paper) => new(paper.File, paper.Kind, paper.Name, paper.Optional, paper.English is not null,
        [.. paper.Uses.Select(u => new ApiPaperUse(u.File, u.Path, u.Activity, PaperCommands.UseWords(matter.Files, u)))], paper.Faults);
}

internal sealed record ApiPaperUse(string File, string Path, string? Activity, LocalText Words);

internal sealed record ApiPaperText(ApiPaper Paper, string Text, string? English, IReadOnlyList<SampleChoice> Samples);

/// <param name="Text">Null: as it is stored.</param>
/// <param name="Example">File name of an example.</param>
/// <param name="Case">Id of a past case.</param>
internal sealed record PreviewBody(string? Text = null, string? Example = null, Guid? Case = null, bool English = false);

/// <param name="Text">Of a letter: the part without HTML.</param>
/// <param name="Names">What the template may name.</param>
internal sealed record ApiPreview(string? Subject, string Html, string? Text, ApiPaperFault? Fault, IReadOnlyList<PaperName> Names)
{
    public static ApiPreview Of(ShownPaper shown, IReadOnlyList<PaperName> names) => new(shown.Subject, shown.Html, shown.Text, shown.Fault is { } fault ? new ApiPaperFault(fault.Code, fault.Line, fault.Detail) : null, names);
}

/// <param name="Code"><c>shape</c>: no letter; <c>template</c>: see <paramref name="Detail"/>; <c>sample</c>: no case comes about to fill it from.</param>
/// <param name="Line">From 1; null: the fault has no place.</param>
internal sealed record ApiPaperFault(string Code, int? Line, string? Detail);
