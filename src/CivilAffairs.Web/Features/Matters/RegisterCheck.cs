using CivilAffairs.Web.Features.Matters.Forms;

namespace CivilAffairs.Web.Features.Matters;

/// <summary>Checks what a matter says of its registers' subjects, of the certificates that these hold, and of forms about them.</summary>
internal static class RegisterCheck
{
    public static void Run(MatterFile matter, Reporter file)
    {
        ExOfficio(matter, file);
        foreach (var (register, i) in matter.Registers.Select((r, i) => (r, i))) Register(matter, register, $"$.registers[{i}]", file);
        foreach (var (kind, i) in matter.Certificates.Select((c, i) => (c, i)))
            if (kind.Renewal is { } renewal && matter.Parameters.FirstOrDefault(p => p.Key == renewal.ApplyBefore) is not { Type: "integer" })
                file.Error($"$.certificates[{i}].renewal.applyBefore", "parameter.unknown", renewal.ApplyBefore);
    }

    private static void ExOfficio(MatterFile matter, Reporter file)
    {
        if (matter.ExOfficio is not { } rule) return;
        if (!matter.Workflows.ContainsKey(rule.Workflow)) file.Error("$.exOfficio.workflow", "workflow.unknown", rule.Workflow);
        foreach (var role in rule.Roles.Where(r => matter.Roles.All(known => known.Code != r))) file.Error("$.exOfficio.roles", "role.unknown", role);
    }

    /// <summary>What only whoever knows all matters can tell: registers and cases that another of them has.</summary>
    public static IEnumerable<MatterFault> Links(MatterRevision revision, IReadOnlyDictionary<string, MatterFile> others)
    {
        var faults = new List<MatterFault>();
        var (file, form) = (new Reporter("matter.json", faults), new Reporter("form.json", faults));
        var known = others.Values.Where(m => m.Id != revision.Matter.Id).Append(revision.Matter).ToList();
        MatterRegister? Subjects(string? id) => known.SelectMany(m => m.Registers).FirstOrDefault(r => r.Id == id && r.Subject is not null);
        foreach (var (register, i) in revision.Matter.Registers.Select((r, i) => (r, i)))
        {
            if (register.About is { } about && Subjects(about) is null) file.Error($"$.registers[{i}].about", "register.about", about);
            if (register.Subject is not null && known.Find(m => m.Id != revision.Matter.Id && m.Registers.Any(r => r.Id == register.Id && r.Subject is not null)) is { } other)
                file.Error($"$.registers[{i}].subject", "register.twice", register.Id, other.Id);
        }
        foreach (var (kind, i) in revision.Matter.Certificates.Select((c, i) => (c, i)))
        {
            if (kind.Register is { } holders && Subjects(holders) is null) file.Error($"$.certificates[{i}].register", "register.about", holders);
            if (kind.Renewal is { } renewal && known.TrueForAll(m => m.Id != renewal.Matter)) file.Error($"$.certificates[{i}].renewal.matter", "matter.unknown", renewal.Matter);
            if (kind.Expiry is not { } expiry) continue;
            if (known.Find(m => m.Id == expiry.Matter) is not { } opened) file.Error($"$.certificates[{i}].expiry.matter", "matter.unknown", expiry.Matter);
            else if (!opened.Workflows.ContainsKey(expiry.Workflow)) file.Error($"$.certificates[{i}].expiry.workflow", "workflow.unknownThere", opened.Name, expiry.Workflow);
        }
        foreach (var (party, i) in revision.Form.Parties.Select((p, i) => (p, i)))
            foreach (var register in party.Registers.Where(r => !Knows(revision, others, r))) form.Error($"$.parties[{i}].registers", "register.unknown", register);
        if (revision.Form.Subject is not { } subject) return faults;
        if (Subjects(subject.Register) is not { } source)
        {
            form.Error("$.subject.register", "register.about", subject.Register);
            return faults;
        }
        if (subject.Certificate is { } named && known.TrueForAll(m => m.Certificates.All(c => c.Id != named))) form.Error("$.subject.certificate", "certificate.unknown", named);
        foreach (var (section, s) in revision.Form.Sections.Select((x, s) => (x, s)))
            foreach (var (field, f) in section.Fields.Select((x, f) => (x, f)))
                if (field.Register is { } of && source.Fields.All(r => r.Id != of)) form.Error($"$.sections[{s}].fields[{f}].register", "register.field", source.Id, of, field.Type);
                else if (field.Register is { } same && source.Fields.First(r => r.Id == same).Type != field.Type) form.Error($"$.sections[{s}].fields[{f}].register", "register.field", source.Id, same, field.Type);
        return faults;
    }

    /// <summary>Whether one of the matters keeps that register.</summary>
    public static bool Knows(MatterRevision revision, IReadOnlyDictionary<string, MatterFile> others, string register) =>
        others.Values.Where(m => m.Id != revision.Matter.Id).Append(revision.Matter).Any(m => m.Registers.Any(r => r.Id == register));

    private static void Register(MatterFile matter, MatterRegister register, string at, Reporter file)
    {
        if (register.Subject is null)
        {
            foreach (var (any, what) in new[] { (register.Fields.Count > 0, "fields"), (register.Contacts.Count > 0, "contacts"), (register.Persons.Count > 0, "persons"), (register.Import is not null, "import") })
                if (any) file.Error($"{at}.{what}", "register.subject", register.Id, what);
            return;
        }
        foreach (var (count, mark) in new[] { (register.Fields.Count(f => f.Key), "key"), (register.Fields.Count(f => f.Title), "title"), (register.Fields.Count(f => f.Place), "place") })
            if (count != 1) file.Error($"{at}.fields", "register.fieldOne", register.Id, mark);
        FormCheck.Fields([.. register.Fields.Select(f => f.AsQuestion())], at, isTask: false, file);
        Named(register.PlaceField?.Id, "division", $"{at}.fields");
        foreach (var (field, i) in register.Fields.Select((f, i) => (f, i)))
            if (field.Prefix is { } prefix) Named(prefix.Field, "choice", $"{at}.fields[{i}].prefix.field");
        foreach (var (contact, i) in register.Contacts.Select((c, i) => (c, i)))
        {
            Named(contact.Email, "email", $"{at}.contacts[{i}].email");
            Named(contact.Name, null, $"{at}.contacts[{i}].name");
            Named(contact.Language, "choice", $"{at}.contacts[{i}].language");
            Named(contact.Phone, null, $"{at}.contacts[{i}].phone");
            if (contact.Kind is not ("holder" or "supervisor")) file.Error($"{at}.contacts[{i}].kind", "word.unknown", contact.Kind, "holder, supervisor");
        }
        foreach (var (person, i) in register.Persons.Select((p, i) => (p, i)))
        {
            Named(person.Name, "personName", $"{at}.persons[{i}].name");
            Named(person.IdNumber, "idNumber", $"{at}.persons[{i}].idNumber");
        }
        if (register.Import is not { } import) return;
        foreach (var role in import.Roles.Where(r => matter.Roles.All(m => m.Code != r))) file.Error($"{at}.import.roles", "role.unknown", role);
        foreach (var (column, i) in import.Columns.Select((c, i) => (c, i))) Named(column.Field, null, $"{at}.import.columns[{i}].field");
        var headers = import.Columns.SelectMany(c => c.Headers).Concat(import.Certificate is { } c ? c.Number.Concat(c.ValidFrom).Concat(c.ValidTo) : []).ToList();
        foreach (var twice in headers.GroupBy(h => h).Where(g => g.Count() > 1)) file.Error($"{at}.import.columns", "id.twice", twice.Key);
        foreach (var field in register.Fields.Where(f => (f.Key || f.Title || f.Place || f.Required) && import.Columns.All(c => c.Field != f.Id))) file.Error($"{at}.import.columns", "import.missing", field.Label);
        if (import.Certificate is { } brings && matter.Certificates.All(k => k.Id != brings.Kind)) file.Error($"{at}.import.certificate.kind", "certificate.unknown", brings.Kind);

        void Named(string? field, string? type, string path)
        {
            if (field is not null && !register.Fields.Any(f => f.Id == field && (type is null || f.Type == type))) file.Error(path, "register.field", register.Id, field, type ?? "—");
        }
    }
}
