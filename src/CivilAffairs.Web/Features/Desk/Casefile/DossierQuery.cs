using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Cases.Words;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Desk.Casefile;

/// <summary>Reads one case for an officer, if it is theirs to see.</summary>
public sealed class DossierQuery
{
    private readonly IReader reader;
    private readonly MatterLibrary library;
    private readonly CaseVault vault;
    private readonly Cases.Subjects.SubjectLedger ledger;
    private readonly TaskRules rules;
    private readonly IWorkflowEngine engine;
    private readonly Withdrawals withdrawals;
    private readonly TimeProvider time;
    private readonly Calendars calendars;
    private readonly FieldCipher fields;

    public DossierQuery(IServiceProvider services)
    {
        fields = services.GetRequiredService<FieldCipher>();
        ledger = services.GetRequiredService<Cases.Subjects.SubjectLedger>();
        (reader, library, vault) = (services.GetRequiredService<IReader>(), services.GetRequiredService<MatterLibrary>(), services.GetRequiredService<CaseVault>());
        (engine, withdrawals) = (services.GetRequiredService<IWorkflowEngine>(), services.GetRequiredService<Withdrawals>());
        (rules, time, calendars) = (services.GetRequiredService<TaskRules>(), services.GetRequiredService<TimeProvider>(), services.GetRequiredService<Calendars>());
    }

    /// <summary>Null: there is no such case, or not for this viewer.</summary>
    /// <exception cref="CaseErasedException">Its contents were erased.</exception>
    public async Task<Dossier?> ReadAsync(Viewer viewer, Guid id, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        var today = time.Today();
        await using var db = reader.Open();
        var @case = await db.Set<Case>().OneVisibleTo(db, viewer, id).FirstOrDefaultAsync(cancel).ConfigureAwait(false);
        if (@case is null) return null;
        var revision = await library.RevisionAsync(@case.Revision, cancel).ConfigureAwait(false);
        var cipher = await vault.OpenAsync(db, id, cancel).ConfigureAwait(false);
        var parameters = await EffectiveParameters.OnAsync(db, revision, today, @case.Township ?? @case.County, cancel).ConfigureAwait(false);
        var form = await CaseContents.FormAsync(db, id, cipher, cancel).ConfigureAwait(false);
        var answers = new FormAnswers(form, parameters.Values, today);
        var tasks = await db.Set<WorkTask>().Where(t => t.CaseId == id).OrderBy(t => t.CreatedAt).ThenBy(t => t.Seat).ToListAsync(cancel).ConfigureAwait(false);
        var refusals = await rules.RefusalsAsync(db, viewer, @case, tasks).ConfigureAwait(false);
        var documents = await db.Set<IssuedDocument>().Where(d => d.CaseId == id).OrderBy(d => d.IssuedAt).ToListAsync(cancel).ConfigureAwait(false);
        var files = await FilesAsync(db, id, cipher, cancel).ConfigureAwait(false);
        var (decisions, review) = await DecisionsQuery.ReadAsync(db, @case, cipher, tasks, cancel).ConfigureAwait(false);
        return new Dossier
        {
            Decisions = decisions, Review = review, MayReopen = @case is { DecidedAt: not null, ClosedAt: not null } && revision.Matter.MayReopen(viewer, @case),
            KeyDates = await KeyDates.ReadAsync(db, @case, revision, library, engine, cancel).ConfigureAwait(false),
            MayBeWithdrawn = @case.Channel == Channel.Counter && revision.Matter.MayFileIn(viewer, @case) && await withdrawals.AreOpenAsync(db, @case, revision, cipher, parameters, cancel).ConfigureAwait(false),
            Case = @case, Revision = revision, FiledBy = await FiledByAsync(db, @case, cancel).ConfigureAwait(false), Answers = answers, Sections = new FormEvaluator(revision.Form).Shown(answers),
            Facts = await FactsAsync(db, id, cipher, cancel).ConfigureAwait(false), Written = await WrittenAsync(db, id, cipher, tasks, cancel).ConfigureAwait(false),
            Before = await RegisterBefore.ReadAsync(db, @case, revision, ledger, cancel).ConfigureAwait(false),
            Found = await RegisterFindings.ReadAsync(db, viewer, @case, revision, library, fields, today, cancel).ConfigureAwait(false),
            Earlier = await EarlierFindings.ReadAsync(db, id, cipher, cancel).ConfigureAwait(false), Files = files, Documents = documents, Tasks = tasks, Refusals = refusals,
            Notices = await db.Set<PublicNotice>().Where(n => n.CaseId == id).OrderBy(n => n.FirstDay).ToListAsync(cancel).ConfigureAwait(false),
            Objections = await ObjectionsAsync(db, id, cipher, cancel).ConfigureAwait(false),
            Reckoning = await Reckoning.ReadAsync(db, @case, revision, library, engine, cancel).ConfigureAwait(false),
            Grants = await db.Set<Grant>().Where(g => g.CaseId == id).ToListAsync(cancel).ConfigureAwait(false),
            Recusals = await RecusalsAsync(db, id, cancel).ConfigureAwait(false), Supervised = Offices.Supervises(viewer, @case),
            Story = await CaseStoryQuery.ReadAsync(db, @case, revision, tasks, documents, await Withdrawals.ReasonAsync(db, id, cipher, cancel).ConfigureAwait(false), cancel).ConfigureAwait(false),
            UnreadMessages = await db.Set<CaseMessage>().CountAsync(m => m.CaseId == id && m.Side == MessageSide.Applicant && m.ReadAt == null, cancel).ConfigureAwait(false),
            Clock = LimitState.Of(@case.Clock, today, calendars.Working), Today = today, Current = Choose(tasks, refusals, viewer),
        };
    }

    /// <summary>How a task's limit stands today.</summary>
    public LimitState Limit(WorkTask task) => LimitState.Of(task, time.Today(), calendars.Working);

    private static async Task<IReadOnlyList<ReadRecusal>> RecusalsAsync(CivilAffairsDb db, Guid id, CancellationToken cancel)
    {
        var stored = await db.Set<CaseRecusal>().Where(r => r.CaseId == id).OrderBy(r => r.RecordedAt).ToListAsync(cancel).ConfigureAwait(false);
        if (stored.Count == 0) return [];
        var officers = stored.SelectMany(r => new[] { r.AccountId, r.RecordedById }).Distinct().ToList();
        var names = await db.Users.Where(a => officers.Contains(a.Id)).ToDictionaryAsync(a => a.Id, a => a.DisplayName, cancel).ConfigureAwait(false);
        return [.. stored.Select(r => new ReadRecusal(names.GetValueOrDefault(r.AccountId, ""), r.Reason, names.GetValueOrDefault(r.RecordedById, ""), r.RecordedById != r.AccountId, r.RecordedAt))];
    }

    private static async Task<string?> FiledByAsync(CivilAffairsDb db, Case @case, CancellationToken cancel) =>
        @case.FiledById is { } officer ? await db.Users.Where(a => a.Id == officer).Select(a => a.DisplayName).FirstOrDefaultAsync(cancel).ConfigureAwait(false) : null;

    private static WorkTask? Choose(IReadOnlyList<WorkTask> tasks, Dictionary<Guid, NotAllowedException> refusals, Viewer viewer) =>
        tasks.Where(t => t.State == TaskState.Open).OrderBy(t => !viewer.Handles(t.HolderId)).ThenBy(t => refusals.ContainsKey(t.Id)).ThenBy(t => t.FinishBy is null).ThenBy(t => t.FinishBy).FirstOrDefault();

    private static async Task<JsonObject> FactsAsync(CivilAffairsDb db, Guid id, CaseCipher cipher, CancellationToken cancel)
    {
        var stored = await db.Set<CaseContent>().Where(c => c.CaseId == id && c.Kind == ContentKind.Facts).OrderByDescending(c => c.Number).FirstOrDefaultAsync(cancel).ConfigureAwait(false);
        return stored is null ? [] : CaseContents.OpenFacts(cipher, stored.Cipher).Facts;
    }

    // An entry and the closing of its task are one transaction: the same activity, person and instant.
    private static async Task<Dictionary<Guid, JsonObject>> WrittenAsync(CivilAffairsDb db, Guid id, CaseCipher cipher, IEnumerable<WorkTask> tasks, CancellationToken cancel)
    {
        var stored = await db.Set<CaseContent>().Where(c => c.CaseId == id && c.Kind == ContentKind.Task).ToListAsync(cancel).ConfigureAwait(false);
        var closed = tasks.Where(t => t.State == TaskState.Done).ToLookup(t => (t.ActivityId, t.ClosedById, t.ClosedAt));
        return stored.SelectMany(c => closed[(c.ActivityId!, c.RecordedById, c.RecordedAt)].Select(t => (t.Id, Content: c)))
            .GroupBy(p => p.Id).ToDictionary(g => g.Key, g => cipher.OpenJson(g.Last().Content.Cipher, CaseContents.Purpose(ContentKind.Task, g.Last().Content.ActivityId)));
    }

    private static async Task<IReadOnlyList<AttachedFile>> FilesAsync(CivilAffairsDb db, Guid id, CaseCipher cipher, CancellationToken cancel)
    {
        var stored = await db.Set<CaseFile>().Where(f => f.CaseId == id && f.RemovedAt == null && f.MessageId == null).OrderBy(f => f.RecordedAt).ToListAsync(cancel).ConfigureAwait(false);
        return [.. stored.Where(f => f.Slot != "document").Select(f => new AttachedFile(f.Id, f.Slot, cipher.OpenText(f.NameCipher, "file.name"), f.ContentType, f.Size, f.RecordedAt))];
    }

    private static async Task<IReadOnlyList<ReadObjection>> ObjectionsAsync(CivilAffairsDb db, Guid id, CaseCipher cipher, CancellationToken cancel)
    {
        var stored = await db.Set<Objection>().Where(o => o.CaseId == id).OrderBy(o => o.RecordedAt).ToListAsync(cancel).ConfigureAwait(false);
        return [.. stored.Select(o => (o, Text: cipher.OpenJson(o.Cipher, $"objection.{o.Id:N}")))
            .Select(p => new ReadObjection(p.o.NoticeId, (string?)p.Text["text"] ?? "", (string?)p.Text["sender"] ?? "", p.o.OccurredOn, p.o.RecordedAt))];
    }
}
