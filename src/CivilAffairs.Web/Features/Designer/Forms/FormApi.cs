using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Designer.Drafts;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Designer.Forms;

/// <summary>A matter's form, people and deadlines for programs: what the editors do.</summary>
internal static class FormApi
{
    private const string Match = "If-Match is the draft's version as it was read (ETag), \"0\" where there was no draft; a save then begins one with the current version. 412 says who saved meanwhile, and nothing is stored.";
    private const string Known = "taking: what is in use and is taken away all the same, as the refusal (422) named it; several are joined by commas.";

    public static void MapForms(this RouteGroupBuilder designer)
    {
        designer.MapGet("/{id}/form", async (string id, [FromQuery] int? version, OpenMatters matters, ViewerAccessor viewers, HttpContext context, CancellationToken cancel) =>
            FileOf(context, await OpenAsync(matters, viewers, id, version, cancel), FormFindings.File, FormFindings.Of))
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(422).WithSummary("What a matter asks").WithDescription("form.json of the draft, of the current version where there is no draft, or of the version named; with what is wrong in it. ETag: the draft's version, \"0\" where there is none.");

        designer.MapPut("/{id}/form", async (string id, JsonObject form, [FromQuery] string? taking, [FromHeader(Name = "If-Match")] string? ifMatch, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, MatterEdits edits, ViewerAccessor viewers, HttpContext context, CancellationToken cancel) =>
            DesignerApi.Tagged(context, await edits.SaveFormAsync(await viewers.RequireAsync(cancel), id, Tree(form), Set(taking), DesignerApi.Expected(ifMatch), key!, cancel)))
            .Command().ProducesProblem(404).ProducesProblem(412).WithSummary("Saves what a matter asks into the draft")
            .WithDescription($"The whole form.json; properties that are not known are kept. Refused with errors that were not there before, each by its place ('form.json $.sections[0].fields[3].showWhen'), and where something in use is gone, by what is gone ('members.health'). {Known} {Match}");

        designer.MapGet("/{id}/people", async (string id, [FromQuery] int? version, OpenMatters matters, ViewerAccessor viewers, HttpContext context, CancellationToken cancel) =>
        {
            var open = await OpenAsync(matters, viewers, id, version, cancel);
            return FileOf(context, open, JsonFile.Matter, root => MatterFindings.Of(open.Files, root));
        }).ProducesProblem(400).ProducesProblem(404).ProducesProblem(422).WithSummary("Who applies and where, roles, parameters, rules of a matter").WithDescription("matter.json, as for the form.");

        designer.MapPut("/{id}/people", async (string id, JsonObject settings, [FromQuery] string? taking, [FromHeader(Name = "If-Match")] string? ifMatch, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, MatterEdits edits, ViewerAccessor viewers, HttpContext context, CancellationToken cancel) =>
            DesignerApi.Tagged(context, await edits.SaveMatterAsync(await viewers.RequireAsync(cancel), id, Tree(settings), Set(taking), DesignerApi.Expected(ifMatch), key!, cancel)))
            .Command().ProducesProblem(404).ProducesProblem(412).WithSummary("Saves matter.json into the draft").WithDescription($"As for the form; gone may be 'parameters.dibao.limit.county' or 'roles.TCK'. {Known} {Match}");

        designer.MapGet("/{id}/deadlines", async (string id, [FromQuery] int? version, OpenMatters matters, ViewerAccessor viewers, HttpContext context, CancellationToken cancel) =>
        {
            var open = await OpenAsync(matters, viewers, id, version, cancel);
            context.Tag(open.Draft);
            return TypedResults.Ok(LimitTable.Read(open.Files));
        }).ProducesProblem(400).ProducesProblem(404).WithSummary("Deadlines of a matter's steps").WithDescription("Of every task of its workflows: step, role, level, when it must begin and end, and on what that rests. kind is none, limit (value: 10wd, 7d, 7p, 3M, 1y, none), parameter (value: its key) or script.");

        designer.MapPut("/{id}/deadlines", async (string id, IReadOnlyList<LimitLine> lines, [FromHeader(Name = "If-Match")] string? ifMatch, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, LimitSaves saves, ViewerAccessor viewers, HttpContext context, CancellationToken cancel) =>
            DesignerApi.Tagged(context, await saves.SaveAsync(await viewers.RequireAsync(cancel), id, lines, DesignerApi.Expected(ifMatch), key!, cancel)))
            .Command().ProducesProblem(404).ProducesProblem(412).WithSummary("Saves deadlines into the draft's workflows").WithDescription($"Lines that are not sent stay; of a line its start, finish and source are taken, and nothing else of the workflow changes. Refused by 'apply.workflow.json accept.finish'. {Match}");

        designer.MapGet("/{id}/roles", async (string id, [FromQuery] int? version, OpenMatters matters, RoleQuery roles, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok(await roles.ReadAsync(await viewers.RequireAsync(cancel), await OpenAsync(matters, viewers, id, version, cancel), cancel)))
            .ProducesProblem(400).ProducesProblem(404).WithSummary("Roles of a matter, their steps, and how many hold them").WithDescription("persons: who hold the role today where the caller manages matters; vacant: offices of its level where nobody does.");

        designer.MapGet("/{id}/uses", async (string id, [FromQuery] string of, OpenMatters matters, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok(MatterEdits.UsesOf((await OpenAsync(matters, viewers, id, null, cancel)).Files, of)))
            .ProducesProblem(400).ProducesProblem(404).WithSummary("Where something of a matter is used").WithDescription("of: members.health (a question), members (a section), attachments.diagnosis, taskForms.visit.found, parameters.dibao.limit.county. Empty where nothing uses it.");
    }

    private static async Task<OpenMatter> OpenAsync(OpenMatters matters, ViewerAccessor viewers, string id, int? version, CancellationToken cancel) =>
        await matters.FindAsync(await viewers.RequireAsync(cancel), id, version, cancel) ?? throw new UnknownCaseException();

    private static Microsoft.AspNetCore.Http.HttpResults.Ok<OpenFile> FileOf(HttpContext context, OpenMatter open, string file, Func<JsonObject, IEnumerable<MatterFault>> check)
    {
        var (root, fault) = JsonFile.Read(open.Files.GetValueOrDefault(file));
        if (root is null) throw new InvalidAnswersException([new Matters.Forms.FieldFault(file, fault!.Zh, fault.En)]);
        context.Tag(open.Draft);
        return TypedResults.Ok(new OpenFile(root, open.MayEdit, [.. check(root)]));
    }

    /// <summary>As a file is read: a property that stands there twice is refused.</summary>
    private static JsonObject Tree(JsonObject sent) => JsonFile.Read(sent.ToJsonString()) is { Root: { } root, Fault: var _ } ? root
        : throw new InvalidAnswersException([DraftFaults.Of("body", "json.twice")]);

    private static HashSet<string> Set(string? taking) => [.. (taking ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
}

/// <param name="Content">The file as it is stored.</param>
/// <param name="MayEdit">False: a published version.</param>
internal sealed record OpenFile(JsonObject Content, bool MayEdit, IReadOnlyList<MatterFault> Findings);
