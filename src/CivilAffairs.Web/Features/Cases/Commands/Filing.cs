using System.Text.Json.Nodes;
using CivilAffairs.Engine.Time;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Cases.Subjects;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Commands;

/// <summary>Checks a form as a whole and freezes it in the case: contents, place, parties. Used at filing and at resubmission.</summary>
internal sealed class Filing(MatterLibrary library, DivisionDirectory divisions, KeyRing ring, FieldCipher fields, SubjectFiling subjects)
{
    /// <summary>Checks everything an officer would otherwise send back.</summary>
    /// <returns>The answers that are asked, without the rest.</returns>
    /// <exception cref="InvalidAnswersException">By field.</exception>
    public async Task<JsonObject> CheckAsync(CaseStep step, JsonObject data)
    {
        var form = new FormEvaluator(step.Revision.Form);
        var answers = new FormAnswers(data, step.Parameters.Values, step.OccurredOn);
        var faults = form.Validate(answers).ToList();
        var pruned = form.Prune(answers);
        var given = await step.Db.Set<CaseFile>().Where(f => f.CaseId == step.Case.Id && f.RemovedAt == null).Select(f => f.Slot).ToListAsync().ConfigureAwait(false);
        faults.AddRange(form.Attachments(answers).Where(a => a.Required && !given.Contains(a.Attachment.Id))
            .Select(a => new FieldFault($"attachments.{a.Attachment.Id}", $"请上传：{a.Attachment.Label.Zh}。", $"Please attach: {a.Attachment.Label.En}.")));
        if (Place(step.Revision.Form, pruned) is not { } place)
            faults.Add(new FieldFault(step.Revision.Form.Place ?? "", "请选择本县的村（社区）。", "Choose a village of this county."));
        else if (faults.Count == 0)
        {
            Settle(step.Case, place, step.Revision, pruned);
            if (Elsewhere(step) is { } office) faults.Add(new FieldFault(step.Revision.Form.Place ?? "", $"这个村（社区）由{office.NameZh}受理，本窗口不能代办。", $"{office.NameEn} handles this village; it cannot be filed at this counter."));
        }
        if (faults.Count == 0 && step.Revision.Form.Subject is { } subject && await subjects.SettleAsync(step, subject, pruned).ConfigureAwait(false) is { } unfit) faults.Add(unfit);
        if (faults.Count == 0 && await OpenElsewhereAsync(step, pruned).ConfigureAwait(false) is { } other) faults.Add(await SecondAsync(step, other).ConfigureAwait(false));
        return faults.Count == 0 ? pruned : throw new InvalidAnswersException(faults);
    }

    /// <summary>What the register knows of the subject, as answers; the draft is about it from now on.</summary>
    /// <exception cref="UnknownCaseException">There is none that the actor may act for.</exception>
    public async Task<JsonObject> FilledAsync(CommandContext context, Case @case, Guid subjectId) =>
        await subjects.FilledAsync(context, @case, await library.RevisionAsync(@case.Revision).ConfigureAwait(false), subjectId).ConfigureAwait(false);

    /// <summary>What the workflow of a filed application starts with: of a subject's, its certificate.</summary>
    public Task<Dictionary<string, JsonNode?>> StartInputsAsync(CaseStep step) => subjects.InputsAsync(step);

    /// <summary>Freezes checked answers as the next version of the form, and the parties with it.</summary>
    public async Task FreezeAsync(CaseStep step, JsonObject pruned)
    {
        await CaseContents.AddAsync(step, ContentKind.Form, null, pruned).ConfigureAwait(false);
        var draft = await step.Db.Set<CaseContent>().FirstOrDefaultAsync(c => c.CaseId == step.Case.Id && c.Kind == ContentKind.Form && c.Number == 0).ConfigureAwait(false);
        if (draft is not null) step.Db.Remove(draft);
        var contacts = await step.Db.Set<CaseContent>().Where(c => c.CaseId == step.Case.Id && c.Kind == ContentKind.Contact).ToListAsync().ConfigureAwait(false);
        step.Db.RemoveRange(contacts);
        // Scanned when it was filed, but it came in with the application or the correction.
        if (step.OccurredOn < step.Today)
            foreach (var file in await step.Db.Set<CaseFile>().Where(f => f.CaseId == step.Case.Id && f.RemovedAt == null && f.MessageId == null && f.OccurredOn > step.OccurredOn).ToListAsync().ConfigureAwait(false)) file.OccurredOn = step.OccurredOn;
        var named = FormPeople.Named(step.Revision.Form, pruned).ToList();
        step.Case.ApplicantName = step.Revision.Form.Subject is { } subject ? FormPeople.At(pruned, subject.Name) ?? "" : named.Where(n => n.Party.Role == "applicant").Select(n => FormPeople.Text(n.Row, n.Party.Name)).FirstOrDefault() ?? "";

        await AccountsAsync(step, pruned).ConfigureAwait(false);
        foreach (var earlier in await step.Db.Set<CaseParty>().Where(p => p.CaseId == step.Case.Id && p.Current).ToListAsync().ConfigureAwait(false)) earlier.Current = false;
        var position = 0;
        foreach (var (row, party) in named)
        {
            var person = await PersonAsync(step, row, party).ConfigureAwait(false);
            if (person is { EmailCipher: null } && contacts.Find(c => c.ActivityId == CounterCommands.Slot(party.Role)) is { } contact)
                person.Reach(ring, fields, null, step.Cipher.OpenText(contact.Cipher, CounterCommands.ContactPurpose(party.Role)));
            if (person is not null) step.Db.Add(new CaseParty { CaseId = step.Case.Id, PersonId = person.Id, Role = Enum.Parse<PartyRole>(party.Role, ignoreCase: true), Sees = party.Sees || party.Role is "applicant" or "agent", SeesUntil = party.Until is { } until ? IsoDay.Read((string?)(row[until] as JsonValue)) : null, NoWithdrawal = party.MayWithdraw is { } power && (bool?)(row[power] as JsonValue) != true, Position = position++, OccurredOn = step.OccurredOn, RecordedAt = step.Now });
        }
    }

    /// <summary>The accounts that the matter's rules of comparison look at: by their hash, which no number can be read from.</summary>
    private async Task AccountsAsync(CaseStep step, JsonObject pruned)
    {
        var paths = step.Revision.Matter.Comparisons.Select(r => r.Account).OfType<string>().Distinct().ToList();
        if (paths.Count == 0) return;
        foreach (var earlier in await step.Db.Set<AccountUse>().Where(a => a.CaseId == step.Case.Id && a.Current).ToListAsync().ConfigureAwait(false)) earlier.Current = false;
        foreach (var number in paths.Select(p => FormPeople.At(pruned, p)).OfType<string>().Distinct())
            step.Db.Add(new AccountUse { CaseId = step.Case.Id, Hash = ring.LookupHash("account", Engine.Rules.Typed.Number(number)), RecordedAt = step.Now });
    }

    private async Task<Person?> PersonAsync(CaseStep step, JsonObject row, FormParty party)
    {
        if (FormPeople.Text(row, party.IdNumber) is not { } number || FormPeople.Text(row, party.Name) is not { } name) return null;
        var hash = HashOf(number);
        var person = step.Db.Set<Person>().Local.FirstOrDefault(p => p.NumberHash == hash)
            ?? await step.Db.Set<Person>().FirstOrDefaultAsync(p => p.DocumentType == "residentId" && p.NumberHash == hash).ConfigureAwait(false);
        if (person is null)
        {
            person = Persons.New(ring, fields, number, name, step.Now);
            step.Db.Add(person);
        }
        // How to reach somebody is theirs to change: a filing only fills what was not known.
        if (FormPeople.Text(row, party.Phone) is { } phone && person.PhoneCipher is null) person.Reach(ring, fields, phone, null);
        return person;
    }

    /// <summary>Another open case of the matter that one of these members belongs to; null: none, or the matter allows it.</summary>
    private Task<OpenApplication?> OpenElsewhereAsync(CaseStep step, JsonObject pruned)
    {
        var hashes = FormPeople.Named(step.Revision.Form, pruned).Where(n => n.Party.Role != "agent").Select(n => FormPeople.Text(n.Row, n.Party.IdNumber)).OfType<string>().Select(HashOf).Distinct().ToList();
        return OpenCaseAsync(step.Db, step.Case, hashes);
    }

    /// <summary>
    /// That there is an open case of the matter already. Who sees that case is led to it; who does not is told of no number and no person, since it may
    /// be somebody else's who named one of these people.
    /// </summary>
    private static async Task<FieldFault> SecondAsync(CaseStep step, OpenApplication other)
    {
        var form = step.Revision.Form;
        var path = form.Household?.Section ?? form.Place ?? form.Parties[0].Section;
        if (!await CaseScope.SeesAsync(step.Db, step.Actor, other.Id).ConfigureAwait(false))
            return new(path, "所填人员中已有人在正在办理的同类申请里，不能再提交一件。请向受理窗口了解。", "Somebody named here is in an open application of this kind already, so a second one cannot be sent. Please ask the office.");
        return new(path, $"当事人或家庭成员已有正在办理的同类申请（{other.Number}），不能再提交一件。", $"A party or a member of the household has an open application of this kind ({other.Number}), so a second one cannot be sent.")
        {
            Link = step.Actor.IsOfficer ? $"/desk/cases/{other.Id}" : $"/my/cases/{other.Id}",
        };
    }

    /// <summary>An open case of the same matter, other than this one, that one of these persons belongs to; null: none, or the matter allows it.</summary>
    public async Task<OpenApplication?> OpenCaseAsync(CivilAffairsDb db, Case @case, List<string> hashes)
    {
        if (!(await library.RevisionAsync(@case.Revision).ConfigureAwait(false)).Matter.Applicants.OnePerHousehold) return null;
        var persons = db.Set<Person>().Where(p => p.DocumentType == "residentId" && hashes.Contains(p.NumberHash)).Select(p => p.Id);
        return await db.Set<CaseParty>().Where(p => persons.Contains(p.PersonId) && p.Current && p.Role != PartyRole.Agent && p.CaseId != @case.Id)
            .Join(db.Set<Case>().Where(c => c.Matter == @case.Matter && c.Number != null && c.DecidedAt == null), p => p.CaseId, c => c.Id, (p, c) => new OpenApplication(c.Id, c.Number!))
            .FirstOrDefaultAsync().ConfigureAwait(false);
    }

    /// <summary>The office that must handle it where this counter may not; null: this one may, or nobody sits at a counter.</summary>
    private Division? Elsewhere(CaseStep step) =>
        step.Case.Channel != Channel.Counter || step.Revision.Matter.Applicants.Where == "any" || step.Revision.Matter.MayFileIn(step.Actor, step.Case)
            ? null : divisions.Find(step.Case.Township) ?? divisions.County;

    /// <summary>The village that the form names; the county itself where it asks none.</summary>
    private Division? Place(Matters.FormFile form, JsonObject data) => form.Place is null ? divisions.County
        : divisions.Find(FormPeople.At(data, form.Place)) is { Level: DivisionLevel.Village } village ? village : null;

    /// <summary>Office, place of registration and place of the event, each from the answer that the matter names; the latter two may lie in another county.</summary>
    private static void Settle(Case @case, Division office, MatterRevision revision, JsonObject data)
    {
        (@case.County, @case.Township, @case.Village) = office.Level == DivisionLevel.County ? (office.Code, null, null) : (office.Code[..6], office.Code[..9], office.Code);
        var places = FormPlaces.Of(revision);
        (@case.HukouDivision, @case.EventDivision) = (FormPeople.At(data, places.Hukou), FormPeople.At(data, places.Event));
    }

    private string HashOf(string number) => ring.IdNumberHash(number);
}

/// <summary>An application that is not decided yet.</summary>
public sealed record OpenApplication(Guid Id, string Number);
