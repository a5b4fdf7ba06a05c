using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Features.Registers.Lines;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Registers.Subjects;

/// <summary>
/// Looks at a register in full, and exports it: to whoever reads the register, with the reason written down first. Power
/// failure: a line of the audit without a look is possible, a look without a line is not.
/// </summary>
public sealed class RegisterAccesses(IReader reader, CommandRunner runner, SubjectQuery subjects, RegisterQuery registers, LineQuery lines, FieldCipher cipher, TimeProvider time)
{
    /// <summary>So long after it was asked for, an export may be fetched; later it is asked for anew.</summary>
    internal static readonly TimeSpan Fetched = TimeSpan.FromMinutes(10);

    /// <param name="reason">One of <see cref="AccessReasons.Codes"/>.</param>
    /// <param name="note">In the officer's words; needed with <c>other</c>.</param>
    /// <exception cref="UnknownCaseException">There is no such subject for this viewer.</exception>
    /// <exception cref="InvalidAnswersException">No such reason, or the note is missing or too long.</exception>
    public async Task LookAsync(Viewer viewer, Guid subjectId, string? reason, string? note, string? key = null, CancellationToken cancel = default)
    {
        await using var db = reader.Open();
        var register = await db.Set<RegisterSubject>().Where(s => s.Id == subjectId).Select(s => s.Register).FirstOrDefaultAsync(cancel).ConfigureAwait(false);
        if (register is null || !await subjects.InScope(db, viewer, register).AnyAsync(s => s.Id == subjectId, cancel).ConfigureAwait(false)) throw new UnknownCaseException();
        await WriteAsync(viewer, new RegisterAccess { Register = register, SubjectId = subjectId, Reason = "" }, reason, note, key, "register.fullView", cancel).ConfigureAwait(false);
    }

    /// <summary>The same of one line: of a benefit, a certificate, or what a workflow entered.</summary>
    /// <exception cref="UnknownCaseException">There is no such line for this viewer.</exception>
    /// <exception cref="InvalidAnswersException">No such reason, or the note is missing or too long.</exception>
    public async Task LookAtLineAsync(Viewer viewer, string register, Guid lineId, string? reason, string? note, string? key = null, CancellationToken cancel = default)
    {
        if (await lines.FindAsync(viewer, register, lineId, full: false, cancel).ConfigureAwait(false) is null) throw new UnknownCaseException();
        await WriteAsync(viewer, new RegisterAccess { Register = register, LineId = lineId, Reason = "" }, reason, note, key, "register.fullView", cancel).ConfigureAwait(false);
    }

    /// <summary>Asks for an export of what the list shows.</summary>
    /// <param name="term">As in <see cref="SubjectQuery.ReadAsync"/> or <see cref="LineQuery.ReadAsync"/>.</param>
    /// <returns>Under which it is fetched, by the same person and for ten minutes.</returns>
    /// <exception cref="UnknownCaseException">There is no such register for this viewer.</exception>
    /// <exception cref="InvalidAnswersException">No such reason, or the note is missing or too long.</exception>
    public Task<Guid> ExportAsync(Viewer viewer, string register, string term, DateOnly? asOf, string? reason, string? note, string? key = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(term);
        if (!registers.Reads(viewer, register)) throw new UnknownCaseException();
        var access = new RegisterAccess { Register = register, AsOf = asOf ?? time.Today(), Reason = "" };
        access.TermCipher = term.Trim().Length == 0 ? null : cipher.Encrypt(term.Trim(), Purpose(access.Id, "term"));
        return WriteAsync(viewer, access, reason, note, key, "register.export", cancel);
    }

    /// <returns>What was asked for, with its term in clear.</returns>
    /// <exception cref="UnknownCaseException">There is none of this viewer's, or its time is over.</exception>
    internal async Task<(RegisterAccess Access, string Term)> FetchAsync(Viewer viewer, Guid id, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        await using var db = reader.Open();
        var access = await db.Set<RegisterAccess>().FirstOrDefaultAsync(a => a.Id == id && a.ById == viewer.AccountId && a.SubjectId == null && a.LineId == null, cancel).ConfigureAwait(false);
        if (access is null || access.At < time.GetUtcNow() - Fetched || !registers.Reads(viewer, access.Register)) throw new UnknownCaseException();
        return (access, access.TermCipher is { } stored ? cipher.Decrypt(stored, Purpose(id, "term")) : "");
    }

    private Task<Guid> WriteAsync(Viewer viewer, RegisterAccess access, string? reason, string? note, string? key, string action, CancellationToken cancel)
    {
        if (reason is null || !AccessReasons.Codes.Contains(reason)) throw new InvalidAnswersException([new FieldFault("reason", "请选择理由。", "Choose a reason.")]);
        var words = note?.Trim() ?? "";
        if (reason == "other" && words.Length is 0 or > AccessReasons.LongestNote) throw new InvalidAnswersException([new FieldFault("note", "请写明理由，最多 200 个字。", "Say why, in 200 characters at most.")]);
        return runner.RunAsync(viewer, key, action, new { access.Register, access.SubjectId, access.LineId, access.AsOf, reason, words }, async context =>
        {
            (access.ById, access.Reason, access.At) = (viewer.AccountId, reason, context.Now);
            access.NoteCipher = reason == "other" ? cipher.Encrypt(words, Purpose(access.Id, "note")) : null;
            context.Db.Add(access);
            await context.Db.AppendAsync(access.Id.ToString(), viewer.AccountId, action, new { access.Register, subject = access.SubjectId, line = access.LineId, access.AsOf, reason }, context.Now).ConfigureAwait(false);
            return access.Id;
        }, cancel);
    }

    private static string Purpose(Guid id, string what) => $"register.access.{what}.{id:N}";
}
