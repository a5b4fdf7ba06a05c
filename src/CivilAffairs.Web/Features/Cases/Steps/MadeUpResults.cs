using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;

namespace CivilAffairs.Web.Features.Cases.Steps;

/// <summary>What a host would answer to an effect, for runs that store nothing: no number is drawn and no id is anybody's.</summary>
internal static class MadeUpResults
{
    /// <returns>Null for effects that ask for nothing.</returns>
    public static JsonNode? Of(Effect effect) => effect switch
    {
        IssueDocument => new JsonObject { ["documentId"] = effect.BookmarkId, ["number"] = "0000" },
        GrantBenefit or AdjustBenefit or EndBenefit => new JsonObject { ["grantId"] = effect.BookmarkId },
        ChangeCertificate => new JsonObject { ["certificateId"] = effect.BookmarkId, ["number"] = "0000" },
        WriteRegisterEntry => new JsonObject { ["entryId"] = effect.BookmarkId },
        EndRegisterEntry end => new JsonObject { ["entryId"] = end.Entry },
        FindRegisterEntry => new JsonObject { ["state"] = "None" },
        // A sample that was never drawn is one that did not select.
        DrawSample => new JsonObject { ["selected"] = false, ["draw"] = 100 },
        OpenCase => new JsonObject { ["caseId"] = effect.BookmarkId },
        _ => null,
    };
}
