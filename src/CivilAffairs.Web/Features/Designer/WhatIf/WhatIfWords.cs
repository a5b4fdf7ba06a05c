using CivilAffairs.Web.Features.Cases.Words;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Pages;
using Microsoft.Extensions.Localization;

namespace CivilAffairs.Web.Features.Designer.WhatIf;

/// <summary>A difference as a sentence of the reader's language.</summary>
internal sealed class WhatIfWords(IStringLocalizer<WhatIfTexts> texts, CaseWords words, DivisionDirectory divisions)
{
    private static string Language => Languages.IsEnglish ? "en" : "zh";

    public string Kind(string kind) => texts[$"Kind.{kind}"];

    /// <param name="revision">What the cases were held against: it names steps, fields and templates.</param>
    public string Sentence(MatterRevision revision, WhatIfGroup group)
    {
        ArgumentNullException.ThrowIfNull(revision);
        ArgumentNullException.ThrowIfNull(group);
        var step = ActivityNames.Name(revision, group.Activity);
        return group.Kind switch
        {
            DifferenceKinds.Fault => group.After == "circle" ? texts["Circle"] : texts["Fault", step, group.After ?? ""],
            DifferenceKinds.MissingFact => group.After is null ? texts["MissingFact", group.Activity] : texts["FactAsked", step, group.After],
            DifferenceKinds.FormRefused => texts["FormRefused", Field(revision, group.Activity)],
            DifferenceKinds.Refused => group.After == "samePerson" ? texts["SamePerson", step] : texts["OutcomeGone", step, Outcome(revision, group.Before)],
            DifferenceKinds.NoWorkflow => texts["NoWorkflow", group.Before ?? ""],
            DifferenceKinds.Result => texts["Result", Status(revision, group.Before), Status(revision, group.After)],
            DifferenceKinds.Amount => texts["Amount", group.Before ?? texts["None"].Value, group.After ?? texts["None"].Value],
            DifferenceKinds.Outcomes => group.Before is null ? texts["OutcomeMore", step, Outcome(revision, group.After)] : texts["OutcomeLess", step, Outcome(revision, group.Before)],
            DifferenceKinds.Answer => texts["Answer", step, TaskField(revision, group.After)],
            DifferenceKinds.StepDropped => texts["StepDropped", step],
            DifferenceKinds.StepAdded => texts["StepAdded", step, For(group.After)],
            DifferenceKinds.Order => texts["Order", ActivityNames.Name(revision, group.After ?? ""), ActivityNames.Name(revision, group.Before ?? "")],
            DifferenceKinds.Role => texts["Role", step, For(group.Before), For(group.After)],
            DifferenceKinds.Vacant => texts["Vacant", step, Post(group.After)],
            DifferenceKinds.Deadline => group.After is null ? texts["DeadlineDay", step] : texts["Deadline", step, Span(group.Before), Span(group.After)],
            DifferenceKinds.Clock => texts["Clock", Span(group.Before), Span(group.After)],
            DifferenceKinds.Papers => group.Before is null ? texts["PaperMore", Template(revision, group.After)] : texts["PaperLess", Template(revision, group.Before)],
            _ => texts["Unreadable"],
        };
    }

    public string Status(MatterRevision revision, string? status) => status is null ? texts["None"] : revision.Matter.StatusWord(status) ?? words.Status(status);

    private string Outcome(MatterRevision revision, string? outcome) => outcome is null ? "" : revision.Matter.OutcomeWord(outcome) ?? words.Outcome(outcome);

    private string Span(string? limit) => limit is null ? texts["None"] : words.Span(limit);

    /// <summary>Role and level.</summary>
    private string For(string? role) => role?.Split(' ') is [var code, ..] ? code == "APP" ? texts["Applicant"] : words.Role(code) : "";

    /// <summary>Role and division.</summary>
    private string Post(string? post) => post?.Split(' ') is [var code, var division] ? texts["Post", divisions.Name(division, Languages.IsEnglish), words.Role(code)] : "";

    private static string Template(MatterRevision revision, string? file) => revision.Matter.Templates.FirstOrDefault(t => t.File == file)?.Name.In(Language) ?? file ?? "";

    private static string Field(MatterRevision revision, string path) => path.Split('.') is [var section, .. var rest] && revision.Form.Sections.FirstOrDefault(s => s.Id == section) is { } found
        ? rest is [var field, ..] && found.Fields.FirstOrDefault(f => f.Id == field) is { } asked ? $"{found.Title.In(Language)} · {asked.Label.In(Language)}" : found.Title.In(Language) : path;

    private static string TaskField(MatterRevision revision, string? field) => revision.Form.TaskForms.Values.SelectMany(f => f.Fields).FirstOrDefault(f => f.Id == field)?.Label.In(Language) ?? field ?? "";
}
