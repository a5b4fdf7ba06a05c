using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Designer.Papers;
using CivilAffairs.Web.Features.Designer.Settings;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;

namespace CivilAffairs.Web.Features.Designer.Drafts;

/// <summary>What a manager says of a new matter beside its name; null: as in what it begins from.</summary>
/// <param name="Family"><c>relief</c>, <c>marriage</c>, <c>organisation</c> or <c>register</c>.</param>
/// <param name="Who">Who applies, in both languages.</param>
/// <param name="Office"><c>county</c> or <c>township</c>: who handles the small matter; a copy is handled as the other is.</param>
public sealed record NewMatterStart(string? Family = null, Words? Who = null, string? Office = null);

/// <summary>What is said at the start, written into the files.</summary>
internal static partial class NewMatter
{
    private const string ByTownship = "township";
    private const int LongestWho = 200;

    // Who examines and who decides, where the township does both.
    private static readonly Dictionary<string, string> Townships = new() { ["CCK"] = "TCK", ["CAP"] = "TRV" };

    public static IEnumerable<FieldFault> Check(NewMatterStart start, bool copy)
    {
        if (start.Family is { } family && !SettingsFaults.Families.Contains(family)) yield return DraftFaults.Of("family", "setting.family");
        if (start.Who is { } who)
        {
            if (who.Zh.Trim().Length is 0 or > LongestWho) yield return DraftFaults.Of("whoZh", "setting.text", LongestWho);
            if (who.En.Trim().Length is 0 or > LongestWho) yield return DraftFaults.Of("whoEn", "setting.text", LongestWho);
        }
        if (start.Office is not (null or "county" or ByTownship)) yield return DraftFaults.Of("office", "office.unknown");
        else if (copy && start.Office is not null) yield return DraftFaults.Of("office", "office.copy");
    }

    public static SortedDictionary<string, string> Started(SortedDictionary<string, string> files, NewMatterStart start)
    {
        files["matter.json"] = JsonFile.Edit("matter.json", files["matter.json"], matter =>
        {
            if (start.Family is { } family) matter["family"] = family;
            if (start.Who is { } who) matter["applicants"]!["who"] = new JsonObject { ["zh"] = who.Zh.Trim(), ["en"] = who.En.Trim() };
            if (start.Office == ByTownship) Township(matter);
        });
        if (start.Office != ByTownship) return files;
        files["apply.workflow.json"] = JsonFile.Edit("apply.workflow.json", files["apply.workflow.json"], definition =>
        {
            foreach (var task in WorkflowReferences.Activities(definition).Where(a => JsonFile.Text(a["type"]) == "CivilAffairs.HumanTask"))
                if (task["role"]?["expression"] is JsonObject role && Townships.TryGetValue(JsonFile.Text(role["value"]) ?? "", out var there))
                    (role["value"], task["level"]!["expression"]!["value"]) = (there, ByTownship);
        });
        files["form.json"] = JsonFile.Edit("form.json", files["form.json"], form =>
        {
            // The village decides which township handles it.
            form["place"] = "applicant.village";
            form["sections"]![0]!["fields"]!.AsArray().Add((JsonNode)new JsonObject { ["id"] = "village", ["type"] = "division", ["label"] = new JsonObject { ["zh"] = "所在村（社区）", ["en"] = "Village or community" }, ["required"] = true });
        });
        return files;
    }

    private static void Township(JsonObject matter)
    {
        var applicants = matter["applicants"]!;
        (applicants["where"], applicants["counterRoles"]) = ("hukou", new JsonArray("TCK"));
        foreach (var role in matter["roles"]!.AsArray().OfType<JsonObject>())
            if (Townships.TryGetValue(JsonFile.Text(role["code"]) ?? "", out var there)) (role["code"], role["level"]) = (there, ByTownship);
        foreach (var apart in matter["separation"]!.AsArray().OfType<JsonObject>())
            apart["roles"] = new JsonArray([.. apart["roles"]!.AsArray().Select(r => (JsonNode)Townships.GetValueOrDefault(JsonFile.Text(r) ?? "", JsonFile.Text(r) ?? ""))]);
        var guide = matter["guide"]!;
        guide["steps"] = new JsonArray(Said("申请", "Apply"), Said("乡镇（街道）审核", "The township examines"), Said("乡镇（街道）审定", "The township decides"));
        guide["where"] = Said("所在乡镇（街道）的民政窗口，或者在网上申请。", "At the civil affairs counter of your township, or online.");
    }

    private static JsonObject Said(string zh, string en) => new() { ["zh"] = zh, ["en"] = en };
}
