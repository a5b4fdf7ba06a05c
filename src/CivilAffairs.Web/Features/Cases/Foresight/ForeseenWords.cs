using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Words;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Pages;
using Microsoft.Extensions.Localization;

namespace CivilAffairs.Web.Features.Cases.Foresight;

/// <summary>What a decision would bring, in the reader's language and under headings: money first, then whom it comes to.</summary>
public sealed class ForeseenWords(IStringLocalizer<ForesightTexts> texts, CaseWords words, DivisionDirectory divisions, MatterLibrary library)
{
    private static readonly (string Heading, string[] Kinds)[] Order =
    [
        ("Money", ["grant", "amount", "end"]), ("Asked", ["asked"]), ("Next", ["task", "opens", "sample"]), ("Documents", ["document"]), ("Letters", ["letter"]),
        ("Public", ["notice", "result"]), ("Registers", ["certificate", "entry", "entryEnds"]), ("Reverification", ["reverification"]), ("Clock", ["clock"]), ("Status", ["status"]),
    ];

    /// <summary>What follows at once.</summary>
    public IReadOnlyList<ForeseenGroup> Now(MatterRevision revision, Foreseen foreseen)
    {
        ArgumentNullException.ThrowIfNull(foreseen);
        var groups = Groups(revision, foreseen.Lines, foreseen.Closes);
        if (foreseen.Reckoned is { } reckoned && Reckoned(reckoned, foreseen.NowFen).ToList() is { Count: > 0 } lines) groups.Insert(0, new ForeseenGroup("Reckoned", texts["Reckoned"], lines));
        return groups;
    }

    /// <summary>What follows of later steps.</summary>
    public IReadOnlyList<ForeseenGroup> Later(MatterRevision revision, ForeseenLater later)
    {
        ArgumentNullException.ThrowIfNull(later);
        return Groups(revision, later.Lines, later.Closes);
    }

    /// <summary>How the later steps were assumed to go: 听取意见并记录（维持）→ …</summary>
    public string Assumed(MatterRevision revision, ForeseenLater later)
    {
        ArgumentNullException.ThrowIfNull(revision);
        ArgumentNullException.ThrowIfNull(later);
        return string.Join(texts["Then"], later.Answers.Select(a => texts["Answered", In(a.Title), revision.Matter.OutcomeWord(a.Outcome) ?? words.Outcome(a.Outcome)].Value));
    }

    public static string Fault(ForeseenFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return In(fault.Activity);
    }

    private List<ForeseenGroup> Groups(MatterRevision revision, IReadOnlyList<ForeseenLine> lines, bool closes)
    {
        var groups = new List<ForeseenGroup>();
        foreach (var (heading, kinds) in Order)
        {
            // Of the states that it passes through the last is the one it has.
            var mine = lines.Where(l => kinds.Contains(l.Kind)).ToList();
            if (heading == "Status") mine = mine.TakeLast(1).ToList();
            var sentences = mine.Select(l => Sentence(revision, l)).Distinct().ToList();
            if (heading == "Status" && closes) sentences.Add(texts["Closes"]);
            if (sentences.Count > 0) groups.Add(new ForeseenGroup(heading, texts[$"Group.{heading}"], sentences));
        }
        return groups;
    }

    private IEnumerable<string> Reckoned(Steps.Reckoning reckoned, long? now)
    {
        if (reckoned.Eligible is false) yield return texts["Reckoned.no", string.Join(texts["And"], reckoned.Failed.Select(In))];
        else if (reckoned.AmountFen is { } amount) yield return now is { } before ? texts[before == amount ? "Reckoned.same" : "Reckoned.changed", Display.Money(amount), Display.Money(before)] : texts["Reckoned.amount", Display.Money(amount)];
        else if (reckoned.Eligible is true) yield return texts["Reckoned.yes"];
    }

    private string Sentence(MatterRevision revision, ForeseenLine line) => line.Kind switch
    {
        "grant" => texts[line.Once ? "grant.once" : line.Until is null ? "grant" : "grant.until", In(line.Name), Display.Money(line.AfterFen ?? 0), Month(line.From), Month(line.Until)],
        "amount" => texts[line.BeforeFen == line.AfterFen ? "amount.same" : line.BeforeFen is null ? "amount.new" : line.AfterFen > line.BeforeFen ? "amount.up" : "amount.down", In(line.Name), Display.Money(line.BeforeFen ?? 0), Display.Money(line.AfterFen ?? 0), Month(line.From), Display.Money(Math.Abs((line.AfterFen ?? 0) - (line.BeforeFen ?? 0)))],
        "end" => texts[line.Count is > 0 ? line.Count == 1 ? "end.one" : "end.later" : "end", In(line.Name), Display.Money(line.BeforeFen ?? 0), Month(line.Until), line.Count ?? 0],
        "asked" => texts["asked", In(line.Name), Limit(line)],
        "task" => texts[line.Count > 1 ? "task.seats" : "task", Office(line), words.Role(line.To ?? ""), In(line.Name), Limit(line), line.Count ?? 1],
        "opens" => texts["opens", library.Find(line.Code ?? "") is { } other ? Of(other.Matter.Name) : line.Code ?? ""],
        "sample" => texts["sample", line.Count ?? 0],
        "document" => texts[line.Delivered ? "document.delivered" : "document", In(line.Name), line.Series ?? ""],
        "letter" => texts["letter", To(line.To ?? ""), In(line.Name)],
        "notice" => texts["notice", divisions.Name(line.Division ?? "", Languages.IsEnglish), In(line.Name), Day(line.From), Day(line.Until)],
        "result" => texts[line.Count is null ? "result" : "result.least", divisions.Name(line.Division ?? "", Languages.IsEnglish), In(line.Name), line.Count ?? 0],
        "certificate" => texts[line.Until is null ? $"certificate.{line.Code}" : $"certificate.{line.Code}.until", In(line.Name), Day(line.From), Day(line.Until)],
        "entry" => texts["entry", In(line.Name)],
        "entryEnds" => texts["entryEnds", In(line.Name)],
        "reverification" => Day(line.Until),
        "clock" => texts[$"clock.{line.Code}", Limit(line)],
        _ => revision.Matter.StatusWord(line.Code ?? "") ?? words.Status(line.Code ?? ""),
    };

    private string Office(ForeseenLine line) => divisions.Name(line.Division ?? "", Languages.IsEnglish);

    private string To(string to) => to.StartsWith("role:", StringComparison.Ordinal) ? words.Role(to[5..]) : texts[$"to.{to}"] is { ResourceNotFound: false } known ? known.Value : to;

    private string Limit(ForeseenLine line) => line.Until is { } last ? texts["limit", words.Span(line.Limit!), Display.Day(last)] : line.Limit is null or "none" ? texts["limit.none"] : texts["limit.unknown", words.Span(line.Limit)];

    private static string Day(DateOnly? day) => day is { } known ? Display.Day(known) : "";

    private static string Month(DateOnly? month) => month is { } known ? Display.Month(known) : "";

    private static string Of(Matters.Words name) => name.In(Languages.IsEnglish ? "en" : "zh");

    private static string In(LocalText? text) => text is null ? "" : Languages.IsEnglish && text.En.Length > 0 ? text.En : text.Zh;
}

/// <param name="Id">The heading's key.</param>
/// <param name="Lines">One sentence each.</param>
public sealed record ForeseenGroup(string Id, string Heading, IReadOnlyList<string> Lines);
