using System.Text.Json;
using CivilAffairs.Web.Features.Cases.Web;
using CivilAffairs.Web.Features.Cases.Words;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Apply.Api;

/// <summary>What an applicant sent: where it stands, what is asked of them, what they got.</summary>
internal static class MyCaseApi
{
    public static void MapMyCases(this RouteGroupBuilder api)
    {
        var mine = api.MapGroup("/my/cases").Guarded().RequireAuthorization(Policies.Applicant).ProducesProblem(401).ProducesProblem(403).WithTags("My cases");
        mine.MapGet("", async ([AsParameters] PageQuery paging, MyCases cases, Refusals words, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var (page, size) = paging.Checked();
            var (found, more) = await cases.ReadAsync(await viewers.RequireAsync(cancel), false, page, size, cancel);
            return TypedResults.Ok(new Paged<ApiMyCaseLine>([.. found.Select(m => new ApiMyCaseLine(m.Case.Id, m.Case.Number ?? "", m.Case.Matter, m.Matter.Name.Now(), m.Case.Status, m.Matter.StatusWord(m.Case.Status) ?? words.Status(m.Case.Status),
                m.Case.SubmittedAt, m.Waiting is not null, m.Waiting?.FinishBy, m.Unread))], page, size, more, null));
        }).ProducesProblem(400).WithSummary("The caller's cases, changed last first");

        api.MapGroup("/my/organisations").Guarded().RequireAuthorization(Policies.Applicant).ProducesProblem(401).ProducesProblem(403).WithTags("My cases").MapGet("", async (MyOrganisations organisations, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok<IReadOnlyList<ApiMyOrganisation>>([.. (await organisations.ReadAsync(await viewers.RequireAsync(cancel), cancel)).Select(o => new ApiMyOrganisation(o.Id, o.Name,
                [.. o.Certificates.Select(c => new ApiMyCertificate(c.Certificate.Id, c.Certificate.Kind, c.Certificate.Number, c.Certificate.ValidFrom, c.Certificate.ValidTo, c.DaysLeft, c.Renewal))], [.. o.Open.Select(c => c.Case.Id)], o.Draft?.Id, [.. o.Services.Select(m => m.Matter)]))]))
            .WithSummary("Organisations that the caller may act for").WithDescription("By the registers, as legal representative or handler, with the newest certificate of each kind and the matter in which it may be renewed now.");

        mine.MapGet("/{id:guid}", async (Guid id, CaseViews views, Refusals words, ViewerAccessor viewers, HttpContext context, CancellationToken cancel) =>
        {
            var view = await views.OpenAsync(await viewers.RequireAsync(cancel), id, cancel);
            context.Tag(view.Case.Version);
            return TypedResults.Ok(ApiMyCase.Of(view, words));
        }).ProducesProblem(404).ProducesProblem(410).WithSummary("A case as its applicant sees it")
            .WithDescription("Status as steps, the legal last day, what is asked of the applicant and the documents delivered. A task is answered by completing it under /tasks. The ETag is the case's version.");
    }
}

/// <param name="IsAsked">Whether something is asked of the applicant.</param>
internal sealed record ApiMyCaseLine(Guid Id, string Number, string Matter, string MatterName, string Status, string StatusText, DateTimeOffset? SubmittedAt, bool IsAsked, DateOnly? LastDay, int UnreadMessages);

/// <param name="At">Null: lies ahead.</param>
internal sealed record ApiStep(string Status, string Text, DateTimeOffset? At);

/// <summary>Something asked of the applicant.</summary>
/// <param name="Kind"><c>Correction</c> (fill in the draft first), <c>Appointment</c>, <c>Signature</c> or <c>Confirmation</c>.</param>
/// <param name="Form">Key under the form's <c>taskForms</c>; null: only an outcome.</param>
internal sealed record ApiAsked(Guid TaskId, string Kind, string Title, string? Form, IReadOnlyList<ApiChoice> Outcomes, DateOnly? LastDay);

internal sealed record ApiChoice(string Code, string Text);

internal sealed record ApiPaper(Guid Id, string Template, string Name, string Number, DateTimeOffset IssuedAt, DateTimeOffset? OpenedAt);

/// <param name="Day">Null: its calendar is not published yet.</param>
internal sealed record ApiMyDay(string Name, DateOnly? Day);

/// <param name="Number">From 1; a later one supersedes the one before it.</param>
internal sealed record ApiMyDecision(int Number, string Status, string StatusText, DateOnly OccurredOn);

/// <param name="Decision">The last one made, which holds until another supersedes it; null: none yet.</param>
/// <param name="IsUnderReview">Whether the case was reopened and is not decided anew.</param>
/// <param name="Steps">Reached, in order of time, then those that usually lie ahead.</param>
/// <param name="LegalLastDay">Of the statutory limit; null: not started, or its calendar is not known yet.</param>
/// <param name="StepLastDay">Of the offices' present step; null: none is known.</param>
/// <param name="KeyDates">Days that the matter wants its parties to know.</param>
/// <param name="UsualWorkDays">Median of working days from acceptance to the decision; null: too few such cases were decided, or this one is.</param>
internal sealed record ApiMyCase(Guid Id, string Number, string Matter, string Revision, string Status, string StatusText, DateTimeOffset? SubmittedAt, DateOnly? AcceptedOn, DateTimeOffset? DecidedAt,
    ApiMyDecision? Decision, bool IsUnderReview, DateOnly? LegalLastDay, DateOnly? StepLastDay, int? UsualWorkDays, string Office, string OfficePhone, bool MayWithdraw, IReadOnlyList<ApiStep> Steps, IReadOnlyList<ApiAsked> Asked, IReadOnlyList<ApiPaper> Documents, long Version, IReadOnlyList<ApiMyDay> KeyDates)
{
    public static ApiMyCase Of(CaseView view, Refusals words) => new(view.Case.Id, view.Case.Number ?? "", view.Case.Matter, view.Case.Revision, view.Case.Status, Word(view, words, view.Case.Status),
        view.Case.SubmittedAt, view.Case.AcceptedOn, view.Case.DecidedAt,
        view.Decision is { } decision ? new ApiMyDecision(decision.Number, decision.Status, Word(view, words, decision.Status), decision.OccurredOn) : null, view.IsUnderReview, view.Case.Clock.DueOn, view.StepDueOn, view.UsualWorkDays,
        (Languages.IsEnglish ? view.Office?.OfficeEn : view.Office?.OfficeZh) ?? "", view.Office?.Phone ?? "", view.MayWithdraw,
        [.. view.Story.Reached.Select(s => new ApiStep(s.Status, Word(view, words, s.Status), s.At)), .. view.Story.Ahead.Select(s => new ApiStep(s, Word(view, words, s), null))],
        [.. view.Asked.Select(t => new ApiAsked(t.Id, t.Kind ?? "", Languages.IsEnglish ? t.TitleEn : t.TitleZh, t.Form,
            [.. JsonSerializer.Deserialize<string[]>(t.Outcomes)!.Select(o => new ApiChoice(o, view.Revision.Matter.OutcomeWord(o) ?? words.Outcome(o)))], t.FinishBy))],
        [.. view.Documents.Select(d => new ApiPaper(d.Id, d.Template, Languages.IsEnglish ? d.NameEn : d.NameZh, d.Number, d.IssuedAt, d.OpenedAt))], view.Case.Version, [.. view.KeyDates.Select(d => new ApiMyDay(d.Name.Now(), d.Day))]);

    private static string Word(CaseView view, Refusals words, string status) => view.Revision.Matter.StatusWord(status) ?? words.Status(status);
}

/// <param name="OpenCases">Not decided yet.</param>
/// <param name="Draft">A renewal begun and not filed; null: none.</param>
/// <param name="Matters">What it may apply for at any time.</param>
internal sealed record ApiMyOrganisation(Guid Id, string Name, IReadOnlyList<ApiMyCertificate> Certificates, IReadOnlyList<Guid> OpenCases, Guid? Draft, IReadOnlyList<string> Matters);

/// <param name="DaysLeft">Negative once it has expired; null: without an end.</param>
/// <param name="Renewal">The matter in which it may be renewed now; null: not now.</param>
internal sealed record ApiMyCertificate(Guid Id, string Kind, string Number, DateOnly ValidFrom, DateOnly? ValidTo, int? DaysLeft, string? Renewal);
