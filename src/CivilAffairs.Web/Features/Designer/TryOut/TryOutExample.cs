using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Time;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;

namespace CivilAffairs.Web.Features.Designer.TryOut;

/// <summary>A try-out kept as an example of the matter's folder: what was done, and what came of it as what must come of it from now on.</summary>
internal static class TryOutExample
{
    /// <summary>The example's text. Where time was let pass is not in it: an example waits for what is due by itself.</summary>
    /// <param name="play">Nothing in it is refused.</param>
    /// <exception cref="InvalidOperationException">The play has not begun.</exception>
    public static string Write(IWorkflowEngine engine, TryOutPlay play, TryOutStart start, Words name, WorkCalendar? calendar)
    {
        ArgumentNullException.ThrowIfNull(play);
        ArgumentNullException.ThrowIfNull(start);
        ArgumentNullException.ThrowIfNull(name);
        if (!play.Begun) throw new InvalidOperationException("Nothing was tried out.");
        var example = new JsonObject
        {
            ["name"] = new JsonObject { ["zh"] = name.Zh, ["en"] = name.En },
            ["workflow"] = start.Workflow,
            ["at"] = BureauTime.Local(start.At),
            ["form"] = start.Form.DeepClone(),
        };
        if (start.Parameters.Count > 0) example["parameters"] = Map(start.Parameters);
        if (start.Inputs.Count > 0) example["inputs"] = Map(start.Inputs);
        if (start.Found.Count > 0) example["found"] = new JsonObject(start.Found.Select(f => KeyValuePair.Create(f.Key, (JsonNode?)new JsonArray([.. f.Value.Select(v => v.DeepClone())]))));
        if (start.SampleSelects) example["sampleSelects"] = true;
        example["answers"] = Answers(play);
        // Read as any example is, so that what must come of it is what an example of these words gives.
        var faults = new List<MatterFault>();
        example["expect"] = new JsonObject { ["instance"] = "Finished", ["statuses"] = new JsonArray() };
        var read = MatterJson.Read<ExampleFile>("example.json", example.ToJsonString(), faults) ?? throw new InvalidOperationException(faults[0].ToString());
        var whole = TryOutPlay.Run(engine, play.Revision, TryOutStart.Of(read), TryOutScript.Inputs(engine, play.Revision, read, calendar), calendar);
        example["expect"] = Expectation(whole);
        return example.ToJsonString(TryOutInput.Json);
    }

    private static JsonObject Answers(TryOutPlay play)
    {
        var answers = new JsonObject();
        foreach (var done in play.Done.Where(d => d.Input.Kind == TryOutInput.Answer))
        {
            if (answers[done.Input.Activity!] is not JsonArray queue) answers[done.Input.Activity!] = queue = [];
            var answer = new JsonObject { ["at"] = BureauTime.Local(done.At) };
            if (done.By is { } by) answer["by"] = by;
            if (done.Input.Result is { } result) answer["result"] = result.DeepClone();
            queue.Add(answer);
        }
        return answers;
    }

    private static JsonObject Expectation(TryOutPlay play)
    {
        var effects = play.Course.Effects.ToList();
        var expect = new JsonObject { ["instance"] = play.Course.Last!.Status.ToString(), ["statuses"] = Texts(play.Case.Statuses.Select(s => s.Status)) };
        if (effects.OfType<GrantBenefit>().LastOrDefault() is { } grant) (expect["amountFen"], expect["firstMonth"]) = (grant.AmountFen, BureauTime.Iso(grant.FirstMonth));
        if (effects.OfType<EndBenefit>().LastOrDefault() is { } end) expect["lastMonth"] = BureauTime.Iso(end.LastMonth);
        if (effects.OfType<SetCaseClock>().LastOrDefault(c => c.Action != "Stop")?.Limit?.LastDay is { } last) expect["clockLastDay"] = BureauTime.Iso(last);
        expect["documents"] = Texts(effects.Select(e => e switch { IssueDocument d => d.Template, ChangeCertificate c => c.Template, _ => null }).OfType<string>());
        expect["notices"] = Texts(effects.Select(e => e switch { PublishNotice n => n.Template, PublishResult r => r.Template, _ => null }).OfType<string>());
        expect["mails"] = Texts(effects.OfType<SendNotice>().Select(n => n.Template));
        expect["tasks"] = new JsonArray([.. effects.Where(e => e is CreateTask or CreateApplicantTask).GroupBy(e => e.BookmarkId).Select(seats => (JsonNode)Task(seats.First(), seats.Count()))]);
        return expect;
    }

    private static JsonObject Task(Effect effect, int seats)
    {
        var (role, level, start, finish) = effect is CreateTask task ? (task.Role, task.Level, task.StartWithin.LastDay, task.FinishWithin.LastDay) : (Roles.Applicant, null, null, ((CreateApplicantTask)effect).FinishWithin.LastDay);
        var expected = new JsonObject { ["activity"] = effect.ActivityId, ["role"] = role };
        if (level is not null) expected["level"] = level;
        if (seats > 1) expected["seats"] = seats;
        if (start is { } from) expected["startBy"] = BureauTime.Iso(from);
        if (finish is { } by) expected["finishBy"] = BureauTime.Iso(by);
        return expected;
    }

    private static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)t)]);

    private static JsonObject Map(IReadOnlyDictionary<string, JsonNode?> values) => new(values.Select(v => KeyValuePair.Create(v.Key, v.Value?.DeepClone())));
}
