using CivilAffairs.Engine.Rules;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Messages;

/// <summary>Reads the messages of one case, and what waits for an officer to read; each within what the viewer may see.</summary>
public sealed class MessageQuery(IReader reader, CaseVault vault, TimeProvider time)
{
    public const int PageSize = 20;

    /// <summary>Unread messages that are looked at for the list of an office.</summary>
    internal const int Most = 500;

    /// <summary>The messages of a case, newest first.</summary>
    /// <param name="page">From 1.</param>
    /// <exception cref="UnknownCaseException">Not a case of this viewer's, or a draft.</exception>
    /// <exception cref="CaseErasedException">It was destroyed.</exception>
    public async Task<MessagePage> ReadAsync(Viewer viewer, Guid caseId, int page, int size = PageSize, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        await using var db = reader.Open();
        var @case = await db.Set<Case>().Where(c => c.Status != "Draft").OneVisibleTo(db, viewer, caseId).FirstOrDefaultAsync(cancel).ConfigureAwait(false) ?? throw new UnknownCaseException();
        var cipher = await vault.OpenAsync(db, caseId, cancel).ConfigureAwait(false);
        var total = await db.Set<CaseMessage>().CountAsync(m => m.CaseId == caseId, cancel).ConfigureAwait(false);
        var pages = Math.Max(1, (total + size - 1) / size);
        page = Math.Clamp(page, 1, pages);
        var rows = await db.Set<CaseMessage>().Where(m => m.CaseId == caseId).OrderByDescending(m => m.RecordedAt).ThenByDescending(m => m.Id).Skip((page - 1) * size).Take(size).ToListAsync(cancel).ConfigureAwait(false);
        var ids = rows.ConvertAll(m => m.Id);
        var files = ids.Count == 0 ? [] : await db.Set<CaseFile>().Where(f => f.MessageId != null && ids.Contains(f.MessageId.Value)).OrderBy(f => f.Id).ToListAsync(cancel).ConfigureAwait(false);
        var writers = rows.Select(m => m.RecordedById).Distinct().ToList();
        var names = writers.Count == 0 ? [] : await db.Users.Where(a => writers.Contains(a.Id)).ToDictionaryAsync(a => a.Id, a => a.DisplayName, cancel).ConfigureAwait(false);
        var readers = await db.Set<CaseParty>().Where(p => p.CaseId == caseId && p.Current && p.Sees).Select(p => p.PersonId).Distinct().CountAsync(cancel).ConfigureAwait(false);
        var last = MessageRules.LastDay(@case);
        return new MessagePage(@case, [.. rows.Select(m => new ReadMessage(m.Id, m.Side, m.RecordedById == viewer.AccountId, Writer(m, viewer, names), cipher.OpenText(m.Cipher, m.Purpose),
            [.. files.Where(f => f.MessageId == m.Id).Select(f => new MessageFile(f.Id, cipher.OpenText(f.NameCipher, "file.name"), f.ContentType, f.Size))], m.RecordedAt, m.ReadAt))],
            total, page, pages, last is null || last >= time.Today(), last, readers > 1);
    }

    /// <summary>Cases with messages that the offices have not read, of those that the viewer sees: the longest waiting first.</summary>
    public async Task<UnreadPage> UnreadAsync(Viewer viewer, int page, int size = 25, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        await using var db = reader.Open();
        var waiting = await Waiting(db, viewer).Select(m => new { m.CaseId, m.RecordedAt }).Take(Most + 1).ToListAsync(cancel).ConfigureAwait(false);
        var cases = waiting.Take(Most).GroupBy(m => m.CaseId).Select(g => (CaseId: g.Key, Since: g.Min(m => m.RecordedAt), Count: g.Count())).OrderBy(g => g.Since).ThenBy(g => g.CaseId).ToList();
        var pages = Math.Max(1, (cases.Count + size - 1) / size);
        page = Math.Clamp(page, 1, pages);
        var shown = cases.Skip((page - 1) * size).Take(size).ToList();
        var ids = shown.ConvertAll(s => s.CaseId);
        var found = ids.Count == 0 ? [] : await db.Set<Case>().Where(c => ids.Contains(c.Id)).EachVisibleTo(db, viewer).ToDictionaryAsync(c => c.Id, cancel).ConfigureAwait(false);
        return new UnreadPage([.. shown.Where(s => found.ContainsKey(s.CaseId)).Select(s => new UnreadCase(found[s.CaseId], s.Count, s.Since))], cases.Count, page, pages, waiting.Count > Most);
    }

    /// <summary>How many cases <see cref="UnreadAsync"/> has, for the menu.</summary>
    public async Task<int> CountAsync(Viewer viewer, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        await using var db = reader.Open();
        return (await Waiting(db, viewer).Select(m => m.CaseId).Take(Most).ToListAsync(cancel).ConfigureAwait(false)).Distinct().Count();
    }

    // In the order of the index of what waits, so that reading ends with it.
    private static IQueryable<CaseMessage> Waiting(CivilAffairsDb db, Viewer viewer)
    {
        var visible = db.Set<Case>().EachVisibleTo(db, viewer);
        return db.Set<CaseMessage>().Where(m => m.ReadAt == null && m.Side == MessageSide.Applicant && visible.Any(c => c.Id == m.CaseId)).OrderBy(m => m.RecordedAt).ThenBy(m => m.Id);
    }

    /// <summary>Colleagues know who wrote; people know their office; of people only the masked name is shown.</summary>
    private static string Writer(CaseMessage message, Viewer viewer, Dictionary<Guid, string> names) =>
        message.Side == MessageSide.Office ? (viewer.IsOfficer ? names.GetValueOrDefault(message.RecordedById, "") : "") : Mask.Name(names.GetValueOrDefault(message.RecordedById, ""));
}

/// <summary>One page of a case's messages.</summary>
/// <param name="Open">There may be new ones.</param>
/// <param name="LastDay">Until when, where the case is closed; null: it is not.</param>
/// <param name="Shared">More than one person has the case in their account, and each reads all of it.</param>
public sealed record MessagePage(Case Case, IReadOnlyList<ReadMessage> Items, int Total, int Page, int Pages, bool Open, DateOnly? LastDay, bool Shared);

/// <param name="Mine">The viewer wrote it.</param>
/// <param name="By">An officer's name, for officers; a party's, masked; empty: the office.</param>
/// <param name="ReadAt">When the other side first had it before them; null: not yet.</param>
public sealed record ReadMessage(Guid Id, MessageSide Side, bool Mine, string By, string Text, IReadOnlyList<MessageFile> Files, DateTimeOffset RecordedAt, DateTimeOffset? ReadAt);

/// <param name="Size">Bytes.</param>
public sealed record MessageFile(Guid Id, string Name, string ContentType, long Size);

/// <param name="Since">When the oldest of them was written.</param>
public sealed record UnreadCase(Case Case, int Count, DateTimeOffset Since);

/// <param name="More">There are more than were looked at.</param>
public sealed record UnreadPage(IReadOnlyList<UnreadCase> Rows, int Total, int Page, int Pages, bool More);
