using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Words;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.Extensions.Localization;

namespace CivilAffairs.Web.Features.Designer.TryOut;

/// <summary>What happens in a try-out, in sentences of the reader's language.</summary>
internal sealed class TryOutWords(IStringLocalizer<TryOutTexts> texts, CaseWords words)
{
    private static string Language => Languages.IsEnglish ? "en" : "zh";

    public string Status(MatterRevision revision, string status) => revision.Matter.StatusWord(status) ?? words.Status(status);

    public string Outcome(MatterRevision revision, string outcome) => revision.Matter.OutcomeWord(outcome) ?? words.Outcome(outcome);

    public string Template(MatterRevision revision, string? file) => revision.Matter.Templates.FirstOrDefault(t => t.File == file)?.Name.In(Language) ?? file ?? texts["OwnLetter"].Value;

    /// <summary>Who a letter goes to.</summary>
    public string To(string to) => to.StartsWith("role:", StringComparison.Ordinal) ? words.Role(to[5..]) : texts[$"To.{to}"] is { ResourceNotFound: false } known ? known.Value : to;

    public string Limit(Limit limit)
    {
        ArgumentNullException.ThrowIfNull(limit);
        return limit.LastDay is { } last ? texts["LimitTo", words.Span(limit.Text), CaseWords.Day(last)] : limit.Unknown ? texts["LimitUnknown", words.Span(limit.Text)] : texts["NoLimit"];
    }

    /// <summary>What set a step off; null: it followed at once from the one before.</summary>
    public string? Cause(MatterRevision revision, Happening happening, string? activity)
    {
        ArgumentNullException.ThrowIfNull(happening);
        return happening.Trigger switch
        {
            StartTrigger => texts["Cause.start"].Value,
            AnswerTrigger { Result: var result, By: var by } => Answered(revision, result, by, activity),
            TimerTrigger => texts["Cause.timer", ActivityNames.Name(revision, activity ?? "")].Value,
            EventTrigger { EventName: "Withdraw" } => texts["Cause.withdraw"].Value,
            EventTrigger heard => texts["Cause.event", heard.EventName].Value,
            _ => null,
        };
    }

    /// <summary>What came of it; null: nothing that people see.</summary>
    public string? Sentence(MatterRevision revision, Effect effect) => effect switch
    {
        CreateTask task => texts["Line.task", words.Role(task.Role), In(task.Title), Limit(task.FinishWithin)].Value,
        CreateApplicantTask task => texts["Line.asked", In(task.Title), Limit(task.FinishWithin)].Value,
        CancelTask => texts["Line.cancelled", ActivityNames.Name(revision, effect.ActivityId)].Value,
        SetStatus status => texts["Line.status", Status(revision, status.Status)].Value,
        SetCaseClock clock => texts[$"Line.clock.{clock.Action}", clock.Limit is { } limit ? Limit(limit) : ""].Value,
        SendNotice letter => texts["Line.letter", To(letter.To), Template(revision, letter.Template)].Value,
        SendEmail => texts["Line.email"].Value,
        IssueDocument document => texts[document.Deliver ? "Line.delivered" : "Line.document", Template(revision, document.Template)].Value,
        PublishNotice notice => texts["Line.notice", Template(revision, notice.Template), CaseWords.Day(notice.FirstDay), CaseWords.Day(notice.LastDay)].Value,
        PublishResult result => texts["Line.result", Template(revision, result.Template)].Value,
        GrantBenefit grant => texts["Line.grant", Benefit(revision, grant.Benefit), CaseWords.Money(grant.AmountFen), Display.Month(grant.FirstMonth)].Value,
        AdjustBenefit adjust => texts["Line.adjust", Benefit(revision, adjust.Benefit), CaseWords.Money(adjust.AmountFen), Display.Month(adjust.FirstMonth)].Value,
        EndBenefit end => texts["Line.end", Benefit(revision, end.Benefit), Display.Month(end.LastMonth)].Value,
        ChangeCertificate change => texts[$"Line.certificate.{change.Action}", revision.Matter.Certificates.FirstOrDefault(c => c.Id == change.Certificate)?.Name.In(Language) ?? change.Certificate].Value,
        WriteRegisterEntry entry => texts["Line.entry", entry.Register].Value,
        EndRegisterEntry entry => texts["Line.entryEnds", entry.Register].Value,
        FindRegisterEntry look => texts["Line.lookup", look.Register].Value,
        ScheduleReverification planned => texts["Line.reverify", CaseWords.Day(planned.DueOn)].Value,
        OpenCase opened => texts["Line.opened", opened.Matter].Value,
        DrawSample sample => texts["Line.sample", sample.Percent].Value,
        _ => null,
    };

    public string Refusal(TryOutRefusal refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        return refusal.Code == "engine" ? texts["Refused.engine", refusal.Detail ?? ""] : texts[$"Refused.{refusal.Code}"];
    }

    public string PaperFault(PaperFault fault)
    {
        ArgumentNullException.ThrowIfNull(fault);
        return fault.Code == "template" ? texts["Paper.template", fault.Detail ?? ""] : texts[$"Paper.{fault.Code}"];
    }

    public static string In(LocalText text) => Languages.IsEnglish && text.En.Length > 0 ? text.En : text.Zh;

    private string Answered(MatterRevision revision, JsonNode? result, string? by, string? activity)
    {
        var outcome = (string?)((result as JsonObject)?["outcome"] as JsonValue) ?? "";
        return outcome == "Objection" ? texts["Cause.objection"] : texts["Cause.answer", ActivityNames.Name(revision, activity ?? ""), Outcome(revision, outcome), by == "applicant" || by is null ? texts["Applicant"].Value : Person(by)];
    }

    /// <summary>A made-up officer: 经办人 1.</summary>
    private string Person(string by)
    {
        if (by.Split('-') is not [var role, var number]) return by;
        var code = role.ToUpperInvariant();
        return Roles.All.Contains(code) ? $"{words.Role(code)} {number}" : by;
    }

    private static string Benefit(MatterRevision revision, string benefit) => revision.Matter.Benefits.FirstOrDefault(b => b.Id == benefit)?.Name.In(Language) ?? benefit;

}
