using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Storage;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Commands;

/// <summary>Attachments of a case: looked at before they are taken, encrypted under the case's key, never served inline unless a picture or PDF.</summary>
public sealed class FileCommands(CommandRunner runner, MatterLibrary library, CaseVault vault, BlobStore store, IReader reader, AccessReasons reasons)
{
    /// <summary>Bytes of one file.</summary>
    public const int MaxSize = 10 * 1024 * 1024;

    /// <param name="slot">The form's attachment.</param>
    /// <param name="name">The file's name as sent; only its last part is kept.</param>
    /// <exception cref="InvalidAnswersException">Too large, of another kind than it says, or one too many.</exception>
    public Task<Guid> AttachAsync(Viewer actor, Guid caseId, string slot, string name, byte[] content, CancellationToken cancel = default) => AttachAsync(actor, caseId, slot, name, content, null, cancel);

    /// <param name="key">Idempotency key; null: sent twice it is attached twice.</param>
    public Task<Guid> AttachAsync(Viewer actor, Guid caseId, string slot, string name, byte[] content, string? key, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(content);
        return runner.RunAsync(actor, key, "file.attach", new { caseId, slot, name, hash = SHA256.HashData(content) }, async context =>
        {
            var @case = await DraftCommands.EditableAsync(context, library, caseId).ConfigureAwait(false);
            var revision = await library.RevisionAsync(@case.Revision).ConfigureAwait(false);
            var wanted = revision.Form.Attachments.FirstOrDefault(a => a.Id == slot) ?? throw new UnknownCaseException();
            var type = Checked(content, wanted.Accept, $"attachments.{slot}");
            if (await context.Db.Set<CaseFile>().CountAsync(f => f.CaseId == caseId && f.Slot == slot && f.RemovedAt == null).ConfigureAwait(false) >= wanted.Max)
                throw Fault(slot, $"最多上传{wanted.Max}个文件。", $"At most {wanted.Max} files.");
            var cipher = await vault.OpenAsync(context.Db, caseId).ConfigureAwait(false);
            var file = Keep(context, cipher, caseId, slot, type, name, content);
            await context.Db.AppendAsync(caseId.ToString(), actor.AccountId, "file.attached", new { file.Id, slot, file.StoredHash }, context.Now).ConfigureAwait(false);
            return file.Id;
        }, cancel);
    }

    /// <summary>Looks at a file before it is taken.</summary>
    /// <param name="accept">Of <c>pdf</c>, <c>jpg</c>, <c>png</c>.</param>
    /// <param name="path">The field that a fault is about.</param>
    /// <returns>Its media type, told by its bytes.</returns>
    /// <exception cref="InvalidAnswersException">Empty, too large, or of another kind.</exception>
    internal static string Checked(byte[] content, IReadOnlyList<string> accept, string path)
    {
        if (content.Length == 0) throw new InvalidAnswersException([new FieldFault(path, "这个文件是空的。", "The file is empty.")]);
        if (content.Length > MaxSize) throw new FileRefusedException(true, new FieldFault(path, TooLargeZh, TooLargeEn));
        return Sniff(content) is { } kind && accept.Contains(kind.Short) ? kind.Type
            : throw new FileRefusedException(false, new FieldFault(path, $"请上传{string.Join("、", accept)}格式的文件。", $"Please attach a file of type {string.Join(", ", accept)}."));
    }

    /// <summary>Stores a file that was looked at, encrypted, and adds its row to the caller's transaction.</summary>
    internal CaseFile Keep(CommandContext context, CaseCipher cipher, Guid caseId, string slot, string type, string name, byte[] content)
    {
        var file = new CaseFile
        {
            CaseId = caseId, Slot = slot, ContentType = type, Size = content.Length, NameCipher = [], OccurredOn = Platform.Time.BureauTime.Day(context.Now), RecordedAt = context.Now, RecordedById = context.Actor.AccountId,
            StoredHash = store.Put(cipher.Seal(content, $"file.{slot}")),
        };
        file.NameCipher = cipher.SealText(Path.GetFileName(name.Replace('\\', '/')) is { Length: > 0 } last ? last[..Math.Min(last.Length, 120)] : "file", "file.name");
        context.Db.Add(file);
        return file;
    }

    public Task RemoveAsync(Viewer actor, Guid caseId, Guid fileId, CancellationToken cancel = default) => RemoveAsync(actor, caseId, fileId, null, cancel);

    /// <param name="key">Idempotency key; null: removing twice is removing once.</param>
    public Task RemoveAsync(Viewer actor, Guid caseId, Guid fileId, string? key, CancellationToken cancel) => runner.RunAsync(actor, key, "file.remove", fileId, async context =>
    {
        await DraftCommands.EditableAsync(context, library, caseId).ConfigureAwait(false);
        var file = await context.Db.Set<CaseFile>().FirstOrDefaultAsync(f => f.Id == fileId && f.CaseId == caseId && f.MessageId == null).ConfigureAwait(false) ?? throw new UnknownCaseException();
        file.RemovedAt ??= context.Now;
        await context.Db.AppendAsync(caseId.ToString(), actor.AccountId, "file.removed", new { fileId }, context.Now).ConfigureAwait(false);
        return 0;
    }, cancel);

    /// <inheritdoc cref="ReadAsync(Viewer, Guid, Guid, string?, CancellationToken)"/>
    public Task<(byte[] Content, string ContentType, string Name)> ReadAsync(Viewer viewer, Guid caseId, Guid fileId, CancellationToken cancel = default) => ReadAsync(viewer, caseId, fileId, null, cancel);

    /// <summary>A file's bytes for somebody who sees the case; an officer's look is written down with its reason first.</summary>
    /// <param name="reason">For this one look; null: what <see cref="AccessReasons"/> knows.</param>
    /// <exception cref="UnknownCaseException">There is none, or not for this viewer.</exception>
    /// <exception cref="AccessReasonException">An officer's, and no reason is known.</exception>
    public async Task<(byte[] Content, string ContentType, string Name)> ReadAsync(Viewer viewer, Guid caseId, Guid fileId, string? reason, CancellationToken cancel)
    {
        await using var db = reader.Open();
        if (!await CaseScope.SeesAsync(db, viewer, caseId, cancel).ConfigureAwait(false)) throw new UnknownCaseException();
        var file = await db.Set<CaseFile>().FirstOrDefaultAsync(f => f.Id == fileId && f.CaseId == caseId, cancel).ConfigureAwait(false) ?? throw new UnknownCaseException();
        var cipher = await vault.OpenAsync(db, caseId, cancel).ConfigureAwait(false);
        var read = (cipher.Open(store.Get(file.StoredHash), $"file.{file.Slot}"), file.ContentType, cipher.OpenText(file.NameCipher, "file.name"));
        await reasons.OpenAsync(viewer, caseId, "file.opened", new JsonObject { ["fileId"] = fileId, ["slot"] = file.Slot }, reason, cancel).ConfigureAwait(false);
        return read;
    }

    /// <summary>For who knows it before all of the bytes are here.</summary>
    public static FileRefusedException TooLarge(string slot) => new(true, At(slot, TooLargeZh, TooLargeEn));

    private const string TooLargeZh = "文件不能超过10MB。", TooLargeEn = "A file may have at most 10 MB.";

    /// <summary>What the bytes are, whatever the name says.</summary>
    private static (string Short, string Type)? Sniff(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith("%PDF-"u8) ? ("pdf", "application/pdf")
        : bytes.StartsWith<byte>([0xFF, 0xD8, 0xFF]) ? ("jpg", "image/jpeg")
        : bytes.StartsWith<byte>([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) ? ("png", "image/png")
        : null;

    private static InvalidAnswersException Fault(string slot, string zh, string en) => new([At(slot, zh, en)]);

    private static FieldFault At(string slot, string zh, string en) => new($"attachments.{slot}", zh, en);
}
