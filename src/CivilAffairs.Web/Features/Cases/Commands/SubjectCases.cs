using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Cases.Subjects;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Commands;

/// <summary>
/// Opens cases ex officio 依职权 about an organisation that may never have had a case here, since its ledger was imported: the
/// case takes place, persons and form from the register. Opening is one transaction with the first step: after a power failure
/// there is the case with its number and its first task, or neither.
/// </summary>
public sealed class SubjectCases
{
    private readonly CommandRunner runner;
    private readonly CaseStepper stepper;
    private readonly Filing filing;
    private readonly MatterLibrary library;
    private readonly CaseVault vault;
    private readonly SubjectLedger ledger;
    private readonly SubjectFiling subjects;

    internal SubjectCases(CommandRunner runner, CaseStepper stepper, Filing filing, MatterLibrary library, CaseVault vault, SubjectLedger ledger, SubjectFiling subjects) =>
        (this.runner, this.stepper, this.filing, this.library, this.vault, this.ledger, this.subjects) = (runner, stepper, filing, library, vault, ledger, subjects);

    /// <summary>
    /// Opens the case that a certificate's last day brings: one of a certificate and matter, ever, however often and on however
    /// many nodes it is asked for.
    /// </summary>
    /// <param name="reason">A code, which the workflow gets as its input <c>reason</c>, beside <c>certificateId</c>, <c>number</c> and <c>validTo</c>.</param>
    /// <returns>False: it was opened before, the certificate is renewed, or a timely renewal of it is pending, after which one may ask again.</returns>
    /// <exception cref="KeyNotFoundException">No such certificate, matter or workflow, or nobody's register knows who holds it.</exception>
    public Task<bool> OpenForCertificateAsync(Guid certificateId, string matter, string workflow, string reason, CancellationToken cancel = default) =>
        runner.RunAsync(Viewer.System, null, "certificate.open", certificateId, async context =>
        {
            var (db, today) = (context.Db, BureauTime.Day(context.Now));
            var certificate = await db.Set<Certificate>().AsNoTracking().FirstOrDefaultAsync(c => c.Id == certificateId).ConfigureAwait(false) ?? throw new KeyNotFoundException($"There is no certificate {certificateId}.");
            // The lock on its holder lets one node in at a time; what it then reads is what the others left.
            var subject = certificate.SubjectId is { } holder ? await SubjectLedger.LockAsync(db, holder).ConfigureAwait(false) : null;
            if (subject is null) throw new KeyNotFoundException($"No register knows who holds the certificate {certificateId}.");
            if (await db.Set<CertificateOpening>().AnyAsync(o => o.CertificateId == certificateId && o.Matter == matter).ConfigureAwait(false)) return false;
            if (await db.Set<Certificate>().AnyAsync(c => c.RenewsId == certificateId).ConfigureAwait(false)) return false;
            if (await PendingRenewalAsync(db, certificate, cancel).ConfigureAwait(false)) return false;
            var inputs = new JsonObject { ["reason"] = reason, ["certificateId"] = certificateId.ToString(), ["number"] = certificate.Number, ["validTo"] = BureauTime.Iso(certificate.ValidTo) };
            var opened = await OpenAsync(context, subject, matter, workflow, inputs, today).ConfigureAwait(false);
            db.Add(new CertificateOpening { CertificateId = certificateId, Matter = matter, CaseId = opened.Id, Reason = reason, OccurredOn = today, RecordedAt = context.Now });
            return true;
        }, cancel);

    /// <summary>Whether a renewal of the certificate was applied for in good time and is not decided yet: then its day brings nothing [XK 50].</summary>
    internal async Task<bool> PendingRenewalAsync(CivilAffairsDb db, Certificate certificate, CancellationToken cancel)
    {
        if (certificate.SubjectId is not { } subject || await subjects.LatestAsync(db, certificate, cancel).ConfigureAwait(false) is not { } latest) return false;
        var renewal = library.Certificate(certificate.Matter, certificate.Kind)!.Value.Kind.Renewal!.Matter;
        return await db.Set<Case>().AnyAsync(c => c.SubjectId == subject && c.Matter == renewal && c.Number != null && c.DecidedAt == null && c.ReceivedOn <= latest, cancel).ConfigureAwait(false);
    }

    /// <summary>Opens a case by hand, for a cause that no certificate's day brings: a change that was not filed, an address where nobody is.</summary>
    /// <param name="cause">A code, which the workflow gets as its input <c>reason</c>.</param>
    /// <returns>The case.</returns>
    /// <exception cref="UnknownCaseException">There is no such subject for this officer.</exception>
    /// <exception cref="NotAllowedException">The matter lets this officer open none, or one is open.</exception>
    public Task<Guid> OpenByHandAsync(Viewer actor, Guid subjectId, string matter, string cause, string key, CancellationToken cancel = default) =>
        runner.RunAsync(actor, key, "subject.open", new { subjectId, matter, cause }, async context =>
        {
            var revision = library.FindOffered(matter) ?? throw new UnknownCaseException();
            var subject = await SubjectLedger.LockAsync(context.Db, subjectId).ConfigureAwait(false);
            if (subject is null || revision.Matter.ExOfficio is not { } rule || !actor.Held.Any(h => rule.Roles.Contains(h.Role) && (subject.Village ?? subject.Township ?? subject.County).StartsWith(h.Division, StringComparison.Ordinal))) throw new UnknownCaseException();
            if (rule.Causes.All(c => c.Value != cause)) throw new NotAllowedException("subject.cause");
            if (await context.Db.Set<Case>().AnyAsync(c => c.SubjectId == subjectId && c.Matter == matter && c.DecidedAt == null).ConfigureAwait(false)) throw new NotAllowedException("subject.open");
            return (await OpenAsync(context, subject, matter, rule.Workflow, new JsonObject { ["reason"] = cause }, BureauTime.Day(context.Now)).ConfigureAwait(false)).Id;
        }, cancel);

    /// <summary>The case with its first step done; the subject's row is locked.</summary>
    internal async Task<Case> OpenAsync(CommandContext context, RegisterSubject subject, string matter, string workflow, JsonObject inputs, DateOnly occurredOn)
    {
        var (db, today) = (context.Db, BureauTime.Day(context.Now));
        var revision = library.Find(matter) ?? throw new KeyNotFoundException($"There is no matter {matter}.");
        if (!revision.Matter.Workflows.ContainsKey(workflow)) throw new KeyNotFoundException($"The matter {matter} has no workflow {workflow}.");
        // Whoever handles it: an organisation of a township may be the county's to handle.
        var isCounty = revision.Matter.Applicants.Where == "county";
        var sequence = await NumberSeries.NextAsync(db, "case", subject.County, today.Year).ConfigureAwait(false);
        var @case = new Case
        {
            Matter = matter, Revision = revision.Hash, Channel = Channel.Office, SubjectId = subject.Id, ApplicantName = subject.Name, Status = "Submitted",
            Number = Case.NumberOf(subject.County, today.Year, sequence), County = subject.County, Township = isCounty ? null : subject.Township, Village = isCounty ? null : subject.Village,
            CreatedAt = context.Now, SubmittedAt = context.Now, ReceivedOn = occurredOn, Version = 1, ChangedById = context.Actor.AccountId, ChangedBy = context.Actor.Name, ChangedAt = context.Now,
        };
        var instance = new WorkflowInstance { CaseId = @case.Id, Workflow = workflow, Revision = revision.Hash };
        db.AddRange(@case, instance);
        var parameters = await EffectiveParameters.OnAsync(db, revision, occurredOn, subject.Township ?? subject.County).ConfigureAwait(false);
        var step = new CaseStep(db, @case, instance, revision, parameters, vault.Create(db, @case.Id), context.Actor, context.Now) { OccurredOn = occurredOn };
        await filing.FreezeAsync(step, SubjectForms.Filled(revision.Form, await ledger.CurrentAsync(db, subject).ConfigureAwait(false))).ConfigureAwait(false);
        @case.ApplicantName = subject.Name;
        await db.AppendAsync(@case.Id.ToString(), context.Actor.AccountId, "case.opened", new { @case.Number, @case.Revision, subject = subject.Id, workflow, inputs = inputs.ToJsonString() }, context.Now).ConfigureAwait(false);
        // Its parties and contents are looked up by the steps that follow.
        await db.SaveChangesAsync().ConfigureAwait(false);
        await stepper.RunAsync(step, new StartTrigger(inputs.ToDictionary(p => p.Key, p => p.Value?.DeepClone()))).ConfigureAwait(false);
        return @case;
    }
}
