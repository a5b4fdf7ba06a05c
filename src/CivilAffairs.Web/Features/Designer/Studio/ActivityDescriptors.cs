using System.Text.Json.Nodes;
using CivilAffairs.Engine.Activities;
using CivilAffairs.Engine.CaseActivities;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Pages;

namespace CivilAffairs.Web.Features.Designer.Studio;

/// <summary>
/// The toolbox of the Studio: every activity that the engine runs, from its one declaration, in the reader's language. What
/// is chosen from a list is chosen from what the matter has.
/// </summary>
internal sealed class ActivityDescriptors(InputChoices choices)
{
    private static readonly LocalText Ours = new("民政业务", "Civil affairs"), Strange = new("无法识别", "Unknown");

    /// <param name="matter">Whose roles, templates and parameters there are to choose from; null: no certain one's.</param>
    /// <param name="strange">Types in the definition that the engine does not know. They get a descriptor too: without one the Studio draws nothing at all, and saves that.</param>
    public JsonArray List(MatterRevision? matter, IEnumerable<string> strange) =>
    [
        .. CaseActivityCatalogue.Declarations.Select(d => Own(d, matter)),
        .. StockActivities.All.Select(s => Stock(s, matter)),
        .. strange.Select(Unknown),
    ];

    /// <returns>Null: there is no such activity.</returns>
    public JsonObject? Find(string type, MatterRevision? matter) => CaseActivityCatalogue.Find(type) is { } ours ? Own(ours, matter)
        : StockActivities.All.FirstOrDefault(s => s.Declaration.Type == type) is { } stock ? Stock(stock, matter) : null;

    private JsonObject Own(ActivityDeclaration declaration, MatterRevision? matter) => Write(declaration, Ours, matter);

    private JsonObject Stock(StockActivity stock, MatterRevision? matter)
    {
        var written = Write(stock.Declaration, stock.Group, matter);
        foreach (var port in stock.Embedded) written["ports"]!.AsArray().Add(Port(port, "Embedded"));
        written["isBrowsable"] = stock.IsBrowsable;
        written["isContainer"] = stock.IsContainer;
        written["isTerminal"] = stock.IsTerminal;
        written["isStart"] = stock.Declaration.Type == "Elsa.Start";
        return written;
    }

    private static JsonObject Unknown(string type)
    {
        var name = type.Split('.')[^1];
        var written = Frame(type, Strange, Say(new LocalText($"无法识别：{name}", $"Unknown: {name}")), Say(new LocalText("本系统不认识这种活动，原样保留。", "This activity is not known here; it is kept as it is.")));
        written["isBrowsable"] = false;
        return written;
    }

    private JsonObject Write(ActivityDeclaration declaration, LocalText group, MatterRevision? matter)
    {
        var written = Frame(declaration.Type, group, Say(declaration.Name), Say(declaration.Help));
        foreach (var (input, order) in declaration.Inputs.Select((input, i) => (input, i))) written["inputs"]!.AsArray().Add(Input(declaration, input, order, matter));
        if (declaration.Output is { } output)
            written["outputs"]!.AsArray().Add(new JsonObject
            {
                ["name"] = output, ["typeName"] = output == "Amount" ? "Int64" : "Object", ["displayName"] = Say(Results(output)), ["order"] = 0, ["isBrowsable"] = true, ["isSerializable"] = true, ["isSynthetic"] = false,
            });
        // Done is everybody's port and is not written; with outcomes of the manager's own the fixed ones belong to that input.
        if (!declaration.HasOwnOutcomes && declaration.Outcomes is not ["Done"])
            foreach (var outcome in declaration.Outcomes) written["ports"]!.AsArray().Add(Port(outcome, "Flow"));
        return written;
    }

    private JsonObject Input(ActivityDeclaration activity, InputDeclaration input, int order, MatterRevision? matter)
    {
        var options = choices.Of(activity, input, matter);
        var hint = options is null ? input.UiHint : input.UiHint == "json-editor" ? "checklist" : "dropdown";
        var written = new JsonObject
        {
            ["isWrapped"] = hint is not ("flow-switch-editor" or "switch-editor" or "variable-picker"), ["uiHint"] = hint, ["isReadOnly"] = false, ["isSensitive"] = false, ["autoEvaluate"] = true,
            ["name"] = input.Name, ["typeName"] = input.Type, ["displayName"] = Say(input.Label) + (input.Required ? " *" : ""), ["description"] = Say(input.Label), ["order"] = order,
            ["isBrowsable"] = true, ["isSerializable"] = true, ["isSynthetic"] = false,
        };
        if (hint is "dynamic-outcomes" or "json-editor" or "checklist" or "outcome-picker") written["defaultSyntax"] = "Object";
        if (hint is "code-editor") written["defaultSyntax"] = "JavaScript";
        written["uiSpecifications"] = hint switch
        {
            "dropdown" => new JsonObject { ["dropdown"] = new JsonObject { ["selectList"] = new JsonObject { ["items"] = Items(options ?? []) } } },
            "checklist" => new JsonObject { ["checklist"] = new JsonObject { ["checkList"] = new JsonObject { ["items"] = Items(options ?? []), ["isFlagsEnum"] = false } } },
            "code-editor" => new JsonObject { ["code-editor"] = new JsonObject { ["language"] = "javascript" } },
            "dynamic-outcomes" when activity.Outcomes.Count > 0 => new JsonObject { ["DynamicOutcomesOptions"] = new JsonObject { ["fixedOutcomes"] = new JsonArray([.. activity.Outcomes.Select(o => (JsonNode)o)]) } },
            _ => [],
        };
        return written;
    }

    private static JsonArray Items(IEnumerable<Choice> options) => [.. options.Select(o => new JsonObject { ["text"] = o.Text, ["value"] = o.Value })];

    // Kind Action throughout: a case starts a workflow, no trigger does, and a dropped Trigger would be marked as one.
    private static JsonObject Frame(string type, LocalText group, string name, string help) => new()
    {
        ["typeName"] = type, ["namespace"] = type.Contains('.', StringComparison.Ordinal) ? type[..type.LastIndexOf('.')] : "", ["name"] = type.Split('.')[^1], ["version"] = 1, ["category"] = Say(group),
        ["displayName"] = name, ["description"] = help, ["inputs"] = new JsonArray(), ["outputs"] = new JsonArray(), ["kind"] = "Action", ["runAsynchronously"] = false, ["ports"] = new JsonArray(),
        ["customProperties"] = new JsonObject(), ["constructionProperties"] = new JsonObject(), ["isContainer"] = false, ["isBrowsable"] = true, ["isStart"] = false, ["isTerminal"] = false,
    };

    private static JsonObject Port(string name, string type) => new() { ["name"] = name, ["displayName"] = name, ["type"] = type, ["isBrowsable"] = type == "Flow" };

    private static LocalText Results(string output) => output switch
    {
        "Result" => new LocalText("结果", "Result"), "Amount" => new LocalText("金额（分）", "Amount (fen)"), "Document" => new LocalText("文书", "Document"), "Grant" => new LocalText("待遇", "Grant"),
        "EntryRef" => new LocalText("登记", "Register entry"), "CertificateRef" => new LocalText("证书", "Certificate"), "CaseRef" => new LocalText("办件", "Case"), "CurrentValue" => new LocalText("当前项", "Current value"),
        _ => new LocalText("输出", "Output"),
    };

    private static string Say(LocalText text) => Languages.IsEnglish ? text.En : text.Zh;
}
