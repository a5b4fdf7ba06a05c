using System.Globalization;
using System.Text.RegularExpressions;
using CivilAffairs.Engine.CaseActivities;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Rules;
using CivilAffairs.Engine.Time;
using CivilAffairs.Web.Features.Designer.Drafts;
using CivilAffairs.Web.Features.Designer.Papers;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;

namespace CivilAffairs.Web.Features.Designer.Settings;

/// <summary>What is wrong with settings as they were typed, each by its field: <c>numbering[0].prefix</c>.</summary>
internal static partial class SettingsFaults
{
    public const int LongestName = 60, LongestText = 500, MostRows = 60;
    public static IReadOnlyList<string> Families { get; } = ["relief", "marriage", "organisation", "register"];

    /// <param name="before">As they stand in the draft.</param>
    /// <param name="files">Of the draft: what other files name may not go.</param>
    public static List<FieldFault> Of(MatterSettings settings, MatterSettings before, IReadOnlyDictionary<string, string> files)
    {
        var faults = new List<FieldFault>();
        Name("name", settings.NameZh, settings.NameEn, faults);
        Said("summary", settings.SummaryZh, settings.SummaryEn, LongestText, faults);
        if (!Families.Contains(settings.Family)) faults.Add(DraftFaults.Of("family", "setting.family"));
        Numbers(settings, before, files, faults);
        Cadence(settings, faults);
        if (settings.Retention.Count == 0) faults.Add(DraftFaults.Of("retention", "setting.keepNone"));
        foreach (var (row, i) in settings.Retention.Select((r, i) => (r, i)))
        {
            if (!Limits.TryParse(row.Keep, out var span) || span.Unit is not (LimitUnit.Years or LimitUnit.Months or LimitUnit.None)) faults.Add(DraftFaults.Of($"retention[{i}].keep", "setting.keep"));
            if (row.From is not ("end" or "decision")) faults.Add(DraftFaults.Of($"retention[{i}].from", "setting.from"));
            if (row.Statuses.FirstOrDefault(s => !CaseStatuses.All.Contains(s)) is { } status) faults.Add(DraftFaults.Of($"retention[{i}].statuses", "setting.status", status));
            Rests($"retention[{i}]", row.Mark, row.Source, faults);
        }
        foreach (var (tag, i) in settings.Statistics.Select((t, i) => (t, i)))
            if (tag.Length > LongestName || !Tag().IsMatch(tag)) faults.Add(DraftFaults.Of($"statistics[{i}]", "setting.tag"));
            else if (settings.Statistics.Take(i).Contains(tag)) faults.Add(DraftFaults.Of($"statistics[{i}]", "setting.twice", tag));
        if (settings.Law.Count == 0) faults.Add(DraftFaults.Of("law", "setting.lawNone"));
        foreach (var (row, i) in settings.Law.Select((l, i) => (l, i))) Said($"law[{i}].", row.Zh, row.En, LongestText, faults);
        foreach (var (list, count) in new[] { ("numbering", settings.Numbering.Count), ("reverification", settings.Reverification.Count), ("retention", settings.Retention.Count), ("statistics", settings.Statistics.Count), ("law", settings.Law.Count) })
            if (count > MostRows) faults.Add(DraftFaults.Of(list, "setting.many", MostRows));
        return faults;
    }

    private static void Numbers(MatterSettings settings, MatterSettings before, IReadOnlyDictionary<string, string> files, List<FieldFault> faults)
    {
        foreach (var (row, i) in settings.Numbering.Select((n, i) => (n, i)))
        {
            var path = $"numbering[{i}]";
            if (row.Kind.Length > LongestName || !Kind().IsMatch(row.Kind)) faults.Add(DraftFaults.Of($"{path}.kind", "setting.kind"));
            else if (settings.Numbering.Take(i).Any(n => n.Kind == row.Kind)) faults.Add(DraftFaults.Of($"{path}.kind", "setting.twice", row.Kind));
            var format = NumberFormat.Read(row.Format);
            if (format is null) faults.Add(DraftFaults.Of($"{path}.format", "setting.format"));
            if (row.Prefix.Trim().Length == 0 || row.Prefix.AsSpan().ContainsAny('{', '}')) faults.Add(DraftFaults.Of($"{path}.prefix", "setting.prefix"));
            else if (format?.SeriesOf(row.Prefix).Length > NumberFormat.Longest) faults.Add(DraftFaults.Of($"{path}.prefix", "setting.prefixLong", NumberFormat.Longest));
            // The same prefix, format, office and year count as one: two kinds would share their numbers.
            else if (settings.Numbering.Take(i).Any(n => n.Prefix == row.Prefix && NumberFormat.Read(n.Format)?.SeriesOf(n.Prefix) == format?.SeriesOf(row.Prefix))) faults.Add(DraftFaults.Of($"{path}.prefix", "setting.prefixTwice", row.Prefix));
            Name($"{path}.name", row.NameZh, row.NameEn, faults);
        }
        foreach (var gone in before.Numbering.Where(n => settings.Numbering.All(row => row.Kind != n.Kind)))
            if (UsedAt(files, "numberKind", gone.Kind) is { } used) faults.Add(DraftFaults.Of("numbering", "setting.numberUsed", gone.Kind, used));
    }

    private static void Cadence(MatterSettings settings, List<FieldFault> faults)
    {
        foreach (var (row, i) in settings.Reverification.Select((r, i) => (r, i)))
        {
            var path = $"reverification[{i}]";
            if (row.Category.Length > LongestName || !Kind().IsMatch(row.Category)) faults.Add(DraftFaults.Of($"{path}.category", "setting.kind"));
            else if (settings.Reverification.Take(i).Any(r => r.Category == row.Category)) faults.Add(DraftFaults.Of($"{path}.category", "setting.twice", row.Category));
            if (!Limits.TryParse(row.Interval, out var span) || span.Unit is not (LimitUnit.Years or LimitUnit.Months) || span.Count == 0) faults.Add(DraftFaults.Of($"{path}.interval", "setting.interval"));
            if (row.Workflow.Length == 0) faults.Add(DraftFaults.Of($"{path}.workflow", "setting.workflow"));
            Name($"{path}.name", row.NameZh, row.NameEn, faults);
            Rests(path, row.Mark, row.Source, faults);
        }
    }

    /// <summary>The first step that names it; null: none does.</summary>
    private static LocalText? UsedAt(IReadOnlyDictionary<string, string> files, string input, string value)
    {
        foreach (var (file, text) in files.Where(f => f.Key.EndsWith(".workflow.json", StringComparison.Ordinal)))
            if (WorkflowReferences.Activities(text).FirstOrDefault(a => WorkflowReferences.Literal(a, input) == value) is { } activity)
                return new LocalText($"{ActivityNames.Of(activity).Zh} · {file}", $"{ActivityNames.Of(activity).En} · {file}");
        return null;
    }

    private static void Name(string path, string zh, string en, List<FieldFault> faults)
    {
        if (zh.Trim().Length is 0 or > LongestName) faults.Add(DraftFaults.Of($"{path}Zh", "name.missing"));
        if (en.Trim().Length is 0 or > LongestName) faults.Add(DraftFaults.Of($"{path}En", "name.missing"));
    }

    private static void Said(string path, string zh, string en, int longest, List<FieldFault> faults)
    {
        // "law[0]." and "summary": the field's name with its language.
        var (first, second) = path.EndsWith('.') ? ($"{path}zh", $"{path}en") : ($"{path}Zh", $"{path}En");
        if (zh.Trim().Length == 0 || zh.Length > longest) faults.Add(DraftFaults.Of(first, "setting.text", longest));
        if (en.Trim().Length == 0 || en.Length > longest) faults.Add(DraftFaults.Of(second, "setting.text", longest));
    }

    private static void Rests(string path, string mark, string source, List<FieldFault> faults)
    {
        if (mark is not ("S" or "L")) faults.Add(DraftFaults.Of($"{path}.mark", "setting.mark"));
        if (source.Trim().Length is 0 or > LongestName) faults.Add(DraftFaults.Of($"{path}.source", "setting.source"));
    }

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9-]*\z")]
    private static partial Regex Kind();

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9-]*(?:\.[A-Za-z0-9-]+)*\z")]
    private static partial Regex Tag();
}
