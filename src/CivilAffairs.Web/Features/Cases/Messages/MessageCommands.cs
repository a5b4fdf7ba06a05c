using System.Security.Cryptography;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Messages;

/// <summary>Writes messages 留言 about a filed case, from either side, and notes when they were read.</summary>
public sealed class MessageCommands(CommandRunner runner, FileCommands files, CaseVault vault, IReader reader)
{
    /// <param name="text">1 to <see cref="MessageRules.Longest"/> characters.</param>
    /// <param name="attached">At most <see cref="MessageRules.MostFiles"/>, each like an attachment of an application.</param>
    /// <param name="key">Idempotency key: pressed twice it is sent once.</param>
    /// <returns>The message.</returns>
    /// <exception cref="UnknownCaseException">Not a case of this viewer's.</exception>
    /// <exception cref="NotAllowedException">It is a draft, was closed too long ago, or too much was sent today.</exception>
    /// <exception cref="InvalidAnswersException">By <c>text</c> or <c>files</c>.</exception>
    /// <remarks>One transaction: power failure leaves message, attachments and letter, or none of them.</remarks>
    public Task<Guid> SendAsync(Viewer actor, Guid caseId, string text, IReadOnlyList<SentFile> attached, string key, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(actor);
        ArgumentNullException.ThrowIfNull(attached);
        text = (text ?? "").ReplaceLineEndings("\n").Trim();
        return runner.RunAsync(actor, key, "message.send", new { caseId, text, files = attached.Select(f => new { f.Name, hash = SHA256.HashData(f.Content) }) }, async context =>
        {
            var @case = await SeenAsync(context, caseId).ConfigureAwait(false);
            var side = MessageRules.SideOf(actor);
            MessageRules.RequireOpen(@case, BureauTime.Day(context.Now));
            if (text.Length == 0) throw Fault("text", "请填写留言内容。", "Write your message.");
            if (text.Length > MessageRules.Longest) throw Fault("text", $"留言不能超过 {MessageRules.Longest} 个字，现在有 {text.Length} 个字。", $"At most {MessageRules.Longest} characters; there are {text.Length}.");
            if (attached.Count > MessageRules.MostFiles) throw Fault("files", $"一条留言最多附 {MessageRules.MostFiles} 个文件。", $"At most {MessageRules.MostFiles} files with one message.");
            var types = attached.Select(f => FileCommands.Checked(f.Content, MessageRules.Accept, "files")).ToList();
            var since = context.Now.AddDays(-1);
            if (await context.Db.Set<CaseMessage>().CountAsync(m => m.CaseId == caseId && m.RecordedAt > since && m.RecordedById == actor.AccountId).ConfigureAwait(false) >= MessageRules.MostADay)
                throw new NotAllowedException("message.tooMany", MessageRules.MostADay);

            var cipher = await vault.OpenAsync(context.Db, caseId).ConfigureAwait(false);
            var message = new CaseMessage { CaseId = caseId, Side = side, Cipher = [], RecordedById = actor.AccountId, OccurredOn = BureauTime.Day(context.Now), RecordedAt = context.Now };
            message.Cipher = cipher.SealText(text, message.Purpose);
            await MessageLetters.AddAsync(context.Db, @case, message, context.Now).ConfigureAwait(false);
            context.Db.Add(message);
            foreach (var (file, type) in attached.Zip(types)) files.Keep(context, cipher, caseId, CaseFile.OfMessage, type, file.Name, file.Content).MessageId = message.Id;
            await context.Db.AppendAsync(caseId.ToString(), actor.AccountId, "message.sent", new { messageId = message.Id, files = attached.Count }, context.Now).ConfigureAwait(false);
            return message.Id;
        }, cancel);
    }

    /// <summary>
    /// Notes that the other side's messages were before this viewer. An officer who only leads or supervises reads without
    /// a mark: what waits for an answer goes on waiting.
    /// </summary>
    /// <returns>How many had not been read.</returns>
    /// <exception cref="UnknownCaseException">Not a case of this viewer's.</exception>
    public async Task<int> MarkReadAsync(Viewer viewer, Guid caseId, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        var other = MessageRules.SideOf(viewer) == MessageSide.Office ? MessageSide.Applicant : MessageSide.Office;
        await using (var db = reader.Open())
        {
            if (!await CaseScope.SeesAsync(db, viewer, caseId, cancel).ConfigureAwait(false)) throw new UnknownCaseException();
            // Most looks find nothing new, and write nothing.
            if (!MessageRules.Answers(viewer) || !await Unread(db, caseId, other).AnyAsync(cancel).ConfigureAwait(false)) return 0;
        }
        return await runner.RunAsync(viewer, null, "message.read", caseId, async context =>
        {
            await SeenAsync(context, caseId).ConfigureAwait(false);
            var unread = await Unread(context.Db, caseId, other).AsTracking().OrderBy(m => m.RecordedAt).ToListAsync().ConfigureAwait(false);
            if (unread.Count == 0) return 0;
            foreach (var message in unread) (message.ReadAt, message.ReadById) = (context.Now, viewer.AccountId);
            await context.Db.AppendAsync(caseId.ToString(), viewer.AccountId, "message.read", new { messages = unread.Count, lastId = unread[^1].Id }, context.Now).ConfigureAwait(false);
            return unread.Count;
        }, cancel).ConfigureAwait(false);
    }

    private static IQueryable<CaseMessage> Unread(CivilAffairsDb db, Guid caseId, MessageSide from) =>
        from == MessageSide.Office ? db.Set<CaseMessage>().Where(m => m.CaseId == caseId && m.Side == MessageSide.Office && m.ReadAt == null)
            : db.Set<CaseMessage>().Where(m => m.CaseId == caseId && m.Side == MessageSide.Applicant && m.ReadAt == null);

    private static async Task<Case> SeenAsync(CommandContext context, Guid caseId)
    {
        var @case = await CaseLoader.LockAsync(context.Db, caseId).ConfigureAwait(false);
        return await CaseScope.SeesAsync(context.Db, context.Actor, caseId).ConfigureAwait(false) ? @case : throw new UnknownCaseException();
    }

    private static InvalidAnswersException Fault(string path, string zh, string en) => new([new FieldFault(path, zh, en)]);
}

/// <summary>A file as it was sent with a message.</summary>
/// <param name="Name">Only its last part is kept.</param>
public sealed record SentFile(string Name, byte[] Content);
