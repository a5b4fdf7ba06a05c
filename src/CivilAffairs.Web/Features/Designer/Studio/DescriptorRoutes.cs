using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Designer.Studio;

/// <summary>The toolbox, kinds of expressions and types, and the lists that are empty here.</summary>
internal static class DescriptorRoutes
{
    private static readonly string[] Empty =
    [
        "descriptors/commit-strategies/workflows", "descriptors/commit-strategies/activities", "descriptors/log-persistence-strategies", "descriptors/output-converters", "resilience/strategies",
        "workflow-contexts/provider-descriptors", "secrets", "secrets/descriptors", "labels",
    ];

    private static readonly (string Type, bool Shown, string? Language, LocalText Name)[] Expressions =
    [
        ("Literal", false, null, new("文字", "Literal")), ("Object", false, "json", new("对象", "Object")), ("Json", false, "json", new("JSON", "Json")),
        ("Variable", true, null, new("变量", "Variable")), ("Input", true, null, new("输入", "Input")), ("JavaScript", true, "javascript", new("JavaScript", "JavaScript")), ("Liquid", true, "liquid", new("Liquid", "Liquid")),
    ];

    // What variables may hold; the names are Elsa's, and files keep them.
    private static readonly (string Type, LocalText Name, LocalText Group)[] Types =
    [
        ("Object", new("对象", "Object"), new("基本类型", "Primitives")), ("String", new("文字", "Text"), new("基本类型", "Primitives")), ("Boolean", new("是否", "Yes or no"), new("基本类型", "Primitives")),
        ("Int32", new("整数", "Whole number"), new("基本类型", "Primitives")), ("Int64", new("大整数（金额，分）", "Large whole number (fen)"), new("基本类型", "Primitives")), ("Decimal", new("小数", "Decimal"), new("基本类型", "Primitives")),
        ("Double", new("浮点数", "Floating point"), new("基本类型", "Primitives")), ("DateTime", new("日期时间", "Date and time"), new("基本类型", "Primitives")), ("DateTimeOffset", new("时刻", "Instant"), new("基本类型", "Primitives")),
        ("TimeSpan", new("时长", "Duration"), new("基本类型", "Primitives")), ("ObjectDictionary", new("键值表", "Dictionary"), new("其他", "Other")), ("JSON", new("JSON", "JSON"), new("其他", "Other")),
    ];

    public static void MapStudioDescriptors(this RouteGroupBuilder group)
    {
        group.MapGet("/descriptors/activities", async (HttpContext context, ActivityDescriptors descriptors, StudioDefinitions definitions, StudioDrafts drafts, MatterLibrary library, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var matter = await StudioRoutes.MatterAsync(context, await viewers.RequireAsync(cancel), drafts, library, cancel);
            var strange = matter?.Workflows.Values.SelectMany(text => DefinitionJson.StrangeTypes(DefinitionJson.Parse(text)["root"])).Distinct() ?? [];
            var list = descriptors.List(matter, strange);
            return TypedResults.Json(new JsonObject { ["items"] = list, ["count"] = list.Count });
        });
        group.MapGet("/descriptors/activities/{type}", async (string type, HttpContext context, ActivityDescriptors descriptors, StudioDrafts drafts, MatterLibrary library, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Json(descriptors.Find(type, await StudioRoutes.MatterAsync(context, await viewers.RequireAsync(cancel), drafts, library, cancel)) ?? throw new UnknownCaseException()));
        group.MapPost("/descriptors/activities/{type}/options/{property}", async (string type, string property, HttpContext context, ActivityDescriptors descriptors, StudioDrafts drafts, MatterLibrary library, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var found = descriptors.Find(type, await StudioRoutes.MatterAsync(context, await viewers.RequireAsync(cancel), drafts, library, cancel));
            var input = found?["inputs"]!.AsArray().FirstOrDefault(i => string.Equals((string?)i!["name"], property, StringComparison.OrdinalIgnoreCase)) ?? throw new UnknownCaseException();
            return TypedResults.Json(new JsonObject { ["items"] = input["uiSpecifications"]!.DeepClone() });
        });
        group.MapGet("/descriptors/expression-descriptors", () => StudioRoutes.List(Expressions.Select(e => new JsonObject
        {
            ["type"] = e.Type, ["displayName"] = Say(e.Name), ["isSerializable"] = true, ["isBrowsable"] = e.Shown,
            ["properties"] = e.Language is null ? [] : new JsonObject { ["MonacoLanguage"] = e.Language },
        })));
        group.MapGet("/descriptors/variables", () => StudioRoutes.List(Types.Select(t => new JsonObject { ["typeName"] = t.Type, ["displayName"] = Say(t.Name), ["category"] = Say(t.Group), ["description"] = Say(t.Name) })));
        group.MapGet("/descriptors/storage-drivers", () => TypedResults.Json(new JsonObject
        {
            ["items"] = new JsonArray(new JsonObject { ["typeName"] = "Elsa.Workflows.WorkflowInstanceStorageDriver, Elsa.Workflows.Core", ["displayName"] = Say(new("随办件保存", "With the case")), ["priority"] = 5, ["deprecated"] = false }),
        }));
        group.MapGet("/descriptors/workflow-activation-strategies", () => StudioRoutes.List(new JsonObject
        {
            ["displayName"] = Say(new("总是允许", "Always")), ["description"] = "", ["typeName"] = "Elsa.Workflows.ActivationValidators.AllowAlwaysStrategy, Elsa.Workflows.Core",
        }));
        group.MapGet("/descriptors/incident-strategies", () => StudioRoutes.List(new JsonObject
        {
            ["displayName"] = Say(new("出错即停，由管理人员处理", "Fault")), ["description"] = "", ["typeName"] = "Elsa.Workflows.IncidentStrategies.FaultStrategy, Elsa.Workflows.Core",
        }));
        group.MapGet("/features/installed", () => StudioRoutes.List(Feature("WorkflowManagement"), Feature("WorkflowsApi"), Feature("JavaScript"), Feature("Liquid")));
        group.MapGet("/package/version", () => TypedResults.Json(new JsonObject { ["packageVersion"] = "3.8.2" }));
        foreach (var path in Empty) group.MapGet($"/{path}", () => StudioRoutes.List());
    }

    private static JsonObject Feature(string name) => new() { ["name"] = name, ["namespace"] = "Elsa", ["fullName"] = $"Elsa.{name}", ["displayName"] = name, ["description"] = "" };

    private static string Say(LocalText text) => Languages.IsEnglish ? text.En : text.Zh;
}
