using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Rules;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Words;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Pages;

namespace CivilAffairs.Web.Features.Desk.Casefile;

/// <summary>Puts a case file into the API's words: every personal answer goes through the same masking as on the page.</summary>
internal sealed class DossierWriter(FieldDisplay display, CaseWords words, DossierQuery dossiers)
{
    private static string Language => Languages.IsEnglish ? "en" : "zh";

    public ApiDossier Write(Dossier file, bool full)
    {
        var @case = file.Case;
        return new ApiDossier(@case.Id, @case.Number, @case.Matter, @case.Revision, @case.Status, file.Revision.Matter.StatusWord(@case.Status) ?? words.Status(@case.Status), full ? @case.ApplicantName : @case.ShownName(), full,
            @case.Channel.ToString(), @case.Township, @case.Village, @case.SubmittedAt, @case.AcceptedOn, @case.DecidedAt, @case.ClosedAt,
            new ApiClock(@case.Clock.StartedOn, @case.Clock.LimitText, @case.Clock.DueOn, @case.Clock.StoppedOn, file.Clock?.Urgency.ToString(), @case.Clock.LimitSource),
            [.. file.Sections.Select(s => new ApiDossierSection(s.Section.Id, s.Section.Title.In(Language), [.. s.Rows.Select(r => Answers(r.Fields.Select(f => f.Field), r.Data, full))]))],
            [.. file.Revision.Form.Facts.Where(f => f.Type != "code").Select(f => new ApiAnswer(f.Id, Languages.IsEnglish ? f.En : f.Zh, display.Fact(f, file.Facts[f.Id]))).Where(a => a.Value.Length > 0)],
            [.. file.Tasks.Select(t => Task(file, t, full))],
            [.. file.Files.Select(f => new ApiAttachment(f.Id, f.Slot, full ? f.Name : $"{f.Slot}.{f.ContentType.Split('/')[^1]}", f.ContentType, f.Size, f.RecordedAt))],
            [.. file.Documents.Select(d => new ApiDossierPaper(d.Id, d.Template, Languages.IsEnglish ? d.NameEn : d.NameZh, d.Number, d.IssuedAt, d.Deliver, d.OpenedAt))],
            [.. file.Notices.Select(n => new ApiDossierNotice(n.Id, n.Kind, Languages.IsEnglish ? n.TitleEn : n.TitleZh, n.Division, n.FirstDay, n.LastDay,
                [.. file.Objections.Where(o => o.NoticeId == n.Id).Select(o => new ApiObjection(o.OccurredOn, o.RecordedAt, o.Text, o.Sender.Length == 0 ? "" : full ? o.Sender : "****"))]))],
            [.. file.Decisions.Select(d => new ApiDecision(d.Number, d.Status, file.Revision.Matter.StatusWord(d.Status) ?? words.Status(d.Status), d.OccurredOn, d.By is { Length: > 0 } ? d.By : null, d.SupersededBy, Review(d.Review)))], Review(file.Review), file.MayReopen,
            [.. file.Grants.Select(g => new ApiGrant(g.Id, g.Benefit, g.AmountFen, g.Persons, g.FirstMonth, g.LastMonth, g.OccurredOn))],
            [.. file.Story.Select(l => new ApiStoryLine(l.At, l.Kind, l.By, l.Subject, l.Detail, l.OccurredOn))], @case.Version,
            @case.HukouDivision, @case.EventDivision, @case.ReceivedOn, [.. file.KeyDates.Select(d => new ApiKeyDate(d.Name, d.Day))]);
    }

    private static ApiReview? Review(ReadReview? review) => review is null ? null : new ApiReview(review.Basis, review.Reference, review.OccurredOn, review.RecordedAt, review.By);

    private ApiDossierTask Task(Dossier file, WorkTask task, bool full)
    {
        var refusal = task.State == TaskState.Open && file.Refusals.TryGetValue(task.Id, out var refused) ? words.Refusal(refused) : null;
        return new ApiDossierTask(task.Id, task.ActivityId, task.Seat, task.Role, task.Division, Languages.IsEnglish ? task.TitleEn : task.TitleZh, task.State.ToString(), task.Form,
            JsonSerializer.Deserialize<string[]>(task.Outcomes)!, task.StartBy, task.FinishBy, task.State == TaskState.Open ? dossiers.Limit(task).Urgency.ToString() : null,
            task.HolderName, task.State == TaskState.Open && refusal is null, refusal, task.Outcome, task.ClosedBy is { } closer ? CaseWords.Actor(closer, task.ClosedFor) : null, task.ClosedAt, Written(file, task, full),
            task.OpenedOn, task.OccurredOn, task.CountedFrom, task.Source, task.StartLimit, task.StartSource, task.FinishLimit, task.FinishSource, Before(file, task, full, null), task.State == TaskState.Open ? Before(file, task, full, file.SoFar) : []);
    }

    /// <summary>What was found last time, or by now, for the fields of a task that ask it again.</summary>
    private List<ApiAnswer> Before(Dossier file, WorkTask task, bool full, JsonObject? found) => task.Form is { } form
        ? Answers(file.Revision.Form.TaskForms[form].Fields, new TaskFormEvaluator(file.Revision.Form).Prefill(form, file.Answers, file.Earlier, found), full) : [];

    /// <summary>What was written in it, each seat's own.</summary>
    private List<ApiAnswer> Written(Dossier file, WorkTask task, bool full) =>
        task is { State: TaskState.Done, Form: { } form } && file.Written.TryGetValue(task.Id, out var fields)
            ? Answers(file.Revision.Form.TaskForms[form].Fields, fields, full) : [];

    private List<ApiAnswer> Answers(IEnumerable<FormField> fields, JsonObject data, bool full) =>
        [.. fields.Where(f => data[f.Id] is not null).Select(f => new ApiAnswer(f.Id, f.Label.In(Language), display.Show(f, data[f.Id], full)))];
}

/// <summary>A case file.</summary>
/// <param name="Full">Whether personal data is told in full.</param>
/// <param name="Decisions">In their order: the last one is in force.</param>
/// <param name="Review">Under way; null: none is.</param>
/// <param name="MayReopen">Whether the caller may reopen the case now.</param>
/// <param name="Story">Newest first.</param>
/// <param name="HukouDivision">Where the household is registered; null: not asked.</param>
/// <param name="EventDivision">Where the event happened; null: not asked.</param>
/// <param name="ReceivedOn">The day on which the application came in.</param>
/// <param name="KeyDates">Days that the matter wants known: the end of a cooling-off period.</param>
internal sealed record ApiDossier(Guid Id, string? Number, string Matter, string Revision, string Status, string StatusText, string Applicant, bool Full, string Channel, string? Township, string? Village,
    DateTimeOffset? SubmittedAt, DateOnly? AcceptedOn, DateTimeOffset? DecidedAt, DateTimeOffset? ClosedAt, ApiClock Clock, IReadOnlyList<ApiDossierSection> Form, IReadOnlyList<ApiAnswer> Facts,
    IReadOnlyList<ApiDossierTask> Tasks, IReadOnlyList<ApiAttachment> Attachments, IReadOnlyList<ApiDossierPaper> Documents, IReadOnlyList<ApiDossierNotice> Notices,
    IReadOnlyList<ApiDecision> Decisions, ApiReview? Review, bool MayReopen, IReadOnlyList<ApiGrant> Grants, IReadOnlyList<ApiStoryLine> Story, long Version,
    string? HukouDivision, string? EventDivision, DateOnly? ReceivedOn, IReadOnlyList<ApiKeyDate> KeyDates);

/// <param name="Day">Null: its calendar is not published yet.</param>
internal sealed record ApiKeyDate(Words Name, DateOnly? Day);

/// <summary>The statutory limit.</summary>
/// <param name="Limit">As the law says it: <c>30wd</c>.</param>
/// <param name="LastDay">Null while the calendar year is not loaded.</param>
internal sealed record ApiClock(DateOnly? StartedOn, string? Limit, DateOnly? LastDay, DateOnly? StoppedOn, string? Urgency, string? Source);

/// <param name="Rows">One where the section does not repeat.</param>
internal sealed record ApiDossierSection(string Id, string Title, IReadOnlyList<IReadOnlyList<ApiAnswer>> Rows);

/// <param name="Value">In words of the caller's language.</param>
internal sealed record ApiAnswer(string Id, string Label, string Value);

/// <param name="State"><c>Open</c>, <c>Done</c> or <c>Cancelled</c>.</param>
/// <param name="Form">Key under the form's <c>taskForms</c>; null: only an outcome.</param>
/// <param name="MayDo">Whether the caller may claim and close it.</param>
/// <param name="WhyNot">Null where they may, or it is not open.</param>
/// <param name="OpenedOn">First day on which it can have been done.</param>
/// <param name="OccurredOn">The day on which it was done; null while it is not.</param>
/// <param name="CountedFrom">The day its limits count from.</param>
/// <param name="Source">The rule that asks for the step.</param>
/// <param name="Before">What was found last time, of the fields that the form prefills; empty: there was no last time.</param>
/// <param name="Proposed">What the form begins with: as it was found in this case, else last time; empty for a task that is not open.</param>
/// <param name="StartSource">Mark and source of the limit as they were when the task was opened: <c>S DB 15</c>.</param>
internal sealed record ApiDossierTask(Guid Id, string Activity, int Seat, string Role, string Division, string Title, string State, string? Form, IReadOnlyList<string> Outcomes, DateOnly? StartBy, DateOnly? FinishBy,
    string? Urgency, string? Holder, bool MayDo, string? WhyNot, string? Outcome, string? ClosedBy, DateTimeOffset? ClosedAt, IReadOnlyList<ApiAnswer> Written,
    DateOnly OpenedOn, DateOnly? OccurredOn, DateOnly? CountedFrom, string? Source, string? StartLimit, string? StartSource, string FinishLimit, string? FinishSource, IReadOnlyList<ApiAnswer> Before, IReadOnlyList<ApiAnswer> Proposed);

/// <param name="Name">As it came with the file, in full alone: people put their names into it; else the slot.</param>
/// <param name="Size">Bytes.</param>
internal sealed record ApiAttachment(Guid Id, string Slot, string Name, string ContentType, long Size, DateTimeOffset RecordedAt);

internal sealed record ApiDossierPaper(Guid Id, string Template, string Name, string Number, DateTimeOffset IssuedAt, bool Delivered, DateTimeOffset? OpenedAt);

internal sealed record ApiDossierNotice(Guid Id, string Kind, string Title, string Division, DateOnly FirstDay, DateOnly? LastDay, IReadOnlyList<ApiObjection> Objections);

/// <param name="Sender">Masked as a whole unless in full; empty: anonymous.</param>
internal sealed record ApiObjection(DateOnly OccurredOn, DateTimeOffset RecordedAt, string Text, string Sender);

/// <param name="By">The officer; null: the applicant, or a limit that passed.</param>
/// <param name="SupersededBy">Number of the decision that replaced it; null: it is in force.</param>
internal sealed record ApiDecision(int Number, string Status, string StatusText, DateOnly OccurredOn, string? By, int? SupersededBy, ApiReview? Review);

/// <param name="Basis"><c>administrativeReview</c>, <c>courtJudgment</c> or <c>selfCorrection</c>.</param>
internal sealed record ApiReview(string Basis, string Reference, DateOnly OccurredOn, DateTimeOffset RecordedAt, string By);

/// <param name="AmountFen">A month, as decided first.</param>
/// <param name="OccurredOn">The day on which it was decided.</param>
internal sealed record ApiGrant(Guid Id, string Benefit, long AmountFen, int Persons, DateOnly FirstMonth, DateOnly? LastMonth, DateOnly OccurredOn);

/// <param name="By">Null: the product itself.</param>
/// <param name="OccurredOn">Where it was recorded later than it happened.</param>
internal sealed record ApiStoryLine(DateTimeOffset At, string Kind, string? By, string Subject, string Detail, DateOnly? OccurredOn);
