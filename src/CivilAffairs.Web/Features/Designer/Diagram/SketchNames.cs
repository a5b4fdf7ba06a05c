using System.Text.Json.Nodes;
using CivilAffairs.Engine.Activities;
using CivilAffairs.Engine.CaseActivities;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Designer.Changes;

namespace CivilAffairs.Web.Features.Designer.Diagram;

/// <summary>What is written on a drawn diagram.</summary>
internal sealed class SketchNames(ChangeNames names)
{
    /// <summary>As the manager wrote it, a task's own title, or what such an activity is called.</summary>
    public static LocalText Step(JsonObject step)
    {
        var (title, english) = (Literal(step, "title"), Literal(step, "titleEn"));
        var own = DiagramSketch.Text(step["metadata"], "displayText") is { Length: > 0 } shown ? shown : title;
        if (own.Length > 0) return new(own, english.Length > 0 ? english : own);
        return DiagramSketch.Text(step, "name") is { Length: > 0 } name && name != DiagramSketch.Text(step, "id") ? new(name, name) : Kind(step);
    }

    public static LocalText Kind(JsonObject step)
    {
        var type = DiagramSketch.Text(step, "type");
        return CaseActivityCatalogue.Find(type)?.Name ?? StockActivities.All.FirstOrDefault(s => s.Declaration.Type == type)?.Declaration.Name ?? new LocalText(type, type);
    }

    public LocalText Port(string code) => names.Outcome(code);

    private static string Literal(JsonObject step, string property) => (step[property] as JsonObject)?["expression"] is { } expression && DiagramSketch.Text(expression, "type") == "Literal" ? DiagramSketch.Text(expression, "value") : "";
}
