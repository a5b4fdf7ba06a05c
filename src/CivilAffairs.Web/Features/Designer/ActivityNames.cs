using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Activities;
using CivilAffairs.Engine.CaseActivities;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Pages;

namespace CivilAffairs.Web.Features.Designer;

/// <summary>What an activity is called: by the words on the diagram, a task also by its title, else by what such an activity is.</summary>
internal static class ActivityNames
{
    private static readonly ConditionalWeakTable<MatterRevision, IReadOnlyDictionary<string, LocalText>> Known = [];

    /// <summary>In the reader's language; the id where the revision has no such activity.</summary>
    public static string Name(MatterRevision revision, string activity) =>
        Known.GetValue(revision, static r => r.Workflows.Values.SelectMany(WorkflowReferences.Activities).GroupBy(a => a["id"].Text() ?? "").ToDictionary(g => g.Key, g => Of(g.Last()))).GetValueOrDefault(activity) is { } name ? Say(name) : activity;

    /// <summary>In the reader's language.</summary>
    public static string Name(JsonObject activity) => Say(Of(activity));

    /// <param name="activity">As it stands in a definition.</param>
    public static LocalText Of(JsonObject activity) => Own(activity) ?? Kind(activity);

    /// <summary>What somebody wrote for it; null: nobody did.</summary>
    /// <remarks>Elsa's Studio keeps one text on the diagram, in the language of who drew it; the English title of a task says it in English.</remarks>
    public static LocalText? Own(JsonObject activity) =>
        (activity["metadata"].In("displayText").Text() is { Length: > 0 } shown ? shown : WorkflowReferences.Literal(activity, "title")) is { } own ? new LocalText(own, WorkflowReferences.Literal(activity, "titleEn") ?? own) : null;

    /// <summary>What such an activity is called in the Studio's toolbox.</summary>
    public static LocalText Kind(JsonObject activity)
    {
        var type = activity["type"].Text() ?? "";
        return CaseActivityCatalogue.Find(type)?.Name ?? StockActivities.All.FirstOrDefault(s => s.Declaration.Type == type)?.Declaration.Name ?? new LocalText(type, type);
    }

    private static string Say(LocalText name) => Languages.IsEnglish ? name.En : name.Zh;
}
