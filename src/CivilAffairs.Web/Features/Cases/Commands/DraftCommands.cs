using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Commands;

/// <summary>An application from its first page to its filing. A draft may be left and come back to at any time.</summary>
public sealed class DraftCommands
{
    private readonly CommandRunner runner;
    private readonly CaseLoader loader;
    private readonly CaseStepper stepper;
    private readonly Filing filing;
    private readonly MatterLibrary library;
    private readonly CaseVault vault;

    internal DraftCommands(CommandRunner runner, CaseLoader loader, CaseStepper stepper, Filing filing, MatterLibrary library, CaseVault vault) =>
        (this.runner, this.loader, this.stepper, this.filing, this.library, this.vault) = (runner, loader, stepper, filing, library, vault);

    /// <summary>Begins a draft under the current revision. An applicant's for themselves; an officer's at the counter 窗口.</summary>
    /// <exception cref="NotAllowedException">The matter is not open in this channel to this person.</exception>
    public Task<Guid> StartAsync(Viewer actor, string matter, string key, CancellationToken cancel = default) =>
        runner.RunAsync(actor, key, "draft.start", matter, async context =>
        {
            var revision = library.FindOffered(matter) ?? throw new UnknownCaseException();
            var channel = actor.IsOfficer ? Channel.Counter : Channel.Online;
            if (!revision.Matter.Applicants.Channels.Contains(channel == Channel.Counter ? "counter" : "online")) throw new NotAllowedException("draft.channel");
            if (actor.IsOfficer && !revision.Matter.MayFile(actor)) throw new NotAllowedException("draft.clerkOnly");
            var @case = new Case
            {
                Matter = matter, Revision = revision.Hash, Channel = channel, CreatedAt = context.Now,
                ApplicantAccountId = actor.IsOfficer ? null : actor.AccountId, FiledById = actor.IsOfficer ? actor.AccountId : null,
            };
            CaseLoader.Touch(@case, context);
            context.Db.Add(@case);
            vault.Create(context.Db, @case.Id);
            await context.Db.AppendAsync(@case.Id.ToString(), actor.AccountId, "draft.started", new { matter }, context.Now).ConfigureAwait(false);
            return @case.Id;
        }, cancel);

    /// <summary>Begins a draft about a subject of a register 社会组织, filled with what the register knows: the person answers only what is no longer right.</summary>
    /// <exception cref="UnknownCaseException">There is no such subject, or the actor may not act for it.</exception>
    /// <exception cref="NotAllowedException">The matter is not open in this channel to this person, or is about no such subject.</exception>
    public async Task<Guid> StartAboutAsync(Viewer actor, string matter, Guid subjectId, string key, CancellationToken cancel = default)
    {
        var id = await StartAsync(actor, matter, key, cancel).ConfigureAwait(false);
        await runner.RunAsync(actor, null, "draft.fill", id, async context =>
        {
            var @case = await EditableAsync(context, library, id).ConfigureAwait(false);
            // Begun before, and perhaps gone on with: what was typed stays.
            if (@case.SubjectId is not null) return 0;
            var cipher = await vault.OpenAsync(context.Db, id).ConfigureAwait(false);
            var filled = await filing.FilledAsync(context, @case, subjectId).ConfigureAwait(false);
            context.Db.Add(new CaseContent { CaseId = id, Kind = ContentKind.Form, Number = 0, Cipher = cipher.SealJson(filled, CaseContents.Purpose(ContentKind.Form, null)), OccurredOn = BureauTime.Day(context.Now), RecordedAt = context.Now, RecordedById = actor.AccountId });
            CaseLoader.Touch(@case, context);
            return 0;
        }, cancel).ConfigureAwait(false);
        return id;
    }

    /// <summary>Stores one section as it is, complete or not: what is wrong is said at once but loses nothing.</summary>
    /// <param name="value">The section's object, or array where it repeats; null takes it away.</param>
    public Task SaveSectionAsync(Viewer actor, Guid caseId, string section, JsonNode? value, CancellationToken cancel = default) =>
        SaveSectionAsync(actor, caseId, section, value, null, null, cancel);

    /// <param name="key">Idempotency key; null: storing the same twice is storing it once.</param>
    /// <param name="ifVersion">The draft's version as the sender read it; null: whatever it is.</param>
    /// <returns>The draft's version now.</returns>
    /// <exception cref="StaleVersionException">It was changed meanwhile.</exception>
    public Task<long> SaveSectionAsync(Viewer actor, Guid caseId, string section, JsonNode? value, string? key, long? ifVersion, CancellationToken cancel) =>
        runner.RunAsync(actor, key, "draft.save", new { caseId, section, value = value?.ToJsonString() }, async context =>
        {
            var @case = await EditableAsync(context, library, caseId).ConfigureAwait(false);
            CaseLoader.RequireVersion(@case, ifVersion);
            var cipher = await vault.OpenAsync(context.Db, caseId).ConfigureAwait(false);
            var purpose = CaseContents.Purpose(ContentKind.Form, null);
            var row = await context.Db.Set<CaseContent>().FirstOrDefaultAsync(c => c.CaseId == caseId && c.Kind == ContentKind.Form && c.Number == 0).ConfigureAwait(false);
            // A correction begins with what was filed.
            var data = row is not null ? cipher.OpenJson(row.Cipher, purpose) : await CaseContents.FormAsync(context.Db, caseId, cipher).ConfigureAwait(false);
            data[section] = value?.DeepClone();
            if (row is null) context.Db.Add(row = new CaseContent { CaseId = caseId, Kind = ContentKind.Form, Number = 0, Cipher = [] });
            (row.Cipher, row.OccurredOn, row.RecordedAt, row.RecordedById) = (cipher.SealJson(data, purpose), BureauTime.Day(context.Now), context.Now, actor.AccountId);
            if (@case.Status == "Draft") CaseLoader.Touch(@case, context);
            return @case.Version;
        }, cancel);

    /// <summary>Files the draft 提交: checks all of it, gives it its number, and starts the matter's workflow.</summary>
    /// <exception cref="InvalidAnswersException">By field; the draft stays as it is.</exception>
    public Task<Receipt> SubmitAsync(Viewer actor, Guid caseId, string key, CancellationToken cancel = default) => SubmitAsync(actor, caseId, key, null, null, cancel);

    /// <param name="ifVersion">The draft's version as the sender read it; null: whatever it is.</param>
    /// <param name="receivedOn">The day on which the application came in 收件日期, where the counter files it later; null: today. Ages, values in force and limits are those of that day.</param>
    /// <exception cref="StaleVersionException">It was changed meanwhile.</exception>
    public Task<Receipt> SubmitAsync(Viewer actor, Guid caseId, string key, long? ifVersion, DateOnly? receivedOn, CancellationToken cancel) =>
        runner.RunAsync(actor, key, "draft.submit", receivedOn is null ? (object)caseId : new { caseId, receivedOn }, async context =>
        {
            var @case = await EditableAsync(context, library, caseId).ConfigureAwait(false);
            if (@case.Status != "Draft") throw new AlreadyDecidedException(@case.ChangedBy ?? "", @case.SubmittedAt ?? context.Now, null);
            CaseLoader.RequireVersion(@case, ifVersion);
            if (library.IsRetired(@case.Matter)) throw new NotAllowedException("matter.retired");
            var instance = new WorkflowInstance { CaseId = caseId, Workflow = "apply", Revision = @case.Revision };
            context.Db.Add(instance);
            var today = BureauTime.Day(context.Now);
            var matter = (await library.RevisionAsync(@case.Revision).ConfigureAwait(false)).Matter;
            var on = OccurredDay.Checked(actor, receivedOn, today.AddDays(-matter.Applicants.RecordWithinDays), today, Earliest(matter.Applicants.RecordWithinDays));
            var step = await loader.StepAsync(context, @case, instance, on).ConfigureAwait(false);
            var data = await DraftAsync(context, step).ConfigureAwait(false);
            var pruned = await filing.CheckAsync(step, data).ConfigureAwait(false);
            // Place and office are known now, and with them the parameters in force there.
            step = await loader.StepAsync(context, @case, instance, on).ConfigureAwait(false);
            var sequence = await NumberSeries.NextAsync(context.Db, "case", @case.County, today.Year).ConfigureAwait(false);
            @case.Number = Case.NumberOf(@case.County, today.Year, sequence);
            (@case.Status, @case.SubmittedAt, @case.ReceivedOn) = ("Submitted", context.Now, on);
            await filing.FreezeAsync(step, pruned).ConfigureAwait(false);
            // Parties are looked up by the steps that follow.
            await context.Db.SaveChangesAsync().ConfigureAwait(false);
            await stepper.RunAsync(step, new StartTrigger(await filing.StartInputsAsync(step).ConfigureAwait(false))).ConfigureAwait(false);
            CaseLoader.Touch(@case, context);
            // Who filed it is the actor; for whom it was filed at the counter is said beside it.
            var filedFor = @case.Channel == Channel.Counter ? context.Db.Set<CaseParty>().Local.FirstOrDefault(p => p is { Current: true, Role: PartyRole.Applicant })?.PersonId : null;
            await context.Db.AppendAsync(caseId.ToString(), actor.AccountId, "case.submitted", new { @case.Number, @case.Revision, channel = @case.Channel.ToString(), filedFor, receivedOn = on == today ? (DateOnly?)null : on }, context.Now).ConfigureAwait(false);
            return new Receipt(caseId, @case.Number, context.Now);
        }, cancel);

    private static LocalText Earliest(int days) => new($"{days} 天以前", $"{days} days ago");

    /// <summary>Throws a draft away; what was filed can only be withdrawn.</summary>
    public Task DiscardAsync(Viewer actor, Guid caseId, CancellationToken cancel = default) => DiscardAsync(actor, caseId, null, cancel);

    /// <param name="key">Idempotency key: a repeat finds no draft any more, but knows that it threw it away.</param>
    public Task DiscardAsync(Viewer actor, Guid caseId, string? key, CancellationToken cancel) =>
        runner.RunAsync(actor, key, "draft.discard", caseId, async context =>
        {
            var @case = await EditableAsync(context, library, caseId).ConfigureAwait(false);
            if (@case.Status != "Draft") throw new NotAllowedException("draft.filed");
            await context.Db.Set<CaseContent>().Where(c => c.CaseId == caseId).ExecuteDeleteAsync().ConfigureAwait(false);
            await context.Db.Set<CaseFile>().Where(f => f.CaseId == caseId).ExecuteDeleteAsync().ConfigureAwait(false);
            await context.Db.Set<CaseKey>().Where(k => k.CaseId == caseId).ExecuteDeleteAsync().ConfigureAwait(false);
            context.Db.Remove(@case);
            await context.Db.AppendAsync(caseId.ToString(), actor.AccountId, "draft.discarded", null, context.Now).ConfigureAwait(false);
            return 0;
        }, cancel);

    /// <summary>A draft of the actor's own, or a filed case that waits for a correction that the actor may give.</summary>
    internal static async Task<Case> EditableAsync(CommandContext context, MatterLibrary library, Guid caseId)
    {
        var @case = await CaseLoader.LockAsync(context.Db, caseId).ConfigureAwait(false);
        if (!context.Actor.IsSystem && !await CaseScope.SeesAsync(context.Db, context.Actor, caseId).ConfigureAwait(false)) throw new UnknownCaseException();
        if (@case.Status == "Draft") return !context.Actor.IsOfficer || context.Actor.IsSystem || @case.FiledById == context.Actor.AccountId ? @case : throw new UnknownCaseException();
        // A case filed at the counter is corrected there too, by whoever sits there now.
        if (context.Actor.IsOfficer && !(@case.Channel == Channel.Counter && (await library.RevisionAsync(@case.Revision).ConfigureAwait(false)).Matter.MayFileIn(context.Actor, @case)))
            throw new UnknownCaseException();
        var waits = await context.Db.Set<WorkTask>().AnyAsync(t => t.CaseId == caseId && t.Role == Roles.Applicant && t.Kind == "Correction" && t.State == TaskState.Open).ConfigureAwait(false);
        return waits ? @case : throw new NotAllowedException("draft.filed");
    }

    internal static async Task<JsonObject> DraftAsync(CommandContext context, CaseStep step)
    {
        var row = await context.Db.Set<CaseContent>().AsNoTracking().FirstOrDefaultAsync(c => c.CaseId == step.Case.Id && c.Kind == ContentKind.Form && c.Number == 0).ConfigureAwait(false);
        return row is null ? [] : step.Cipher.OpenJson(row.Cipher, CaseContents.Purpose(ContentKind.Form, null));
    }
}

/// <summary>What the applicant gets at once 回执.</summary>
public sealed record Receipt(Guid CaseId, string Number, DateTimeOffset SubmittedAt);
