using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Drafts;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Time;

namespace CivilAffairs.Web.Features.Desk.Counter;

/// <summary>
/// What an officer is typing into an application, with the form's rules applied at every change. Pure; the page shows and
/// stores it. What cannot be read is kept as typed, and the rules say what is wrong with it, as on the applicant's pages.
/// </summary>
internal sealed class FilingEntry
{
    private readonly FormEvaluator form;
    private readonly HashSet<string> touched = [], unsaved = [], known = [];
    private readonly Dictionary<string, FieldFault> refused = [];
    private FormAnswers answers;
    private string? received;

    public FilingEntry(Application application)
    {
        (form, answers) = (application.Form, application.Answers with { Data = application.Answers.Data.DeepClone().AsObject() });
        Today = answers.Today;
        Refresh();
    }

    public IReadOnlyList<ShownSection> Sections { get; private set; } = [];

    /// <summary>Everything that keeps it from being filed, in the form's order; attachments apart.</summary>
    public IReadOnlyList<FieldFault> Faults { get; private set; } = [];
    public IReadOnlyList<WantedAttachment> Attachments { get; private set; } = [];

    /// <summary>Every fault is shown, not only those of fields that were left.</summary>
    public bool ShowAll { get; set; }

    /// <summary>Sections that changed since <see cref="TakeUnsaved"/>.</summary>
    public bool HasUnsaved => unsaved.Count > 0;

    /// <summary>The day on which the application came in 收件日期, as typed; today's until somebody types another.</summary>
    public string ReceivedOn => received ?? BureauTime.Iso(Today);
    public DateOnly Today { get; }

    /// <summary>The day to send; null where nobody typed another than today.</summary>
    public DateOnly? ReceivedDay => received is null ? null : FieldText.ReadDay(received);

    /// <summary>What is wrong with it, in the reader's language; null: nothing.</summary>
    public string? ReceivedFault { get; private set; }

    /// <summary>The rules, ages above all, are applied as of that day from now on.</summary>
    public void Receive(string? typed)
    {
        received = typed is { Length: > 0 } && typed != BureauTime.Iso(Today) ? typed : null;
        ReceivedFault = received is null ? null : ReceivedDay is not { } day ? Now(OccurredDay.Unreadable) : day > Today ? Now(OccurredDay.Future) : null;
        answers = answers with { Today = ReceivedFault is null ? ReceivedDay ?? Today : Today };
        Refresh();
    }

    public static string Path(FormSection section, int row, string field) => section.Repeat is null ? $"{section.Id}.{field}" : $"{section.Id}[{row}].{field}";

    /// <summary>Id of the input for a fault's path.</summary>
    public static string InputId(string path) => "e-" + path.Replace('.', '-').Replace('[', '-').Replace("]", "", StringComparison.Ordinal);

    /// <summary>What is wrong with a field, in the reader's language; null: nothing, or not said yet.</summary>
    public string? Fault(FormSection section, int row, string field)
    {
        var path = Path(section, row, field);
        if (!ShowAll && !touched.Contains(path) && !refused.ContainsKey(path)) return null;
        return Faults.FirstOrDefault(f => f.Path == path) is { } fault ? (section.Repeat is null ? Now(fault) : fault.OnItsRow(section, row)) : null;
    }

    public int FaultsIn(string section) => Faults.Count(f => f.Path == section || f.Path.StartsWith(section + ".", StringComparison.Ordinal) || f.Path.StartsWith(section + "[", StringComparison.Ordinal));

    public bool IsStarted(string section) => answers.Data[section] is not null;

    public JsonNode? Section(string id) => answers.Data[id]?.DeepClone();

    public void Type(FormSection section, int row, FormField field, string? text)
    {
        var (value, fault) = FieldText.Read(field, text);
        Put(section, row, field, fault is null ? value : JsonValue.Create(text));
    }

    /// <summary>One of several answers, on or off.</summary>
    public void Toggle(FormSection section, int row, FormField field, string option)
    {
        var chosen = (Row(section, row)[field.Id] as JsonArray ?? []).Select(v => (string?)v).ToHashSet();
        if (!chosen.Remove(option)) chosen.Add(option);
        Put(section, row, field, chosen.Count == 0 ? null : new JsonArray([.. field.Options.Where(o => chosen.Contains(o.Value)).Select(o => (JsonNode?)o.Value)]));
    }

    /// <returns>Position of the new row.</returns>
    public int AddRow(FormSection section)
    {
        var rows = Rows(section);
        rows.Add(new JsonObject());
        Changed(section.Id);
        return rows.Count - 1;
    }

    public void RemoveRow(FormSection section, int row)
    {
        Rows(section).RemoveAt(row);
        // Positions moved: what was touched is not known any more.
        touched.RemoveWhere(p => p.StartsWith(section.Id + "[", StringComparison.Ordinal));
        Changed(section.Id);
    }

    /// <summary>Fills in what the bureau knows of somebody who came; it is shown masked until somebody types it anew.</summary>
    public void Take(KnownPerson person, FormParty party)
    {
        ArgumentNullException.ThrowIfNull(person);
        var section = SectionOf(party);
        foreach (var (field, value) in Of(person, party))
            if (value is not null && Asks(section, field)) Put(section, 0, field, value);
        MarkKnown(person, party);
    }

    /// <summary>Nobody is known under it: the number at least need not be typed twice.</summary>
    public void TakeNumber(string number, FormParty party)
    {
        MarkKnown(null, party);
        var section = SectionOf(party);
        if (Asks(section, party.IdNumber)) Put(section, 0, party.IdNumber, number);
    }

    /// <summary>Answers that are the same as what the bureau knows stay masked.</summary>
    public void MarkKnown(KnownPerson? person, FormParty party)
    {
        ArgumentNullException.ThrowIfNull(party);
        var section = SectionOf(party);
        known.ExceptWith(new[] { party.Name, party.IdNumber, party.Phone }.Select(field => Path(section, 0, field)));
        if (person is null) return;
        foreach (var (field, value) in Of(person, party))
            if (value is not null && Asks(section, field) && (string?)(Row(section, 0)[field] as JsonValue) == value) known.Add(Path(section, 0, field));
    }

    public bool IsKnown(FormSection section, int row, string field) => known.Contains(Path(section, row, field));

    /// <summary>The known answer goes; a new one is typed.</summary>
    public void TypeAnew(FormSection section, FormField field)
    {
        known.Remove(Path(section, 0, field.Id));
        Put(section, 0, field, null);
        touched.Remove(Path(section, 0, field.Id));
    }

    /// <summary>Faults that only the store could find; each lasts until its section is changed.</summary>
    public void Take(IEnumerable<FieldFault> faults)
    {
        foreach (var fault in faults)
            if (fault.Path == OccurredDay.Field) ReceivedFault = Now(fault);
            else refused[fault.Path] = fault;
        ShowAll = true;
        Refresh();
    }

    /// <summary>Sections to store now; from here on they count as stored.</summary>
    public IReadOnlyList<string> TakeUnsaved()
    {
        string[] sections = [.. unsaved];
        unsaved.Clear();
        return sections;
    }

    /// <summary>Storing failed: they are still to be stored.</summary>
    public void GiveBack(IEnumerable<string> sections) => unsaved.UnionWith(sections);

    public static string Now(FieldFault fault) => Languages.IsEnglish ? fault.En : fault.Zh;

    /// <summary>Who comes to the counter for it.</summary>
    public IReadOnlyList<FormParty> Comers => FormPeople.AtCounter(form.Form);

    private FormSection SectionOf(FormParty party) => form.Form.Sections.First(s => s.Id == party.Section);

    private static bool Asks(FormSection section, string field) => section.Fields.Any(f => f.Id == field);

    private static IEnumerable<(string Field, string? Value)> Of(KnownPerson person, FormParty party) =>
        [(party.Name, person.Name), (party.IdNumber, person.IdNumber), (party.Phone, person.Phone)];

    private void Put(FormSection section, int row, string field, string value) => Put(section, row, section.Fields.First(f => f.Id == field), JsonValue.Create(value));

    private void Put(FormSection section, int row, FormField field, JsonNode? value)
    {
        var at = Row(section, row);
        at.Remove(field.Id);
        if (value is not null) at[field.Id] = value;
        touched.Add(Path(section, row, field.Id));
        Changed(section.Id);
    }

    private void Changed(string section)
    {
        foreach (var path in refused.Keys.Where(p => p == section || p.StartsWith(section + ".", StringComparison.Ordinal) || p.StartsWith(section + "[", StringComparison.Ordinal)).ToList()) refused.Remove(path);
        unsaved.Add(section);
        Refresh();
    }

    private JsonObject Row(FormSection section, int row)
    {
        if (section.Repeat is not null) return Rows(section)[row]!.AsObject();
        if (answers.Data[section.Id] is JsonObject there) return there;
        answers.Data[section.Id] = there = [];
        return there;
    }

    private JsonArray Rows(FormSection section)
    {
        if (answers.Data[section.Id] is JsonArray there) return there;
        answers.Data[section.Id] = there = [];
        return there;
    }

    private void Refresh()
    {
        Sections = form.Shown(answers);
        Attachments = form.Attachments(answers);
        var found = form.Validate(answers).ToList();
        Faults = [.. found, .. refused.Values.Where(r => found.TrueForAll(f => f.Path != r.Path))];
    }
}
