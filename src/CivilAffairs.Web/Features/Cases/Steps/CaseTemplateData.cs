using System.Text.Json.Nodes;
using CivilAffairs.Engine.Rules;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Steps;

/// <summary>
/// The names that templates of documents, notices and mails may use (docs/matter-folder.md), made from the case as it
/// stands within the decision.
/// </summary>
internal sealed class CaseTemplateData(DivisionDirectory divisions, SiteAddress site)
{
    /// <summary>Everything, personal data included: for documents, frozen encrypted.</summary>
    public async Task<JsonObject> WholeAsync(CaseStep step, JsonNode? extra)
    {
        var form = await CaseContents.FormAsync(step.Db, step.Case.Id, step.Cipher).ConfigureAwait(false);
        var tasks = await CaseContents.TasksAsync(step.Db, step.Case.Id, step.Cipher).ConfigureAwait(false);
        var grant = step.Db.Set<Grant>().Local.Where(g => g.CaseId == step.Case.Id).MaxBy(g => g.RecordedAt);
        var change = step.Db.Set<GrantChange>().Local.Where(c => c.CaseId == step.Case.Id).MaxBy(c => c.RecordedAt);
        return Whole(new TemplateCase(step.Revision, step.Instance.Workflow, form, tasks, await OutwardAsync(step).ConfigureAwait(false), step.OccurredOn)
        {
            ApplicantName = step.Case.ApplicantName, Township = step.Case.Township, Village = step.Case.Village, Variables = step.Variables,
            Persons = change?.Persons ?? grant?.Persons, AmountFen = change?.AmountFen ?? grant?.AmountFen, FirstMonth = change?.AmountFen is null ? grant?.FirstMonth : change.FromMonth,
        }, extra);
    }

    /// <summary>The same of a case that lies in no database, or was read before.</summary>
    /// <param name="extra">The activity's own data; its names win.</param>
    public JsonObject Whole(TemplateCase of, JsonNode? extra)
    {
        var (revision, form) = (of.Revision, of.Form);
        var data = of.Outward.DeepClone().AsObject();
        data["date"] = BureauTime.Iso(of.OccurredOn);
        data["applicant"] = new JsonObject { ["name"] = of.ApplicantName, ["village"] = divisions.Name(of.Township, english: false) + divisions.Name(of.Village, english: false) };
        data["household"] = Household(revision.Form, form);
        data["party"] = Parties(revision.Form, form, of.OccurredOn);
        data["form"] = new JsonObject(revision.Form.Sections.Where(s => s.Repeat is null && form[s.Id] is JsonObject).Select(s => KeyValuePair.Create(s.Id, (JsonNode?)InWords(s, form[s.Id]!.AsObject()))));
        data["task"] = of.Tasks.DeepClone();
        data["decision"] = Decision(of);
        data["eligibility"] = Eligibility(of);
        if (revision.Form.Subject is not null) data["subject"] = Subject(revision.Form, form);
        foreach (var (name, value) in extra as JsonObject ?? []) data[name] = value?.DeepClone();
        return data;
    }

    // As the case stands within the decision, saved or not yet.
    private async Task<JsonObject> OutwardAsync(CaseStep step)
    {
        var (db, id) = (step.Db, step.Case.Id);
        await db.Set<WorkTask>().Where(t => t.CaseId == id && t.Role == Roles.Applicant && t.State == TaskState.Open).AsTracking().LoadAsync().ConfigureAwait(false);
        var waiting = db.Set<WorkTask>().Local.Where(t => t.CaseId == id && t.Role == Roles.Applicant && t.State == TaskState.Open).Select(t => new OutwardTask(t.Kind, t.FinishBy)).ToList();
        return Outward(new OutwardCase(id, step.Case.Number, step.Case.SubmittedAt, step.Case.AcceptedOn, step.Case.Clock.DueOn, step.Case.Township), waiting);
    }

    /// <summary>Nothing about persons: for mails.</summary>
    /// <param name="waiting">What the applicant is asked for now.</param>
    public JsonObject Outward(OutwardCase @case, IEnumerable<OutwardTask> waiting, bool english = false)
    {
        var (office, county) = (divisions.Find(@case.Township) ?? divisions.County, divisions.County);
        return new JsonObject
        {
            ["case"] = new JsonObject
            {
                ["number"] = @case.Number,
                ["submittedOn"] = BureauTime.Iso(@case.SubmittedAt is { } at ? BureauTime.Day(at) : null),
                ["acceptedOn"] = BureauTime.Iso(@case.AcceptedOn),
                ["dueOn"] = BureauTime.Iso(@case.DueOn),
                ["correctionDueOn"] = BureauTime.Iso(waiting.FirstOrDefault(t => t.Kind == "Correction")?.FinishBy),
                ["checkReplyDueOn"] = BureauTime.Iso(waiting.FirstOrDefault(t => t.Kind == "Confirmation")?.FinishBy),
            },
            ["office"] = new JsonObject { ["name"] = (english ? office?.OfficeEn : office?.OfficeZh) ?? "", ["phone"] = office?.Phone ?? "" },
            ["county"] = new JsonObject { ["government"] = county is null ? "" : english ? "People's Government of " + county.NameEn : county.NameZh + "人民政府" },
            ["url"] = site.Of($"/my/cases/{@case.Id}"),
        };
    }

    public string VerifyUrl(string code) => site.Of($"/verify/{code}");

    /// <summary>The organisation by the names of the register's fields, choices and places in words.</summary>
    private JsonObject Subject(Matters.FormFile form, JsonObject answers)
    {
        var subject = new JsonObject();
        foreach (var section in form.Sections.Where(s => s.Repeat is null))
            foreach (var field in section.Fields.Where(f => f.Register is not null))
                if ((answers[section.Id] as JsonObject)?[field.Id] is { } value)
                    subject[field.Register!] = field.Type switch
                    {
                        "choice" => field.Options.FirstOrDefault(o => o.Value == (string?)value)?.Label.Zh ?? value.DeepClone(),
                        "division" => divisions.Name((string?)value, english: false),
                        _ => value.DeepClone(),
                    };
        return subject;
    }

    private static JsonObject Household(Matters.FormFile form, JsonObject data)
    {
        var section = form.Sections.FirstOrDefault(s => s.Id == form.Household?.Section);
        var rows = FormPeople.Rows(data, section?.Id).ToList();
        return new JsonObject { ["size"] = rows.Count, ["members"] = new JsonArray([.. rows.Select(r => (JsonNode)Member(section!, form.Household!, r))]) };
    }

    /// <summary><c>incomeFen</c> adds up the fields that the form calls income.</summary>
    private static JsonObject Member(FormSection section, FormHousehold household, JsonObject row)
    {
        var member = InWords(section, row);
        member["incomeFen"] = household.Income.Sum(id => (long?)row[id] ?? 0);
        return member;
    }

    private static JsonObject InWords(FormSection section, JsonObject row)
    {
        var told = row.DeepClone().AsObject();
        foreach (var field in section.Fields)
            if (field.Type == "choice" && (string?)row[field.Id] is { } value)
                told[field.Id] = field.Options.FirstOrDefault(o => o.Value == value)?.Label.Zh ?? value;
        return told;
    }

    /// <summary>Each party whose role only one person has: the section's answers, <c>name</c>, <c>idNumber</c>, and what the number says, <c>sex</c> and <c>born</c>.</summary>
    private static JsonObject Parties(Matters.FormFile form, JsonObject data, DateOnly today)
    {
        var parties = new JsonObject();
        foreach (var (row, party) in FormPeople.Named(form, data).GroupBy(n => n.Party.Role).Where(g => g.Count() == 1).Select(g => g.First()))
        {
            var told = InWords(form.Sections.First(s => s.Id == party.Section), row);
            (told["name"], told["idNumber"]) = (FormPeople.Text(row, party.Name), FormPeople.Text(row, party.IdNumber));
            if (IdNumber.Read((string?)told["idNumber"], today).Number is { } number) (told["sex"], told["born"]) = (number.IsMale ? "男" : "女", BureauTime.Iso(number.Born));
            parties[party.Role] = told;
        }
        return parties;
    }

    private static JsonObject Decision(TemplateCase of)
    {
        var household = of.Revision.Form.Household;
        var proposed = household?.ProtectedPersons is { } field ? of.Tasks.Select(t => t.Value?[field]).LastOrDefault(n => n is not null) : null;
        var decision = new JsonObject { ["members"] = of.Persons ?? (int?)proposed ?? Math.Max(1, FormPeople.Rows(of.Form, household?.Section).Count()) };
        if (of.AmountFen is { } fen) (decision["amountFen"], decision["firstMonth"]) = (fen, BureauTime.Iso(of.FirstMonth));
        return decision;
    }

    /// <summary>The rules that failed, in the words of the definition, so that a refusal names them with their source.</summary>
    private static JsonObject Eligibility(TemplateCase of)
    {
        var judged = of.Variables.Values.OfType<JsonObject>().LastOrDefault(v => v["failed"] is JsonArray && v["eligible"] is not null);
        var rules = DefinitionRules.Of(of.Revision.Workflows[of.Workflow]);
        var failed = (judged?["failed"] as JsonArray ?? []).Select(id => rules.GetValueOrDefault((string?)id ?? "")).OfType<JsonObject>();
        return new JsonObject { ["eligible"] = (bool?)judged?["eligible"] ?? true, ["failed"] = new JsonArray([.. failed.Select(f => f.DeepClone())]) };
    }
}

/// <summary>What templates of documents read, of a case as it stood in one decision.</summary>
/// <param name="Workflow">Key in matter.json: whose rules say why something failed.</param>
/// <param name="Tasks">Activity id → what was written there last.</param>
/// <param name="Outward">From <see cref="CaseTemplateData.Outward"/>.</param>
/// <param name="OccurredOn">The day that papers bear.</param>
internal sealed record TemplateCase(MatterRevision Revision, string Workflow, JsonObject Form, JsonObject Tasks, JsonObject Outward, DateOnly OccurredOn)
{
    public string ApplicantName { get; init; } = "";
    public string? Township { get; init; }
    public string? Village { get; init; }
    public IReadOnlyDictionary<string, JsonNode?> Variables { get; init; } = new Dictionary<string, JsonNode?>();

    /// <summary>Of the grant that the decision makes or changes; null: none, or nothing is said of it.</summary>
    public int? Persons { get; init; }
    public long? AmountFen { get; init; }
    public DateOnly? FirstMonth { get; init; }
}

/// <summary>What may be said of a case outside.</summary>
internal sealed record OutwardCase(Guid Id, string? Number, DateTimeOffset? SubmittedAt, DateOnly? AcceptedOn, DateOnly? DueOn, string? Township);

/// <summary>Something the applicant is asked for.</summary>
/// <param name="FinishBy">Last day.</param>
internal sealed record OutwardTask(string? Kind, DateOnly? FinishBy);
