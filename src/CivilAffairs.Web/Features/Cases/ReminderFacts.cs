using System.Text.Json.Nodes;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Pages;

namespace CivilAffairs.Web.Features.Cases;

/// <summary>What a reminder's letter may say, as <c>reminder.…</c> beside the names that every letter has.</summary>
internal sealed class ReminderFacts(DivisionDirectory divisions, SiteAddress site)
{
    /// <param name="data">What is known of the case; not changed.</param>
    /// <param name="about">The message's <see cref="Platform.Outbox.OutboxMessage.Data"/>: a pair <c>{zh, en}</c> is told in the reader's language, <c>path</c> as the address <c>url</c>.</param>
    public JsonObject Tell(JsonNode data, string about, bool english)
    {
        var told = data.DeepClone().AsObject();
        var reminder = new JsonObject();
        foreach (var (name, value) in JsonNode.Parse(about)!.AsObject())
            reminder[name] = value is JsonObject pair && pair.ContainsKey("zh") ? (string?)pair[english ? "en" : "zh"] : value?.DeepClone();
        reminder["url"] = site.Of((string?)reminder["path"] ?? "/");
        told["reminder"] = reminder;
        // A letter about no case is the county's.
        var county = divisions.County;
        told["office"] ??= new JsonObject { ["name"] = (english ? county?.OfficeEn : county?.OfficeZh) ?? "", ["phone"] = county?.Phone ?? "" };
        return told;
    }
}
