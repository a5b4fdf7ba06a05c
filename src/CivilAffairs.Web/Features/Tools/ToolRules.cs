using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Time;

namespace CivilAffairs.Web.Features.Tools;

/// <summary>The tools that ask what a matter says: its parameters as they are in force today, its reminders, its estimate.</summary>
internal sealed class ToolRules(MatterLibrary library, IReader reader, DivisionDirectory divisions, Calendars calendars, TimeProvider time)
{
    /// <exception cref="UnknownCaseException">No matter of divorce is published.</exception>
    public async Task<DivorceWindowAnswer> DivorceWindowAsync(DateOnly receipt, CancellationToken cancel)
    {
        var revision = library.Find("divorce") ?? throw new UnknownCaseException();
        var values = await ValuesAsync(revision, cancel).ConfigureAwait(false);
        return DayTools.DivorceWindow(receipt, Text(values, "divorce.limit.cooling"), Text(values, "divorce.limit.window"), calendars.Working);
    }

    /// <exception cref="UnknownCaseException">No such matter is published, or it has no certificate that is renewed.</exception>
    public async Task<CertificateAnswer> CertificateAsync(string matter, DateOnly issued, int years, CancellationToken cancel)
    {
        if (library.Find(matter) is not { } revision || revision.Matter.Certificates.FirstOrDefault(k => k.Renewal is not null) is not { } kind) throw new UnknownCaseException();
        var values = await ValuesAsync(revision, cancel).ConfigureAwait(false);
        var before = values.GetValueOrDefault(kind.Renewal!.ApplyBefore)?.GetValue<int>() ?? 0;
        return DayTools.Certificate(issued, years, kind.Reminders, before, calendars.Working);
    }

    /// <exception cref="UnknownCaseException">No such matter is offered, or it has no estimate.</exception>
    /// <exception cref="InvalidAnswersException">What is given is not as the form wants it, or something needed is not given.</exception>
    public async Task<EstimateAnswer> EstimateAsync(string matter, JsonObject form, CancellationToken cancel)
    {
        if (library.FindOffered(matter) is not { Form.Estimate: { } estimate } revision) throw new UnknownCaseException();
        var evaluator = new FormEvaluator(revision.Form);
        var answers = new FormAnswers(form, await ValuesAsync(revision, cancel).ConfigureAwait(false), time.Today());
        // What is not given is not wrong: people ask before they have everything together.
        var faults = evaluator.Validate(answers).Where(f => Gives(form, f.Path)).ToList();
        if (faults.Count > 0) throw new InvalidAnswersException(faults);
        var found = Estimates.Of(estimate, evaluator, answers);
        return new(found.Eligible, found.AmountFen is { } fen ? fen / 100m : null, [.. estimate.Steps.Select(s => new EstimateStep(
            Languages.IsEnglish ? s.En : s.Zh, s.Type == "fen" && found.Values[s.Id] is { } money ? JsonValue.Create(money.GetValue<long>() / 100m) : found.Values[s.Id]?.DeepClone(), s.Source, s.Type))]);
    }

    /// <summary>The page of a matter's estimate, with nothing filled in.</summary>
    /// <exception cref="UnknownCaseException">No such matter is offered, or its estimate asks nothing.</exception>
    public async Task<EstimateSheet> SheetAsync(string matter, CancellationToken cancel)
    {
        if (library.FindOffered(matter) is not { Form.Estimate.Asks.Count: > 0 } revision) throw new UnknownCaseException();
        return new EstimateSheet(revision, await ValuesAsync(revision, cancel).ConfigureAwait(false), time.Today());
    }

    /// <summary>Matters whose estimate has a page.</summary>
    public IEnumerable<MatterFile> Estimated => library.Offered.Where(r => r.Form.Estimate is { Asks.Count: > 0 }).Select(r => r.Matter);

    /// <summary>Whether the question of a divorce's days has an answer here.</summary>
    public bool KnowsDivorce => library.Find("divorce") is not null;

    /// <summary>Whether an organisation's certificate is renewed here.</summary>
    public bool KnowsRenewal => library.Find(Renewed) is { } revision && revision.Matter.Certificates.Any(k => k.Renewal is not null);

    /// <summary>Whose certificate is meant where nobody says.</summary>
    public const string Renewed = "so-renewal";

    private async Task<IReadOnlyDictionary<string, JsonNode?>> ValuesAsync(MatterRevision revision, CancellationToken cancel)
    {
        await using var db = reader.Open();
        return (await EffectiveParameters.OnAsync(db, revision, time.Today(), divisions.County?.Code ?? "", cancel).ConfigureAwait(false)).Values;
    }

    /// <summary>Whether something stands at a path such as <c>members[0].wages</c>.</summary>
    private static bool Gives(JsonObject form, string path)
    {
        JsonNode? at = form;
        foreach (var name in path.Split('.', '[', ']').Where(n => n.Length > 0))
            at = at switch
            {
                JsonObject thing => thing[name],
                JsonArray list when int.TryParse(name, out var i) && i < list.Count => list[i],
                _ => null,
            };
        return at is not null;
    }

    private static string Text(IReadOnlyDictionary<string, JsonNode?> values, string key) => values.GetValueOrDefault(key)?.GetValue<string>() ?? throw new UnknownCaseException();
}
