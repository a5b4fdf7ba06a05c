using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Drafts;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Desk.Counter;

/// <summary>What an officer at the counter 窗口 has begun, filed, and waits for.</summary>
internal sealed class CounterQuery(IReader reader, MatterLibrary library, CaseVault vault, Applications applications, TaskCommands tasks, DivisionDirectory divisions, KeyRing ring, FieldCipher fields)
{
    public const int PageSize = 25;
    private const int Lately = 10;

    /// <summary>Matters that this officer may file for others.</summary>
    public IReadOnlyList<MatterRevision> Matters(Viewer viewer) => [.. library.Offered.Where(r => r.Matter.MayFile(viewer))];

    /// <param name="page">Of the drafts, from 1.</param>
    public async Task<CounterView> ReadAsync(Viewer viewer, int page, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        var me = viewer.AccountId;
        await using var db = reader.Open();
        var mine = db.Set<Case>().Where(c => c.FiledById == me && c.Status == "Draft").VisibleTo(db, viewer);
        var total = await mine.CountAsync(cancel).ConfigureAwait(false);
        var pages = Math.Max(1, (total + PageSize - 1) / PageSize);
        page = Math.Clamp(page, 1, pages);
        var drafts = await mine.OrderByDescending(c => c.ChangedAt).ThenBy(c => c.Id).Skip((page - 1) * PageSize).Take(PageSize).ToListAsync(cancel).ConfigureAwait(false);
        var names = await NamesAsync(db, drafts, cancel).ConfigureAwait(false);
        var filed = await db.Set<Case>().Where(c => c.FiledById == me && c.Status != "Draft").VisibleTo(db, viewer).OrderByDescending(c => c.ChangedAt).Take(Lately)
            .Select(c => new FiledLine(c.Id, c.Number ?? "", c.Matter, c.ApplicantName, c.Status, c.SubmittedAt, c.SubjectId != null)).ToListAsync(cancel).ConfigureAwait(false);
        return new CounterView([.. drafts.Select(c => new DraftLine(c.Id, c.Matter, names.GetValueOrDefault(c.Id, ""), c.ChangedAt))], total, page, pages, filed, await WaitingAsync(db, viewer, cancel).ConfigureAwait(false));
    }

    /// <summary>An application to fill in, and how to reach those who came, by their role.</summary>
    /// <exception cref="UnknownCaseException">There is none for this officer.</exception>
    /// <exception cref="NotAllowedException">It was filed and waits for no correction that this officer may give.</exception>
    public async Task<(Application Application, IReadOnlyDictionary<string, CounterContact> Contacts)> OpenAsync(Viewer viewer, Guid id, CancellationToken cancel = default)
    {
        var application = await applications.OpenAsync(viewer, id, cancel).ConfigureAwait(false);
        await using var db = reader.Open();
        var stored = await db.Set<CaseContent>().Where(c => c.CaseId == id && c.Kind == ContentKind.Contact).ToListAsync(cancel).ConfigureAwait(false);
        var cipher = stored.Count == 0 ? null : await vault.OpenAsync(db, id, cancel).ConfigureAwait(false);
        var contacts = new Dictionary<string, CounterContact>();
        // One, or two: as many as come to a counter together.
        foreach (var party in FormPeople.AtCounter(application.Revision.Form))
        {
            var email = stored.Find(c => c.ActivityId == CounterCommands.Slot(party.Role)) is { } row ? cipher!.OpenText(row.Cipher, CounterCommands.ContactPurpose(party.Role)) : "";
            var number = FormPeople.Text(application.Answers.Data[party.Section], party.IdNumber);
            var person = string.IsNullOrWhiteSpace(number) ? null : await db.FindPersonAsync(ring, number, cancel).ConfigureAwait(false);
            contacts[party.Role] = new CounterContact(email, person is null ? null : new KnownPerson(person.Name, person.IdNumber(fields), person.Phone(fields), person.EmailCipher is not null, null));
        }
        return (application, contacts);
    }

    /// <summary>The first task of a case that the officer may do now, taken into their hands; null: there is none.</summary>
    public async Task<Guid?> TakeAsync(Viewer viewer, Guid id, CancellationToken cancel = default)
    {
        await using var db = reader.Open();
        var open = await db.Set<WorkTask>().Where(t => t.CaseId == id && t.State == TaskState.Open && t.Role != Roles.Applicant).OrderBy(t => t.Id).Select(t => t.Id).ToListAsync(cancel).ConfigureAwait(false);
        foreach (var task in open)
        {
            try
            {
                await tasks.ClaimAsync(viewer, task, null, cancel).ConfigureAwait(false);
                return task;
            }
            catch (Exception refusal) when (refusal is NotAllowedException or UnknownCaseException or AlreadyDecidedException)
            {
                // Another officer's, or of another office: the case waits there.
            }
        }
        return null;
    }

    /// <summary>What the applicant takes home; null: there is none for this officer.</summary>
    public async Task<CounterReceipt?> ReceiptAsync(Viewer viewer, Guid id, CancellationToken cancel = default)
    {
        await using var db = reader.Open();
        var @case = await db.Set<Case>().OneVisibleTo(db, viewer, id).FirstOrDefaultAsync(c => c.Status != "Draft" && c.Channel == Channel.Counter, cancel).ConfigureAwait(false);
        if (@case is null) return null;
        var revision = await library.RevisionAsync(@case.Revision, cancel).ConfigureAwait(false);
        var by = await db.Users.Where(a => a.Id == @case.FiledById).Select(a => a.DisplayName).FirstOrDefaultAsync(cancel).ConfigureAwait(false);
        var slots = await db.Set<CaseFile>().Where(f => f.CaseId == id && f.RemovedAt == null && f.MessageId == null && f.Slot != "document").Select(f => f.Slot).ToListAsync(cancel).ConfigureAwait(false);
        var due = await db.Set<WorkTask>().Where(t => t.CaseId == id && t.State == TaskState.Open && t.Role != Roles.Applicant).MaxAsync(t => t.FinishBy, cancel).ConfigureAwait(false);
        return new CounterReceipt(@case, revision, by ?? "", [.. revision.Form.Attachments.Where(a => slots.Contains(a.Id)).Select(a => (a.Label, slots.Count(s => s == a.Id)))],
            @case.DecidedAt is null ? due : null, divisions.Find(@case.Township) ?? divisions.County);
    }

    /// <summary>Cases of this counter that wait for papers or answers of the applicant, the most pressing first.</summary>
    private static async Task<IReadOnlyList<WaitingLine>> WaitingAsync(CivilAffairsDb db, Viewer viewer, CancellationToken cancel)
    {
        var places = viewer.Held.Select(h => h.Division).Distinct().ToList();
        return await db.Set<WorkTask>().Where(t => t.State == TaskState.Open && t.Role == Roles.Applicant && places.Contains(t.Division))
            .Join(db.Set<Case>().VisibleTo(db, viewer).Where(c => c.Channel == Channel.Counter || (c.Channel == Channel.Office && c.ApplicantAccountId == null)), t => t.CaseId, c => c.Id, (t, c) => new { Task = t, Case = c })
            .OrderBy(r => r.Task.FinishBy == null).ThenBy(r => r.Task.FinishBy).ThenBy(r => r.Task.Id).Take(PageSize)
            .Select(r => new WaitingLine(r.Case.Id, r.Task.Id, r.Case.Number ?? "", r.Case.Matter, r.Case.ApplicantName, r.Task.TitleZh, r.Task.TitleEn, r.Task.Kind, r.Task.FinishBy, r.Case.SubjectId != null))
            .ToListAsync(cancel).ConfigureAwait(false);
    }

    /// <summary>Applicants' names as typed in these drafts: two queries, however many there are.</summary>
    private async Task<Dictionary<Guid, string>> NamesAsync(CivilAffairsDb db, List<Case> drafts, CancellationToken cancel)
    {
        var ids = drafts.ConvertAll(c => c.Id);
        // The vault finds keys that are loaded already.
        await db.Set<CaseKey>().Where(k => ids.Contains(k.CaseId)).AsTracking().LoadAsync(cancel).ConfigureAwait(false);
        var forms = await db.Set<CaseContent>().Where(c => ids.Contains(c.CaseId) && c.Kind == ContentKind.Form && c.Number == 0).ToListAsync(cancel).ConfigureAwait(false);
        var names = new Dictionary<Guid, string>();
        foreach (var form in forms)
        {
            var revision = await library.RevisionAsync(drafts.Find(c => c.Id == form.CaseId)!.Revision, cancel).ConfigureAwait(false);
            if (FormPeople.Applicant(revision.Form) is not { } party) continue;
            var data = (await vault.OpenAsync(db, form.CaseId, cancel).ConfigureAwait(false)).OpenJson(form.Cipher, CaseContents.Purpose(ContentKind.Form, null));
            names[form.CaseId] = FormPeople.Text(data[party.Section], party.Name) ?? "";
        }
        return names;
    }
}

/// <summary>A draft of the officer's own. The name is whole: pages mask it.</summary>
internal sealed record DraftLine(Guid Id, string Matter, string ApplicantName, DateTimeOffset ChangedAt);

/// <summary>A case that the officer filed lately.</summary>
internal sealed record FiledLine(Guid Id, string Number, string Matter, string ApplicantName, string Status, DateTimeOffset? SubmittedAt, bool IsOrganisation = false);

/// <summary>A case that waits for its applicant, who may come in.</summary>
internal sealed record WaitingLine(Guid CaseId, Guid TaskId, string Number, string Matter, string ApplicantName, string TitleZh, string TitleEn, string? Kind, DateOnly? FinishBy, bool IsOrganisation = false);

internal sealed record CounterView(IReadOnlyList<DraftLine> Drafts, int Total, int Page, int Pages, IReadOnlyList<FiledLine> Filed, IReadOnlyList<WaitingLine> Waiting);

/// <param name="Email">As noted in the draft; empty: none.</param>
/// <param name="Known">Who the bureau knows under the ID number typed.</param>
public sealed record CounterContact(string Email, KnownPerson? Known);

/// <param name="FiledBy">The officer's name.</param>
/// <param name="Papers">What was handed over, and how many sheets of each.</param>
/// <param name="StepDueOn">Last day of the present step; null: none is known.</param>
internal sealed record CounterReceipt(Case Case, MatterRevision Revision, string FiledBy, IReadOnlyList<(Words Label, int Count)> Papers, DateOnly? StepDueOn, Division? Office);
