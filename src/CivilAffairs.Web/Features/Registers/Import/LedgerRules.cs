using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Rules;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Divisions;

namespace CivilAffairs.Web.Features.Registers.Import;

/// <summary>What a row must be by itself: every field by its type and rules, the certificate with its days. Rows of one table after another.</summary>
internal sealed class LedgerRules(MatterRegister register, DivisionDirectory divisions, DateOnly today)
{
    private readonly Dictionary<string, int> keys = [], numbers = [];
    private readonly RegisterImport import = register.Import!;

    public LedgerRow Read(SheetRow row)
    {
        var faults = new List<ImportFault>();
        var values = new JsonObject();
        foreach (var column in import.Columns)
        {
            var (field, cell) = (register.Fields.First(f => f.Id == column.Field), row.Cells[column.Field]);
            if (Value(field, cell) is var (value, fault) && fault is not null) faults.Add(new ImportFault(cell.Header, fault.Zh, fault.En));
            else if (value is not null) values[field.Id] = value;
        }
        foreach (var field in register.Fields.Where(f => f.Prefix is not null))
            if (Prefix(field, values) is { } fault) faults.Add(Fault(row, field.Id, fault));
        var certificate = import.Certificate is null ? null : Certificate(row, faults);
        if (FormPeople.Text(values, register.KeyField!.Id) is { } key) Once(row, keys, key, register.KeyField!.Id, faults);
        if (certificate is not null) Once(row, numbers, certificate.Number, LedgerSheet.Number, faults);
        return new LedgerRow(row.Number, values, certificate, faults);
    }

    private (JsonNode? Value, LocalText? Fault) Value(RegisterField field, SheetCell cell)
    {
        var question = field.AsQuestion();
        if (cell.Text.Length == 0) return (null, field.Required ? MatterMessages.Text("required.fill", field.Label) : null);
        if (cell.Rounded) return (null, MatterMessages.Text("import.rounded", field.Label));
        var (value, fault) = field.Type switch
        {
            "choice" => (JsonValue.Create(field.Options.FirstOrDefault(o => o.Value == cell.Text || o.Label.Zh == cell.Text || o.Label.En.Equals(cell.Text, StringComparison.OrdinalIgnoreCase))?.Value), (LocalText?)null),
            "division" => (JsonValue.Create(Place(cell.Text)), null),
            _ => FieldText.Read(question, cell.Text),
        };
        if (fault is not null) return (null, fault);
        if (value is null) return (null, FieldRules.Message(field.Type == "division" ? "import.place" : "value.choice", question));
        fault = FieldRules.CheckType(question, value, today);
        foreach (var rule in field.Validators) fault ??= FieldRules.CheckRule(question, rule, value, today);
        return (value, fault);
    }

    /// <summary>The code of a division of this county, by its code or by its name; of two with one name, by township and village together.</summary>
    private string? Place(string text)
    {
        if (divisions.Find(text) is { } known) return known.Code;
        var named = divisions.All.Where(d => d.NameZh == text || d.NameEn.Equals(text, StringComparison.OrdinalIgnoreCase) || divisions.Name(d.Code[..Math.Min(9, d.Code.Length)], false) + d.NameZh == text).ToList();
        return named.Count == 1 ? named[0].Code : null;
    }

    private static LocalText? Prefix(RegisterField field, JsonObject values)
    {
        if (FormPeople.Text(values, field.Id) is not { } text || FormPeople.Text(values, field.Prefix!.Field) is not { } which || field.Prefix.Of.GetValueOrDefault(which) is not { } prefix) return null;
        // Of an organisation's code more is known than how it begins.
        if (field.Type == "uscc" && prefix is ['5', >= '1' and <= '3'])
            return Uscc.Check(text, (SocialOrganisation)(prefix[1] - '0')) is { } fault ? FieldRules.Message(fault.Key, field.AsQuestion(), fault.Detail) : null;
        return text.StartsWith(prefix, StringComparison.Ordinal) ? null : FieldRules.Message("import.prefix", field.AsQuestion(), prefix);
    }

    private LedgerCertificate? Certificate(SheetRow row, List<ImportFault> faults)
    {
        var (number, from, to) = (row.Cells[LedgerSheet.Number], Day(LedgerSheet.ValidFrom), Day(LedgerSheet.ValidTo));
        if (number.Text.Length is 0 or > 60 || number.Rounded) faults.Add(Fault(row, LedgerSheet.Number, MatterMessages.Text(number.Rounded ? "import.rounded" : "import.number", number.Header)));
        if (from > today) faults.Add(Fault(row, LedgerSheet.ValidFrom, MatterMessages.Text("import.future")));
        if (to < from) faults.Add(Fault(row, LedgerSheet.ValidTo, MatterMessages.Text("import.days")));
        return from is { } first && to is { } last && number.Text.Length > 0 ? new LedgerCertificate(number.Text, first, last) : null;

        DateOnly? Day(string column)
        {
            if (FieldText.ReadDay(row.Cells[column].Text) is { } day && day.Year is > 1900 and < 2200) return day;
            faults.Add(Fault(row, column, MatterMessages.Text("import.date", row.Cells[column].Header)));
            return null;
        }
    }

    private static void Once(SheetRow row, Dictionary<string, int> seen, string value, string column, List<ImportFault> faults)
    {
        if (!seen.TryAdd(value, row.Number)) faults.Add(Fault(row, column, MatterMessages.Text("import.twice", seen[value])));
    }

    private static ImportFault Fault(SheetRow row, string column, LocalText text) => new(row.Cells.TryGetValue(column, out var cell) ? cell.Header : column, text.Zh, text.En);
}

/// <summary>A row as it was understood.</summary>
/// <param name="Values">Fields by id; an empty cell is none.</param>
/// <param name="Certificate">Null: the register's table has none, or it could not be read.</param>
internal sealed record LedgerRow(int Number, JsonObject Values, LedgerCertificate? Certificate, List<ImportFault> Faults);

internal sealed record LedgerCertificate(string Number, DateOnly ValidFrom, DateOnly ValidTo);
