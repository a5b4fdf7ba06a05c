using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Comparisons;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Subjects;
using CivilAffairs.Web.Features.Matters;

namespace CivilAffairs.Web.Features.Cases.Steps;

/// <summary>
/// Lines of registers. In a register with subjects, a line is the next version of the case's subject: its fields come from the
/// form as filed, where they are encrypted too, and the definition adds codes; so nothing personal passes through the workflow.
/// </summary>
internal sealed class RegisterEffects(MatterLibrary library, SubjectLedger ledger) : IEffectHandler
{
    public IReadOnlyList<Type> Effects { get; } = [typeof(WriteRegisterEntry)];

    public async ValueTask<JsonNode?> ApplyAsync(Effect effect, CaseStep step)
    {
        var write = (WriteRegisterEntry)effect;
        var from = write.ValidFrom ?? step.OccurredOn;
        if (write.ValidTo < from) throw Fault(write, $"The entry would be valid until {write.ValidTo:yyyy-MM-dd}, and only from {from:yyyy-MM-dd}.");
        await CaseComparisons.RequireAsync(step, write.Register, from).ConfigureAwait(false);
        var entry = new RegisterEntry
        {
            ValidFrom = from, ValidTo = write.ValidTo, Register = write.Register, CaseId = step.Case.Id, County = step.Case.County, Township = step.Case.Township,
            Entry = write.Entry?.ToJsonString() ?? "{}", OccurredOn = step.OccurredOn, RecordedAt = step.Now,
        };
        if (library.Subjects(write.Register) is { } known) await EnterAsync(write, step, known.Register, entry).ConfigureAwait(false);
        else
        {
            if (step.Revision.Matter.Registers.FirstOrDefault(r => r.Id == write.Register) is { About: not null })
                entry.SubjectId = step.Case.SubjectId ?? throw Fault(write, "The case is about no subject of a register.");
            step.Db.Add(entry);
        }
        return new JsonObject { ["entryId"] = entry.Id.ToString() };
    }

    private async Task EnterAsync(WriteRegisterEntry write, CaseStep step, MatterRegister register, RegisterEntry entry)
    {
        // What is in force is the newest version: one that begins later would be in force at once.
        if (entry.ValidFrom > step.Today) throw Fault(write, "A version begins today or before, never in the future.");
        var form = await CaseContents.FormAsync(step.Db, step.Case.Id, step.Cipher).ConfigureAwait(false);
        var subject = step.Case.SubjectId is { } id ? await SubjectLedger.LockAsync(step.Db, id).ConfigureAwait(false) : null;
        var values = SubjectForms.Values(register, step.Revision.Form, form, subject is null ? [] : await ledger.CurrentAsync(step.Db, subject).ConfigureAwait(false), write.Entry as JsonObject);
        if (subject is null)
        {
            var key = FormPeople.Text(values, register.KeyField!.Id) ?? throw Fault(write, "The form says no key of the register's.");
            // A case about none enters a new one; a number that was mistyped, or given twice, must not write over another.
            if (await ledger.FindAsync(step.Db, register.Id, key).ConfigureAwait(false) is not null) throw Fault(write, $"The register {register.Id} has a subject of this number already.");
            subject = ledger.New(step.Db, register, key, entry.ValidFrom, step.Now);
            step.Case.SubjectId = subject.Id;
        }
        await ledger.EnterAsync(step.Db, register, subject, values, entry).ConfigureAwait(false);
        step.Case.ApplicantName = subject.Name;
    }

    private static CaseFaultedException Fault(WriteRegisterEntry write, string message) => new([new Incident(write.ActivityId, message)]);
}
