using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Designer.Papers;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Designer.Settings;

/// <summary>Numbering, cadence, retention, tags and names of a matter's draft, for managers' programs.</summary>
internal static class SettingsApi
{
    public static void MapSettings(this RouteGroupBuilder designer)
    {
        designer.MapGet("/{id}/settings", async (string id, OpenMatters matters, NumberPreview numbers, ViewerAccessor viewers, HttpContext context, CancellationToken cancel) =>
        {
            var matter = await matters.FindAsync(await viewers.RequireAsync(cancel), id, cancel: cancel) ?? throw new UnknownCaseException();
            var json = JsonFile.Require(JsonFile.Matter, matter.Files.GetValueOrDefault(JsonFile.Matter));
            var (settings, counters) = (MatterSettings.Read(json), await numbers.ReadAsync(cancel));
            context.Tag(matter.Draft);
            return TypedResults.Ok(new ApiSettings(settings, [.. settings.Numbering.Select(n => counters.Next(n.Prefix, n.Format, JsonFile.Text(json["applicants"]?["where"]) == "county")?.Number)]));
        }).ProducesProblem(404).ProducesProblem(422).WithSummary("Settings of a matter").WithDescription("Of the draft, else of the current version. nextNumbers: what each series would print next, in the order of numbering. ETag: the draft's version, \"0\" where there is none.");

        designer.MapPut("/{id}/settings", async (string id, MatterSettings body, [FromHeader(Name = "If-Match")] string? ifMatch, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, SettingsCommands commands, ViewerAccessor viewers, HttpContext context, CancellationToken cancel) =>
            DesignerApi.Tagged(context, await commands.SaveAsync(await viewers.RequireAsync(cancel), id, body, DesignerApi.Expected(ifMatch), key!, cancel)))
            .Command().ProducesProblem(404).ProducesProblem(412).WithSummary("Saves settings of the draft")
            .WithDescription("All of them, as they were read and changed. A row's 'at' is its place as it was read, null for a new one: what is not part of the settings stays with it. If-Match is the draft's version as it was read (ETag), \"0\" where there was no draft. 412 says who saved meanwhile, and nothing is stored.");
    }
}

/// <param name="NextNumbers">Null: the series' format is none.</param>
internal sealed record ApiSettings(MatterSettings Settings, IReadOnlyList<string?> NextNumbers);
