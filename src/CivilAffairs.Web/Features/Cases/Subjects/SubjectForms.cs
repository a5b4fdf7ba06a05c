using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Matters;

namespace CivilAffairs.Web.Features.Cases.Subjects;

/// <summary>Between a register's fields and the answers of a form about its subject: each field of the form says which it is.</summary>
internal static class SubjectForms
{
    /// <summary>Answers filled from the register: what the form asks is what the register knows.</summary>
    public static JsonObject Filled(Matters.FormFile form, JsonObject known)
    {
        var data = new JsonObject();
        foreach (var section in form.Sections.Where(s => s.Repeat is null))
        {
            var answers = new JsonObject();
            foreach (var field in section.Fields)
                if (field.Register is { } of && known[of] is { } value) answers[field.Id] = value.DeepClone();
            if (answers.Count > 0) data[section.Id] = answers;
        }
        return data;
    }

    /// <summary>The register's fields as the answers say them; what the form does not ask stays as it was, what it asks and nobody answered is gone.</summary>
    /// <param name="codes">Codes that the workflow sets, by field; they win.</param>
    public static JsonObject Values(MatterRegister register, Matters.FormFile form, JsonObject answers, JsonObject before, JsonObject? codes)
    {
        var values = before.DeepClone().AsObject();
        foreach (var section in form.Sections.Where(s => s.Repeat is null))
            foreach (var field in section.Fields.Where(f => f.Register is not null))
                if ((answers[section.Id] as JsonObject)?[field.Id] is { } value) values[field.Register!] = value.DeepClone();
                else values.Remove(field.Register!);
        foreach (var field in register.Fields)
            if (codes?[field.Id] is { } code) values[field.Id] = code.DeepClone();
        return values;
    }
}
