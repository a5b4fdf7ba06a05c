using System.Globalization;
using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Time;
using FormFile = CivilAffairs.Web.Features.Matters.FormFile;

namespace CivilAffairs.Web.Features.Tools;

/// <summary>What a tool's page found.</summary>
/// <param name="Good">False: the number is wrong; the headline says why.</param>
/// <param name="Headline">The answer in one sentence.</param>
/// <param name="Lines">What else is told, each under its name.</param>
internal sealed record ToolResult(bool Good, string Headline, IReadOnlyList<(string Label, string Value)> Lines);

/// <summary>One tool as a page: what it asks, and what it makes of the answers.</summary>
/// <param name="Id">Last part of the page's address, as in the API.</param>
/// <param name="Group"><c>days</c> or <c>numbers</c>.</param>
/// <param name="Repeats">The answers stand in the fields again; false for numbers of persons.</param>
internal sealed record ToolForm(string Id, string Group, bool Repeats, IReadOnlyList<FormField> Fields, Func<JsonObject, CancellationToken, Task<ToolResult>> Work)
{
    public const string Section = "tool";

    /// <summary>Rules of forms hold here too: what is required, and what can be read.</summary>
    public FormEvaluator Evaluator { get; } = new(new FormFile { Sections = [new FormSection { Id = Section, Title = new Words { Zh = "", En = "" }, Fields = Fields }], Parties = [] });
}

/// <summary>The tools that ask one thing: the same code as the API's (docs/adr/0082), told in sentences.</summary>
internal sealed class ToolForms(ToolRules rules, Calendars calendars, DivisionDirectory divisions, TimeProvider time)
{
    private const string Workdays = "workdays", Days = "days", Months = "months";

    public IEnumerable<ToolForm> Of(string group) => All().Where(f => f.Group == group);

    public ToolForm? Find(string id) => All().FirstOrDefault(f => f.Id == id);

    private IEnumerable<ToolForm> All()
    {
        yield return new("deadline", "days", true, [Field("deadline", "start", "date"), Field("deadline", "count", "integer"), Field("deadline", "unit", "choice", Workdays, Days, Months), Field("deadline", "plain", "boolean", false)], (a, _) => Task.FromResult(Deadline(a)));
        if (rules.KnowsDivorce) yield return new("divorce-window", "days", true, [Field("divorce-window", "receipt", "date")], DivorceAsync);
        if (rules.KnowsRenewal) yield return new("certificate", "days", true, [Field("certificate", "issued", "date"), Field("certificate", "years", "integer")], CertificateAsync);
        yield return Number("resident-id", ResidentId);
        yield return new("credit-code", "numbers", false, [Field("credit-code", "value", "text"), Field("credit-code", "kind", "choice", false, "association", "nonEnterprise", "foundation")], (a, _) => Task.FromResult(CreditCode(a)));
        yield return Number("disability-card", DisabilityCard);
        yield return Number("bank-card", BankCard);
    }

    private ToolResult Deadline(JsonObject asked)
    {
        var (start, count, unit) = (Day(asked, "start"), Whole(asked, "count"), Text(asked, "unit"));
        var found = DayTools.Deadline(start, unit == Workdays ? count : null, unit == Days ? count : null, unit == Months ? count : null, unit != Workdays && asked["plain"]?.GetValue<bool>() == true, calendars.Working);
        return new(true, ToolTexts.Here("deadline.found", WithWeekday(found.Date)),
        [
            (ToolTexts.Here("deadline.counted"), ToolTexts.Here($"deadline.counted.{unit}", Display.Day(start), count)),
            (ToolTexts.Here("deadline.skipped"), found.Skipped.Count == 0 ? ToolTexts.Here("deadline.skipped.none") : ToolTexts.Here("deadline.skipped.some", found.Skipped.Count, string.Join(Languages.IsEnglish ? "; " : "；", Spans(found.Skipped)))),
        ]);
    }

    private async Task<ToolResult> DivorceAsync(JsonObject asked, CancellationToken cancel)
    {
        var found = await rules.DivorceWindowAsync(Day(asked, "receipt"), cancel);
        return new(true, ToolTexts.Here("divorce-window.found", Display.Day(found.Open), Display.Day(found.Last)),
        [
            (ToolTexts.Here("divorce-window.end"), WithWeekday(found.End)), (ToolTexts.Here("divorce-window.open"), WithWeekday(found.Open)), (ToolTexts.Here("divorce-window.last"), WithWeekday(found.Last)),
        ]);
    }

    private async Task<ToolResult> CertificateAsync(JsonObject asked, CancellationToken cancel)
    {
        var found = await rules.CertificateAsync(ToolRules.Renewed, Day(asked, "issued"), Whole(asked, "years"), cancel);
        var lines = new List<(string, string)> { (ToolTexts.Here("certificate.applyBy"), WithWeekday(found.ApplyBy)) };
        if (found.ApplyByPractical is { } practical && practical != found.ApplyBy) lines.Add((ToolTexts.Here("certificate.practical"), WithWeekday(practical)));
        lines.Add((ToolTexts.Here("certificate.reminders"), string.Join(Languages.IsEnglish ? "; " : "、", found.Reminders.Select(Display.Day))));
        return new(true, ToolTexts.Here("certificate.found", Display.Day(found.Expires)), lines);
    }

    private ToolResult ResidentId(string value) => NumberTools.ResidentId(value, time.Today()) is var found && found.Valid
        ? Right([("born", Display.Day(found.Born!.Value)), ("sex", ToolTexts.Here($"sex.{found.Sex}")), ("age", found.Age!.Value.ToString(CultureInfo.InvariantCulture))])
        : Wrong(found.Reason);

    private ToolResult CreditCode(JsonObject asked)
    {
        var found = NumberTools.CreditCode(Text(asked, "value"), (string?)asked["kind"]);
        if (!found.Valid) return Wrong(found.Reason);
        var registrar = divisions.Find(found.Division!) is { } known ? divisions.Name(known.Code, Languages.IsEnglish) : found.Division!;
        return Right([.. found.Kind is { } kind ? new[] { ("kind", Languages.IsEnglish ? ToolTexts.Here($"kind.{kind}") : kind) } : [], ("division", registrar)]);
    }

    private ToolResult DisabilityCard(string value) => NumberTools.DisabilityCard(value, time.Today()) is var found && found.Valid
        ? Right([("disability", found.Kind!), ("level", ToolTexts.Here("level.value", found.Level)), ("born", Display.Day(found.Born!.Value)), ("sex", ToolTexts.Here($"sex.{found.Sex}")), .. found.Reissues > 0 ? new[] { ("reissues", found.Reissues!.Value.ToString(CultureInfo.InvariantCulture)) } : []])
        : Wrong(found.Reason);

    private static ToolResult BankCard(string value) => NumberTools.BankCard(value) is var found && found.Valid
        ? Right([("digits", found.Digits!.Value.ToString(CultureInfo.InvariantCulture))]) : Wrong(found.Reason);

    private static ToolResult Right(IEnumerable<(string Key, string Value)> lines) => new(true, ToolTexts.Here("number.right"), [.. lines.Select(l => (ToolTexts.Here($"line.{l.Key}"), l.Value))]);

    private static ToolResult Wrong(string? reason) => new(false, ToolTexts.Here("number.wrong", reason), []);

    private static ToolForm Number(string id, Func<string, ToolResult> check) => new(id, "numbers", false, [Field(id, "value", "text")], (asked, _) => Task.FromResult(check(Text(asked, "value"))));

    private static FormField Field(string tool, string id, string type, params string[] options) => Field(tool, id, type, true, options);

    private static FormField Field(string tool, string id, string type, bool required, params string[] options) => new()
    {
        Id = id, Type = type, Label = Both($"ask.{tool}.{id}"), Required = required ? Condition.Always : Condition.Never, Hint = ToolTexts.Has($"ask.{tool}.{id}.hint") ? Both($"ask.{tool}.{id}.hint") : null,
        Options = [.. options.Select(o => new FieldOption { Value = o, Label = Both($"ask.{tool}.{id}.{o}") })],
    };

    private static Words Both(string key) => new() { Zh = ToolTexts.In(key, "zh-CN"), En = ToolTexts.In(key, "en") };

    private static DateOnly Day(JsonObject asked, string field) => FieldText.ReadDay((string)asked[field]!)!.Value;

    private static string Text(JsonObject asked, string field) => (string)asked[field]!;

    // What is beyond an int is beyond every tool's bound too, and refused as such.
    private static int Whole(JsonObject asked, string field) => (int)Math.Clamp(asked[field]!.GetValue<long>(), int.MinValue, int.MaxValue);

    private static string WithWeekday(DateOnly day) => ToolTexts.Here("day.weekday", Display.Day(day), CultureInfo.CurrentUICulture.DateTimeFormat.GetDayName(day.DayOfWeek));

    /// <summary>Days in a row are told as one.</summary>
    private static IEnumerable<string> Spans(IReadOnlyList<DateOnly> days)
    {
        for (var (i, j) = (0, 0); i < days.Count; i = j)
        {
            for (j = i + 1; j < days.Count && days[j] == days[j - 1].AddDays(1);) j++;
            yield return j - i == 1 ? Display.Day(days[i]) : $"{Display.Day(days[i])} – {Display.Day(days[j - 1])}";
        }
    }
}
