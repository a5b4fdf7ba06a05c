using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Subjects;

/// <summary>Applications about a subject of a register 社会组织: who may file them, what the register fills in, and the certificate that they are about.</summary>
internal sealed class SubjectFiling(SubjectLedger ledger, MatterLibrary library)
{
    /// <summary>Finds the subject that the answers name and settles the case on it.</summary>
    /// <returns>Why it cannot be filed, by field; null: it can.</returns>
    public async Task<FieldFault?> SettleAsync(CaseStep step, FormSubject about, JsonObject answers)
    {
        var (db, @case) = (step.Db, step.Case);
        var subject = FormPeople.At(answers, about.Key) is { } key ? await ledger.FindAsync(db, about.Register, key).ConfigureAwait(false) : null;
        if (subject is null) return Fault(about.Key, "登记簿里没有这个组织，请核对代码。", "The register has no such organisation; check the code.");
        if (!await MayActAsync(db, step.Actor, @case.FiledById is not null, subject).ConfigureAwait(false))
            return Fault(about.Key, "登记簿里您不是这个组织的法定代表人或者经办人，请到窗口办理。", "The register does not name you as its legal representative or handler; please come to the counter.");
        if (about.Certificate is { } kind && await NewestAsync(db, subject.Id, kind).ConfigureAwait(false) is null) return Fault(about.Key, "登记簿里没有这个组织的证书。", "The register has no certificate of this organisation.");
        var open = await db.Set<Case>().Where(c => c.SubjectId == subject.Id && c.Matter == @case.Matter && c.Id != @case.Id && c.Number != null && c.DecidedAt == null).Select(c => c.Number).FirstOrDefaultAsync().ConfigureAwait(false);
        if (open is not null) return Fault(about.Key, $"这个组织已有正在办理的同类申请（{open}）。", $"The organisation has an open application of this kind ({open}).");
        @case.SubjectId = subject.Id;
        return null;
    }

    public async Task<JsonObject> FilledAsync(CommandContext context, Case @case, MatterRevision revision, Guid subjectId)
    {
        if (revision.Form.Subject is not { } about) throw new NotAllowedException("draft.noSubject");
        var subject = await context.Db.Set<RegisterSubject>().AsNoTracking().FirstOrDefaultAsync(s => s.Id == subjectId && s.Register == about.Register).ConfigureAwait(false);
        if (subject is null || !await MayActAsync(context.Db, context.Actor, @case.FiledById is not null, subject).ConfigureAwait(false)) throw new UnknownCaseException();
        (@case.SubjectId, @case.ApplicantName) = (subject.Id, subject.Name);
        return SubjectForms.Filled(revision.Form, await ledger.CurrentAsync(context.Db, subject).ConfigureAwait(false));
    }

    /// <summary><c>certificateId</c>, <c>number</c>, <c>validTo</c>, <c>dayAfter</c> (the first day of a new one) and <c>timely</c>: applied for so long before as the certificate's kind says.</summary>
    public async Task<Dictionary<string, JsonNode?>> InputsAsync(CaseStep step)
    {
        if (step.Revision.Form.Subject is not { Certificate: { } kind } || step.Case.SubjectId is not { } subject
            || await NewestAsync(step.Db, subject, kind).ConfigureAwait(false) is not { } certificate) return [];
        return new()
        {
            ["certificateId"] = certificate.Id.ToString(), ["number"] = certificate.Number, ["validTo"] = BureauTime.Iso(certificate.ValidTo), ["dayAfter"] = BureauTime.Iso(certificate.ValidTo?.AddDays(1)),
            ["timely"] = await LatestAsync(step.Db, certificate, default).ConfigureAwait(false) is { } latest && step.Case.ReceivedOn <= latest,
        };
    }

    /// <summary>The last day on which a renewal is applied for in good time; null: the certificate is not renewed, or has no end.</summary>
    public async Task<DateOnly?> LatestAsync(CivilAffairsDb db, Certificate certificate, CancellationToken cancel)
    {
        if (certificate.ValidTo is not { } last || library.Certificate(certificate.Matter, certificate.Kind) is not { Kind.Renewal: { } renewal } kind) return null;
        var parameters = await EffectiveParameters.OnAsync(db, kind.Revision, last, certificate.Township ?? certificate.County, cancel).ConfigureAwait(false);
        return last.AddDays(-(int)parameters.Values[renewal.ApplyBefore]!);
    }

    /// <summary>The counter acts for whoever comes; online, who stands in the register as somebody who may.</summary>
    private static async Task<bool> MayActAsync(CivilAffairsDb db, Viewer actor, bool atCounter, RegisterSubject subject)
    {
        if (actor.IsSystem || atCounter) return actor.IsSystem || actor.Held.Any(h => (subject.Village ?? subject.Township ?? subject.County).StartsWith(h.Division, StringComparison.Ordinal));
        if (actor.PersonId is not { } person) return false;
        var own = db.Set<Person>().Where(p => p.Id == person).Select(p => p.NumberHash);
        return await db.Set<RegisterPerson>().AnyAsync(p => p.SubjectId == subject.Id && own.Contains(p.NumberHash)).ConfigureAwait(false);
    }

    private static Task<Certificate?> NewestAsync(CivilAffairsDb db, Guid subject, string kind) =>
        db.Set<Certificate>().AsNoTracking().Where(c => c.SubjectId == subject && c.Kind == kind).OrderByDescending(c => c.ValidFrom).ThenByDescending(c => c.Id).FirstOrDefaultAsync();

    private static FieldFault Fault(string path, string zh, string en) => new(path, zh, en);
}
