using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Designer.Drafts;
using CivilAffairs.Web.Features.Designer.Papers;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Designer.Settings;

/// <summary>Saves the settings of a matter's draft: one save of <c>matter.json</c>, in which everything that the page does not show stays as it was.</summary>
internal sealed class SettingsCommands(MatterDrafts drafts)
{
    private const string File = "matter.json";

    /// <exception cref="InvalidAnswersException">By field: <c>nameZh</c>, <c>numbering[0].prefix</c>, <c>retention[1].keep</c>.</exception>
    /// <exception cref="StaleVersionException">Somebody saved meanwhile; says who and when.</exception>
    /// <exception cref="UnknownCaseException">There is no such matter.</exception>
    public Task<DraftSaved> SaveAsync(Viewer by, string matter, MatterSettings settings, int expected, string key, CancellationToken cancel = default) => drafts.EditAsync(by, matter, "matter.settings", settings, files =>
    {
        var text = files.GetValueOrDefault(File) ?? "";
        var before = MatterSettings.Read(JsonFile.Require(File, text));
        var faults = SettingsFaults.Of(settings, before, files);
        if (faults.Count > 0) throw new InvalidAnswersException(faults);
        var changed = Written(text, settings, faults);
        return faults.Count > 0 ? throw new InvalidAnswersException(faults) : new Dictionary<string, string?> { [File] = changed };
    }, expected, key, cancel);

    /// <summary>The file with these settings in it.</summary>
    /// <param name="faults">Gets what only shows when it is written; null: nobody asks.</param>
    internal static string Written(string text, MatterSettings settings, List<FieldFault>? faults = null) => JsonFile.Edit(File, text, m =>
    {
        var found = Write(m, settings);
        faults?.AddRange(found);
    });

    /// <returns>What only shows when it is written: an interval beyond what the law leaves.</returns>
    private static List<FieldFault> Write(JsonObject matter, MatterSettings settings)
    {
        Say(matter, "name", settings.NameZh, settings.NameEn);
        Say(matter, "summary", settings.SummaryZh, settings.SummaryEn);
        Set(matter, "family", settings.Family);
        Rows(matter, "numbering", settings.Numbering, n => n.At, (row, n) =>
        {
            Set(row, "kind", n.Kind);
            Set(row, "prefix", n.Prefix.Trim());
            Set(row, "format", n.Format, optional: true);
            Say(row, "name", n.NameZh, n.NameEn);
        });
        var faults = new List<FieldFault>();
        var wanted = settings.Reverification.Select(r => r with { Parameter = r.Parameter.Length > 0 ? r.Parameter : $"{JsonFile.Text(matter["id"])}.reverify.{r.Category}" }).ToList();
        Rows(matter, "reverification", wanted, r => r.At, (row, r) =>
        {
            Set(row, "category", r.Category);
            Set(row, "parameter", r.Parameter);
            Set(row, "workflow", r.Workflow);
            Say(row, "name", r.NameZh, r.NameEn);
        });
        foreach (var (row, i) in wanted.Select((r, i) => (r, i))) faults.AddRange(Interval(matter, row, i));
        Rows(matter, "retention", settings.Retention, r => r.At, (row, r) =>
        {
            if (r.Statuses.Count > 0 || row.ContainsKey("statuses")) List(row, "statuses", r.Statuses);
            if (r.Statuses.Count == 0) row.Remove("statuses");
            Set(row, "keep", r.Keep);
            Set(row, "from", r.From);
            Set(row, "mark", r.Mark);
            Set(row, "source", r.Source.Trim());
        });
        if (settings.Statistics.Count > 0 || matter.ContainsKey("statistics")) List(matter, "statistics", settings.Statistics);
        Rows(Map(matter, "guide"), "law", settings.Law, l => l.At, (row, l) =>
        {
            Set(row, "zh", l.Zh.Trim());
            Set(row, "en", l.En.Trim());
        });
        return faults;
    }

    /// <summary>The interval is a parameter's first value, so that the county can change it by the day: within the room that the law leaves.</summary>
    private static IEnumerable<FieldFault> Interval(JsonObject matter, CadenceRow row, int i)
    {
        if (matter["parameters"] is not JsonArray list) matter["parameters"] = list = [];
        var parameter = list.OfType<JsonObject>().FirstOrDefault(p => JsonFile.Text(p["key"]) == row.Parameter);
        if (parameter is null) list.Add((JsonNode)(parameter = new JsonObject { ["key"] = row.Parameter, ["type"] = "limit", ["value"] = row.Interval, ["name"] = new JsonObject { ["zh"] = "复核间隔：" + row.NameZh.Trim(), ["en"] = "Re-verification: " + row.NameEn.Trim() } }));
        Set(parameter, "value", row.Interval);
        Set(parameter, "mark", row.Mark);
        Set(parameter, "source", row.Source.Trim());
        if (parameter.Deserialize<MatterParameter>(MatterJson.Options) is { } known && ParameterRules.Check(known, known.Value) is { } fault) yield return new FieldFault($"reverification[{i}].interval", fault.Zh, fault.En);
    }

    /// <summary>The list anew, each row upon what stood there: with the properties that nobody here knows. An absent list that stays empty stays absent.</summary>
    private static void Rows<T>(JsonObject map, string name, IReadOnlyList<T> rows, Func<T, int?> at, Action<JsonObject, T> write)
    {
        var before = map[name] as JsonArray;
        if (before is null && rows.Count == 0) return;
        var after = new JsonArray();
        foreach (var row in rows)
        {
            var node = at(row) is { } place && before?.ElementAtOrDefault(place) is JsonObject old ? old.DeepClone().AsObject() : new JsonObject();
            write(node, row);
            after.Add((JsonNode)node);
        }
        map[name] = after;
    }

    private static void List(JsonObject map, string name, IReadOnlyList<string> values) => map[name] = new JsonArray([.. values.Select(v => (JsonNode)v)]);

    private static JsonObject Map(JsonObject map, string name)
    {
        if (map[name] is not JsonObject inner) map[name] = inner = [];
        return inner;
    }

    private static void Say(JsonObject map, string name, string zh, string en)
    {
        var said = Map(map, name);
        Set(said, "zh", zh.Trim());
        Set(said, "en", en.Trim());
    }

    private static void Set(JsonObject map, string name, string value, bool optional = false)
    {
        if (optional && value.Length == 0) map.Remove(name);
        else if (JsonFile.Text(map[name]) != value) map[name] = value;
    }
}
