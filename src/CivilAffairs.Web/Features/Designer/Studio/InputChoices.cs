using CivilAffairs.Engine.CaseActivities;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;
using Microsoft.Extensions.Localization;

namespace CivilAffairs.Web.Features.Designer.Studio;

/// <param name="Value">What the definition keeps.</param>
internal sealed record Choice(string Value, string Text);

/// <summary>What may be chosen for an input: the matter's roles, forms, templates, number series, registers and parameters, by name.</summary>
internal sealed class InputChoices(IStringLocalizer<RoleTexts> roles, IStringLocalizer<StudioTexts> texts, IStringLocalizer<CaseTexts> cases, MatterLibrary library)
{
    private static readonly string[] Receivers = ["applicant", "parties", "holder", "supervisor"];

    /// <returns>Null: it is written, not chosen.</returns>
    public IReadOnlyList<Choice>? Of(ActivityDeclaration activity, InputDeclaration input, MatterRevision? revision)
    {
        if (input.Options is { } states && input.Name == "Status") return [.. states.Select(s => new Choice(s, cases[$"Status.{s}"]))];
        if (input.Options is { } options) return [.. options.Select(o => new Choice(o, Named($"Option.{o}", o)))];
        if (!activity.Type.StartsWith("CivilAffairs.", StringComparison.Ordinal)) return input.UiHint == "dropdown" ? [] : null;
        if (input.Name == "Role") return [.. (revision?.Matter.Roles.Select(r => r.Code).Distinct() ?? Roles.All).Select(r => new Choice(r, $"{roles[r]} {r}"))];
        if (revision?.Matter is not { } matter) return null;
        return input.Name switch
        {
            "Form" => [.. revision.Form.TaskForms.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => new Choice(f.Key, $"{Say(f.Value.Title)} {f.Key}"))],
            "Template" => [.. matter.Templates.Where(t => Kinds(activity.Type).Contains(t.Kind)).Select(t => new Choice(t.File, Say(t.Name)))],
            "NumberKind" => [.. matter.Numbering.Select(n => new Choice(n.Kind, Say(n.Name)))],
            "Benefit" => [.. matter.Benefits.Select(b => new Choice(b.Id, Say(b.Name)))],
            // Another matter's register may be looked up and written too.
            "Register" => [.. matter.Registers.Concat(library.Current.SelectMany(r => r.Matter.Registers)).DistinctBy(r => r.Id).Select(r => new Choice(r.Id, Say(r.Name)))],
            "Certificate" => [.. matter.Certificates.Select(c => new Choice(c.Id, Say(c.Name)))],
            "Workflow" when activity.Type == "CivilAffairs.ScheduleReverification" => [.. matter.Workflows.Keys.Select(w => new Choice(w, texts[$"Workflow.{w}"] is { ResourceNotFound: false } named ? named.Value : w))],
            "Parameters" => [.. matter.Parameters.Select(p => new Choice(p.Key, Say(p.Name)))],
            "To" => [.. Receivers.Select(t => new Choice(t, texts[$"To.{t}"])), .. matter.Roles.Select(r => r.Code).Distinct().Select(r => new Choice($"role:{r}", roles[r]))],
            _ => null,
        };
    }

    private static string[] Kinds(string activity) => activity switch
    {
        "CivilAffairs.Notify" => ["mail"],
        "CivilAffairs.PublicNotice" or "CivilAffairs.PublishResult" => ["notice"],
        _ => ["document"],
    };

    private static string Say(Words words) => words.In(Languages.IsEnglish ? "en" : "zh");
    private string Named(string key, string otherwise) => texts[key] is { ResourceNotFound: false } text ? text.Value : otherwise;
}

/// <summary>Texts of the designer's pages; StudioTexts.resx is Chinese, StudioTexts.en.resx English.</summary>
public sealed class StudioTexts;
