using CivilAffairs.Web.Features.Apply;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Words;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Pages;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Tools;

/// <summary>测算: what a household may expect of a matter, worked out as the matter itself says, before anybody applies.</summary>
internal sealed class EstimateModel(ToolRules rules, CaseWords words) : ToolPage
{
    [BindProperty(SupportsGet = true)]
    public string Matter { get; set; } = "";

    public EstimateSheet Sheet { get; private set; } = null!;
    public MatterFile About => Sheet.Revision.Matter;
    public IReadOnlyList<EstimateSection> Sections { get; private set; } = [];
    public IReadOnlyList<FieldFault> Faults { get; private set; } = [];
    public EstimateAnswer? Answer { get; private set; }
    public bool HasNew => Sections.SelectMany(s => s.Rows).SelectMany(r => r.Questions).Any(q => q.IsNew);

    public async Task OnGetAsync(CancellationToken cancel)
    {
        Sheet = await rules.SheetAsync(Matter, cancel);
        Sections = Sheet.Sections([]);
    }

    public async Task OnPostAsync(string? go, CancellationToken cancel)
    {
        Sheet = await rules.SheetAsync(Matter, cancel);
        Sheet.Read(await Request.ReadFormAsync(cancel));
        var changed = Sheet.Change(go);
        Faults = changed ? [] : Sheet.Faults();
        Sections = Sheet.Sections(Faults);
        if (changed || HasNew || Faults.Count > 0) return;
        try
        {
            Answer = await rules.EstimateAsync(Matter, Sheet.Data, cancel);
        }
        catch (InvalidAnswersException missing)
        {
            Faults = missing.Faults;
        }
    }

    /// <summary>The input that a fault is about; null: it is about none that stands here.</summary>
    public string? InputOf(FieldFault fault) => Sections.SelectMany(s => s.Rows.SelectMany(r => r.Questions.Select(q => (q.Name, Path: EstimateSection.PathOf(s.Form, r.Index, q.Field.Id))))).FirstOrDefault(q => q.Path == fault.Path).Name;

    public static string Show(EstimateStep step) => step switch
    {
        { Value: null } => "",
        { Type: "fen" } => Display.Money((long)(step.Value.GetValue<decimal>() * 100)),
        { Type: "boolean" } => ToolTexts.Here(step.Value.GetValue<bool>() ? "yes" : "no"),
        { Type: "date" } when FieldText.ReadDay(step.Value.GetValue<string>()) is { } day => Display.Day(day),
        _ => step.Value.ToString(),
    };

    public string Source(string source) => words.Source(source);
}
