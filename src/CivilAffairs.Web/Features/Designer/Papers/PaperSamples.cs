using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Rules;
using CivilAffairs.Web.Features.Designer.TryOut;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Time;

namespace CivilAffairs.Web.Features.Designer.Papers;

/// <summary>An example of the matter that a preview may be filled from.</summary>
/// <param name="Reaches">The example says that this template comes about in it.</param>
internal sealed record SampleChoice(string Example, Words Name, bool Reaches);

/// <summary>The case that a template is filled with in its preview: as it stood when the paper came about in an example, or one that is made up.</summary>
internal sealed class PaperSamples(IWorkflowEngine engine, Calendars calendars, DivisionDirectory divisions, TimeProvider time)
{
    /// <summary>Those first in which the template comes about.</summary>
    public static IReadOnlyList<SampleChoice> Choices(MatterRevision revision, string file) =>
        [.. revision.Examples.Select(e => new SampleChoice(e.Key, e.Value.Name, Expects(e.Value.Expect, file))).OrderBy(c => c.Reaches ? 0 : 1).ThenBy(c => c.Example, StringComparer.Ordinal)];

    /// <param name="file">Of a template that the matter lists.</param>
    /// <param name="example">Its file name; null, or one in which the paper does not come about: a case made up for this paper, over the example's application where there is one.</param>
    /// <param name="past">An application that takes the place of the example's, with nobody to be known in it; null: none.</param>
    /// <exception cref="SampleException">The matter's definitions do not let a case come about.</exception>
    public TryOutPaper Of(MatterRevision revision, string file, string? example, JsonObject? past = null)
    {
        ArgumentNullException.ThrowIfNull(revision);
        try
        {
            var played = example is not null && revision.Examples.TryGetValue(example, out var found) ? Played(revision, found) : null;
            var paper = played?.Papers.LastOrDefault(p => p.Template == file) ?? Made(revision, file, played);
            return past is null ? paper : paper with { Form = past };
        }
        catch (Exception e) when (e is DefinitionException or JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new SampleException(e);
        }
    }

    private TryOutPlay Played(MatterRevision revision, ExampleFile example) =>
        TryOutPlay.Run(engine, revision, TryOutStart.Of(example), TryOutScript.Inputs(engine, revision, example, calendars.Working), calendars.Working);

    /// <summary>The paper of a case in which everything has happened that papers tell of.</summary>
    private TryOutPaper Made(MatterRevision revision, string file, TryOutPlay? played)
    {
        var today = played?.Case.SubmittedOn ?? time.Today();
        var village = divisions.All.FirstOrDefault(d => d.Level == DivisionLevel.Village)?.Code ?? "341299101201";
        var use = revision.Workflows.Select(w => (w.Key, Activity: WorkflowReferences.Activities(w.Value).FirstOrDefault(a => WorkflowReferences.Literal(a, "template") == file))).FirstOrDefault(w => w.Activity is not null);
        var effect = Effect(revision, file, use.Activity, today);
        var tasks = MadeUp.Tasks(revision, village, today);
        foreach (var (activity, written) in played?.Papers is [.., var last] ? last.Tasks : []) tasks[activity] = written?.DeepClone();
        var limit = new Limit("10wd", today.AddDays(14), null, Unknown: false);
        var made = new TryOutCase(today) { Status = "Granted", AcceptedOn = today, Clock = limit, AmountFen = 120_000, FirstMonth = new DateOnly(today.Year, today.Month, 1).AddMonths(1), Persons = 2 };
        return new TryOutPaper(effect, today, Number(revision, effect, today), use.Key ?? revision.Workflows.Keys.Order(StringComparer.Ordinal).First(),
            played is null ? MadeUp.Form(revision.Form, village, today) : FormOf(played), tasks, made,
            [Asked("Correction", limit), Asked("Confirmation", limit)], played?.Course.Last?.Variables ?? new Dictionary<string, JsonNode?>())
        { Reminder = new JsonObject { ["title"] = "（提醒的事）", ["lastDay"] = BureauTime.Iso(today.AddDays(14)), ["number"] = "0000", ["validTo"] = BureauTime.Iso(today.AddDays(30)), ["practicalDay"] = BureauTime.Iso(today.AddDays(28)), ["opensOn"] = BureauTime.Iso(today.AddDays(30)), ["dueOn"] = BureauTime.Iso(today.AddDays(30)), ["url"] = "https://example.invalid/" } };
    }

    private static JsonObject FormOf(TryOutPlay played) => played.FormAnswers().Data.DeepClone().AsObject();

    private static CreateApplicantTask Asked(string kind, Limit limit) => new("asked", "asked", kind, new LocalText("", ""), null, limit, false, []);

    private static Effect Effect(MatterRevision revision, string file, JsonObject? activity, DateOnly today)
    {
        var (type, data, kind) = (JsonFile.Text(activity?["type"]), activity is null ? null : MadeUpData.Of(activity, revision.Templates.GetValueOrDefault(file) ?? "", today), revision.Matter.Templates.FirstOrDefault(t => t.File == file)?.Kind);
        return type switch
        {
            "CivilAffairs.PublishResult" => new PublishResult("made", file, "village", null, null, data),
            "CivilAffairs.IssueCertificate" or "CivilAffairs.RenewCertificate" => new ChangeCertificate("made", "made", type.EndsWith("RenewCertificate", StringComparison.Ordinal) ? "Renew" : "Issue", WorkflowReferences.Literal(activity!, "certificate") ?? "", file, today, today.AddYears(4).AddDays(-1), data),
            _ => kind switch
            {
                Paper.Mail => new SendNotice("made", "applicant", file, null),
                Paper.Notice => new PublishNotice("made", "made", file, "公示", "village", today, today.AddDays(6), data),
                _ => new IssueDocument("made", "made", file, (activity is null ? null : WorkflowReferences.Literal(activity, "numberKind")) ?? (revision.Matter.Numbering is [var first, ..] ? first.Kind : ""), false, data),
            },
        };
    }

    private static string? Number(MatterRevision revision, Effect effect, DateOnly today)
    {
        var kind = effect switch { IssueDocument issue => issue.NumberKind, ChangeCertificate change => revision.Matter.Certificates.FirstOrDefault(c => c.Id == change.Certificate)?.Numbering, _ => null };
        if (kind is null) return null;
        return revision.Matter.Numbering.FirstOrDefault(n => n.Kind == kind) is { } series && NumberFormat.Read(series.Format) is { } format
            ? NumberFormat.Print(format.SeriesOf(series.Prefix), "341299", today.Year, 1) : $"{kind}〔{today.Year}〕00001";
    }

    private static bool Expects(ExampleExpectation expect, string file) => (expect.Documents ?? []).Concat(expect.Notices ?? []).Concat(expect.Mails ?? []).Contains(file);
}

/// <summary>A matter whose definitions let no case come about; <see cref="Exception.InnerException"/> says why.</summary>
internal sealed class SampleException(Exception why) : Exception("No sample case comes about.", why);
