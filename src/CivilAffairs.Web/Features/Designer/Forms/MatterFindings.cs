using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Designer.Forms;

/// <summary>What is wrong with matter.json as it stands in the editor, and what it takes away that is in use.</summary>
internal static class MatterFindings
{
    public static IEnumerable<MatterFault> Of(IReadOnlyDictionary<string, string> files, JsonObject root)
    {
        var changed = files.ToDictionary(f => f.Key, f => f.Value);
        changed[JsonFile.Matter] = root.ToJsonString();
        return MatterFolder.FromFiles(changed).Faults.Where(f => f.File == JsonFile.Matter);
    }

    /// <summary>Parameters and roles that are gone and used somewhere.</summary>
    public static IReadOnlyList<TakenAway> TakenAway(IReadOnlyDictionary<string, string> files, JsonObject before, JsonObject after)
    {
        var rest = files.ToDictionary(f => f.Key, f => f.Key == JsonFile.Matter ? after.ToJsonString() : f.Value);
        var form = JsonFile.Read(files.GetValueOrDefault(FormFindings.File)).Root;
        return
        [
            .. Gone(before, after, "parameters", "key").Select(key => new TakenAway($"parameters.{key}", FormUses.OfParameter(rest, form, key))).Where(t => t.Uses.Count > 0),
            .. Gone(before, after, "roles", "code").Select(role => new TakenAway($"roles.{role}", [.. LimitTable.Read(files).Where(l => l.Role == role).Select(l => new FormUse(l.File, FormTexts.Text("use.step", l.Step)))])).Where(t => t.Uses.Count > 0),
        ];
    }

    private static IEnumerable<string> Gone(JsonObject before, JsonObject after, string list, string name) =>
        before[list].Parts().Select(p => p[name].Text()).OfType<string>().Except(after[list].Parts().Select(p => p[name].Text()).OfType<string>());
}

/// <summary>A role of the matter, the steps that it has, and who holds it in the county today.</summary>
/// <param name="Offices">How many offices of its level there are where the viewer manages matters.</param>
/// <param name="Vacant">How many of them have nobody.</param>
public sealed record RoleLine(string Code, string Level, IReadOnlyList<string> Steps, int Persons, int Offices, int Vacant)
{
    /// <summary>Who applies holds no post.</summary>
    public bool IsPost => Code != Roles.Applicant;
}
