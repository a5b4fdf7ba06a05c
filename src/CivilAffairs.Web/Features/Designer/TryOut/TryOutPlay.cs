using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Rules;
using CivilAffairs.Engine.Time;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Time;

namespace CivilAffairs.Web.Features.Designer.TryOut;

/// <summary>
/// A matter tried out without a database: a pure function of revision, start and the list of inputs (docs/adr/0074). The
/// rules of forms and tasks hold as for real cases; hosts' results (numbers, ids) are made up and the same each time.
/// </summary>
internal sealed class TryOutPlay : ICourseHost
{
    private readonly MatterRevision revision;
    private readonly TryOutStart start;
    private readonly WorkCalendar? calendar;
    private readonly FormEvaluator form;
    private readonly TaskFormEvaluator taskForms;
    private readonly Dictionary<string, JsonNode?> parameters;
    private readonly Dictionary<string, Queue<JsonObject>> found;
    private readonly Dictionary<string, int> numbers = [];
    private readonly Dictionary<string, List<string>> performers = [], answered = [];
    private readonly List<TryOutPaper> papers = [];
    private readonly List<TryOutDone> done = [];
    private readonly Course course;
    private IReadOnlyDictionary<string, JsonNode?> facts = new Dictionary<string, JsonNode?>();
    private JsonObject answers;
    private JsonObject tasks = [];
    private string? who;

    private TryOutPlay(IWorkflowEngine engine, MatterRevision revision, TryOutStart start, WorkCalendar? calendar)
    {
        (this.revision, this.start, this.calendar, answers) = (revision, start, calendar, start.Form);
        (form, taskForms) = (new FormEvaluator(revision.Form), new TaskFormEvaluator(revision.Form));
        parameters = revision.FirstValues.ToDictionary(p => p.Key, p => p.Value);
        foreach (var (key, value) in start.Parameters.Where(p => parameters.ContainsKey(p.Key))) parameters[key] = value;
        found = start.Found.ToDictionary(f => f.Key, f => new Queue<JsonObject>(f.Value));
        course = new Course(engine, engine.Load(revision.Workflows[start.Workflow]), this, start.At);
        Case = new TryOutCase(BureauTime.Day(start.At));
        FormFaults = [.. form.Validate(FormAnswers()), .. Compute()];
        if (FormFaults.Count == 0) Guarded(() => course.Step(new StartTrigger(start.Inputs)));
    }

    /// <param name="calendar">Working days; null: limits in working days stay unknown.</param>
    /// <exception cref="DefinitionException">The definition cannot be read.</exception>
    public static TryOutPlay Run(IWorkflowEngine engine, MatterRevision revision, TryOutStart start, IEnumerable<TryOutInput> inputs, WorkCalendar? calendar)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var play = new TryOutPlay(engine, revision, start, calendar);
        foreach (var input in inputs) play.Then(input);
        return play;
    }

    /// <summary>The same play with one input more, taken in place: for who makes the list as it goes.</summary>
    public TryOutPlay Then(TryOutInput input)
    {
        if (Refusal is null && FormFaults.Count == 0) Take(input);
        return this;
    }

    public MatterRevision Revision => revision;
    public Course Course => course;

    /// <summary>What keeps the application from being sent; then nothing has begun.</summary>
    public IReadOnlyList<FieldFault> FormFaults { get; }

    /// <summary>Why the last input is not taken; what came after it was not looked at. Null: all were taken.</summary>
    public TryOutRefusal? Refusal { get; private set; }

    /// <summary>What the case would show by now.</summary>
    public TryOutCase Case { get; private set; }

    /// <summary>Documents, notices and letters in the order in which they came about.</summary>
    public IReadOnlyList<TryOutPaper> Papers => papers;

    public IReadOnlyList<TryOutDone> Done => done;
    public bool Begun => course.Last is not null;

    /// <summary>The bureau's day.</summary>
    public DateOnly Today => BureauTime.Day(course.Now);

    /// <summary>What an answer's form is checked against, today.</summary>
    public FormAnswers FormAnswers() => new(answers, parameters, Begun ? Today : BureauTime.Day(start.At));

    /// <summary>How often an activity was answered by now.</summary>
    public int Answered(string activity) => done.Count(d => d.Input.Activity == activity);

    /// <summary>A made-up person who may take the next seat of a task: nobody who sits there already, or did a step that the task keeps apart.</summary>
    public string Somebody(Bookmark bookmark)
    {
        if (course.Seats(bookmark.Id) is not [var task, ..]) return "applicant";
        var barred = task.NotSameAs.SelectMany(step => performers.GetValueOrDefault(step, [])).Concat(answered.GetValueOrDefault(bookmark.Id, [])).ToHashSet();
        return Enumerable.Range(1, 100).Select(n => $"{task.Role.ToLowerInvariant()}-{n}").First(who => !barred.Contains(who));
    }

    private void Take(TryOutInput input)
    {
        (var from, who) = (course.Happened.Count, null);
        if (!course.Waits)
        {
            Refusal = new TryOutRefusal("ended");
            return;
        }
        Guarded(() =>
        {
            if (input.Kind == TryOutInput.Jump) course.Pass(input.At ?? course.Now, inclusive: true);
            else Answer(input);
        });
        if (Refusal is null) done.Add(new TryOutDone(input, from, course.Now, who));
    }

    private void Answer(TryOutInput input)
    {
        // At the very instant an answer goes before a timer.
        if (input.At is { } at) course.Pass(at, inclusive: false);
        if (course.Last!.Bookmarks.FirstOrDefault(b => b.ActivityId == input.Activity && (b.Kind is "task" or "event")) is not { } bookmark)
        {
            Refusal = new TryOutRefusal("notWaiting");
            return;
        }
        if (bookmark.Kind == "event")
        {
            course.Answer(bookmark, input.Result?.DeepClone(), null);
            return;
        }
        if (input.Form is { } again) Resend(again);
        var result = (input.Result as JsonObject ?? new JsonObject { ["outcome"] = input.Result?.DeepClone() }).DeepClone().AsObject();
        var by = who = input.By ?? Somebody(bookmark);
        var flow = result;
        if ((course.Seats(bookmark.Id).Select(s => s.Form).FirstOrDefault() ?? course.Asked(bookmark.Id)?.Form) is { } asked && Refusal is null)
        {
            var (faults, passed) = taskForms.Check(asked, result, FormAnswers());
            if (faults.Count > 0) Refusal = new TryOutRefusal("form") { Faults = faults };
            flow = passed;
            flow["outcome"] = result["outcome"]?.DeepClone();
        }
        if (Refusal is not null) return;
        if (!performers.TryGetValue(bookmark.ActivityId, out var did)) performers[bookmark.ActivityId] = did = [];
        if (!answered.TryGetValue(bookmark.Id, out var sat)) answered[bookmark.Id] = sat = [];
        // What templates read: the step's papers are made from what was just written.
        var before = tasks.DeepClone().AsObject();
        tasks[bookmark.ActivityId] = result.DeepClone();
        try
        {
            course.Answer(bookmark, flow.DeepClone(), by);
        }
        catch (StepRefusedException)
        {
            tasks = before;
            throw;
        }
        did.Add(by);
        sat.Add(by);
    }

    private void Resend(JsonObject again)
    {
        var before = answers;
        answers = again.DeepClone().AsObject();
        var faults = form.Validate(FormAnswers()).Concat(Compute()).ToList();
        if (faults.Count == 0) return;
        answers = before;
        Refusal = new TryOutRefusal("form") { Faults = faults };
    }

    private void Guarded(Action step)
    {
        try
        {
            step();
        }
        catch (StepRefusedException e)
        {
            Refusal = new TryOutRefusal("engine") { Detail = e.Message };
        }
    }

    // As of the day on which the application came in, like a real case's.
    private IReadOnlyList<FieldFault> Compute()
    {
        var computed = form.Facts(new FormAnswers(answers, parameters, BureauTime.Day(start.At)));
        if (computed.Faults.Count == 0) facts = computed.Values;
        return computed.Faults;
    }

    (IReadOnlyDictionary<string, JsonNode?> Parameters, IReadOnlyDictionary<string, JsonNode?> Facts, WorkCalendar? Calendar) ICourseHost.Data(DateTimeOffset now) => (parameters, facts, calendar);

    JsonNode? ICourseHost.Result(Effect effect, DateTimeOffset now)
    {
        var day = BureauTime.Day(now);
        Case = Case.After(effect, day);
        var (result, number) = MadeUp(effect, day);
        if (effect is IssueDocument or PublishNotice or PublishResult or SendNotice or SendEmail or ChangeCertificate { Template: not null })
            papers.Add(new TryOutPaper(effect, day, number, start.Workflow, answers.DeepClone().AsObject(), tasks.DeepClone().AsObject(), Case, Applicants(), course.Last!.Variables));
        return result;
    }

    private IReadOnlyList<CreateApplicantTask> Applicants() => [.. (course.Last?.Bookmarks ?? []).Select(b => course.Asked(b.Id)).OfType<CreateApplicantTask>()];

    private (JsonNode? Result, string? Number) MadeUp(Effect effect, DateOnly day)
    {
        switch (effect)
        {
            case IssueDocument issue:
                var number = Number(issue.NumberKind, day);
                return (new JsonObject { ["documentId"] = effect.BookmarkId, ["number"] = number }, number);
            case ChangeCertificate change:
                if (change.Action == "Suspend") return (new JsonObject { ["certificateId"] = "certificate-of-before", ["number"] = "0000" }, null);
                var printed = Number(revision.Matter.Certificates.FirstOrDefault(c => c.Id == change.Certificate)?.Numbering ?? change.Certificate, day);
                return (new JsonObject { ["certificateId"] = effect.BookmarkId, ["number"] = printed }, printed);
            case DrawSample:
                return (new JsonObject { ["selected"] = start.SampleSelects, ["draw"] = start.SampleSelects ? 1 : 100 }, null);
            case FindRegisterEntry:
                var entry = found.TryGetValue(effect.ActivityId, out var entries) && entries.TryDequeue(out var next) ? next.DeepClone().AsObject() : new JsonObject { ["state"] = "None" };
                if ((string?)entry["state"] != "None") entry["entryId"] ??= "entry-of-before";
                return (entry, null);
            case GrantBenefit: return (new JsonObject { ["grantId"] = effect.BookmarkId }, null);
            case AdjustBenefit adjust: return (new JsonObject { ["grantId"] = adjust.Grant ?? "grant-of-before" }, null);
            case EndBenefit end: return (new JsonObject { ["grantId"] = end.Grant ?? "grant-of-before" }, null);
            case EndRegisterEntry end: return (new JsonObject { ["entryId"] = end.Entry }, null);
            case WriteRegisterEntry: return (new JsonObject { ["entryId"] = effect.BookmarkId }, null);
            case OpenCase: return (new JsonObject { ["caseId"] = effect.BookmarkId }, null);
            default: return (null, null);
        }
    }

    private string Number(string kind, DateOnly day)
    {
        var series = revision.Matter.Numbering.FirstOrDefault(n => n.Kind == kind);
        var sequence = numbers[kind] = numbers.GetValueOrDefault(kind) + 1;
        return series is not null && NumberFormat.Read(series.Format) is { } format
            ? NumberFormat.Print(format.SeriesOf(series.Prefix), Office, day.Year, sequence) : $"{kind}〔{day.Year}〕{sequence:00000}";
    }

    /// <summary>The office that would handle it: 9 digits of the form's place, else 6 of the example county.</summary>
    public string Office => OfficeOf(revision.Form, answers);

    /// <summary>The division whose village the applicant names; null: the form asks none.</summary>
    public string? Place => FormPeople.At(answers, revision.Form.Place);

    public string ApplicantName => ApplicantOf(revision.Form, answers);

    public static string OfficeOf(Matters.FormFile form, JsonObject answers) => FormPeople.At(answers, form.Place) is { Length: >= 9 } place ? place[..9] : "341299";

    public static string ApplicantOf(Matters.FormFile form, JsonObject answers) => FormPeople.Named(form, answers).Where(n => n.Party.Role == "applicant").Select(n => FormPeople.Text(n.Row, n.Party.Name)).FirstOrDefault(n => n is not null)
        ?? (form.Subject is { } subject ? FormPeople.At(answers, subject.Name) : null) ?? "";
}

/// <summary>An input that was taken.</summary>
/// <param name="From">Number of the first step that it set off.</param>
/// <param name="At">When.</param>
/// <param name="By">Who answered; null: time passed, or an event came.</param>
internal sealed record TryOutDone(TryOutInput Input, int From, DateTimeOffset At, string? By);

/// <summary>Why an input is not taken.</summary>
/// <param name="Code"><c>ended</c>, <c>notWaiting</c>, <c>form</c> (see <see cref="Faults"/>) or <c>engine</c> (see <see cref="Detail"/>).</param>
internal sealed record TryOutRefusal(string Code)
{
    public IReadOnlyList<FieldFault> Faults { get; init; } = [];
    public string? Detail { get; init; }
}
