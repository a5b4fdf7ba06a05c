using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;

namespace CivilAffairs.Web.Features.CommandLine;

/// <summary>Results a host would give to effects, made up for a simulation and plainly so.</summary>
internal static class SimulatedHost
{
    internal static JsonNode? Result(IReadOnlyList<Effect> effects, Bookmark bookmark) =>
        effects.LastOrDefault(e => e.BookmarkId == bookmark.Id) switch
        {
            IssueDocument document => new JsonObject { ["documentId"] = $"simulated-{bookmark.Id}", ["number"] = $"{document.NumberKind}〔0000〕00001" },
            GrantBenefit or AdjustBenefit or EndBenefit => new JsonObject { ["grantId"] = $"simulated-{bookmark.Id}" },
            FindRegisterEntry => new JsonObject { ["state"] = "None" },
            WriteRegisterEntry or EndRegisterEntry => new JsonObject { ["entryId"] = $"simulated-{bookmark.Id}" },
            ChangeCertificate => new JsonObject { ["certificateId"] = $"simulated-{bookmark.Id}", ["number"] = "0000" },
            OpenCase => new JsonObject { ["caseId"] = $"simulated-{bookmark.Id}" },
            // Not drawn unless the caller says so with an answer.
            DrawSample => new JsonObject { ["selected"] = false, ["draw"] = 1 },
            _ => null,
        };
}
