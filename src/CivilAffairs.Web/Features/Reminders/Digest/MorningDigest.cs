using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Reminders.Digest;

/// <summary>
/// Writes to each officer on the morning of a working day how much of his work is new, amber and red 每日摘要: what he holds, and
/// what nobody holds at his posts. Not where there is nothing, nor to who switched it off or has no address.
/// </summary>
/// <remarks>
/// A page of officers is one transaction, and a digest is a reminder whose stage is the day: once a day, on however many nodes.
/// A morning that was missed is not made up: the next one counts the same work.
/// </remarks>
public sealed class MorningDigest
{
    private const int Page = 200;
    private const string Template = "digest.mail";
    private static readonly TimeOnly Opens = new(7, 30);
    private readonly IReader reader;
    private readonly IWriter writer;
    private readonly Calendars calendars;
    private readonly TimeProvider time;

    internal MorningDigest(IReader reader, IWriter writer, Calendars calendars, TimeProvider time) => (this.reader, this.writer, this.calendars, this.time) = (reader, writer, calendars, time);

    /// <returns>How many letters were written.</returns>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        var (now, today) = (time.GetUtcNow(), time.Today());
        if (!IsWorkday(today)) return 0;
        await using var db = reader.Open();
        var work = await WorkAsync(db, today, Since(today), cancel).ConfigureAwait(false);
        if (work.Count == 0) return 0;
        for (var (all, last) = (0, Guid.Empty); ;)
        {
            cancel.ThrowIfCancellationRequested();
            var officers = await db.Users.Where(a => a.Kind == AccountKind.Officer && !a.Disabled && !a.WithoutDigest && a.Email != null && a.Id > last).OrderBy(a => a.Id).Take(Page)
                .Select(a => new Officer(a.Id, a.Postings.Where(p => p.From <= today && (p.To == null || p.To >= today)).Select(p => new HeldRole(p.Role, p.Division)).ToList())).ToListAsync(cancel).ConfigureAwait(false);
            if (officers.Count == 0) return all;
            var counts = officers.Select(o => (o.Id, Count: Of(o, work))).Where(o => o.Count.Any).ToList();
            try
            {
                all += await WriteAsync(counts, today, now, cancel).ConfigureAwait(false);
            }
            catch (DbUpdateException)
            {
                // Another node wrote some of this page in the same moment: now they are found, and the rest is written.
                all += await WriteAsync(counts, today, now, cancel).ConfigureAwait(false);
            }
            last = officers[^1].Id;
        }
    }

    /// <summary>All open work of officers, counted by post and holder: a line for each, however many tasks there are.</summary>
    private static async Task<List<Work>> WorkAsync(CivilAffairsDb db, DateOnly today, DateTimeOffset since, CancellationToken cancel) =>
        await db.Set<WorkTask>().Where(t => t.State == TaskState.Open && t.Role != Roles.Applicant).GroupBy(t => new { t.Role, t.Division, t.HolderId })
            .Select(g => new Work(g.Key.Role, g.Key.Division, g.Key.HolderId, g.Count(t => t.CreatedAt >= since), g.Count(t => t.FinishBy >= today && t.AmberFrom <= today), g.Count(t => t.FinishBy < today)))
            .ToListAsync(cancel).ConfigureAwait(false);

    private static Counts Of(Officer officer, List<Work> work)
    {
        var mine = work.Where(w => w.HolderId is { } holder ? holder == officer.Id : officer.Held.Contains(new HeldRole(w.Role, w.Division))).ToList();
        return new Counts(mine.Sum(w => w.New), mine.Sum(w => w.Amber), mine.Sum(w => w.Red));
    }

    private Task<int> WriteAsync(List<(Guid Id, Counts Count)> officers, DateOnly today, DateTimeOffset now, CancellationToken cancel) => writer.WriteAsync(async (db, token) =>
    {
        var (stage, ids) = ($"{today:yyyy-MM-dd}", officers.ConvertAll(o => o.Id));
        var known = (await db.Set<Reminder>().Where(r => EF.Parameter(ids).Contains(r.SubjectId) && r.Stage == stage).Select(r => r.SubjectId).ToListAsync(token).ConfigureAwait(false)).ToHashSet();
        var written = 0;
        foreach (var (id, count) in officers.Where(o => !known.Contains(o.Id)))
        {
            var message = Guid.CreateVersion7();
            db.Add(new Reminder { Subject = ReminderSubject.Digest, SubjectId = id, Stage = stage, RecipientId = id, MessageId = message, OccurredOn = today, RecordedAt = now });
            db.Add(ProductLetter.New(Template, new JsonObject { ["new"] = count.New, ["amber"] = count.Amber, ["red"] = count.Red, ["path"] = "/desk" }.ToJsonString(), now, account: id, id: message));
            written++;
        }
        return written;
    }, cancel);

    // A year that is not loaded: no limit hangs on it, so weekends will do.
    private bool IsWorkday(DateOnly day) => calendars.Working.IsWorkday(day) ?? day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday);

    /// <summary>The morning of the working day before: what came since then is new.</summary>
    private DateTimeOffset Since(DateOnly today)
    {
        var day = today.AddDays(-1);
        while (!IsWorkday(day)) day = day.AddDays(-1);
        return BureauTime.Start(day, Opens);
    }

    private sealed record Officer(Guid Id, List<HeldRole> Held);
    private sealed record Work(string Role, string Division, Guid? HolderId, int New, int Amber, int Red);

    private sealed record Counts(int New, int Amber, int Red)
    {
        public bool Any => New + Amber + Red > 0;
    }
}

/// <summary>At half past seven; not when the process starts, which may be at any hour.</summary>
internal sealed class DigestJob(MorningDigest digest) : Platform.Jobs.IJob
{
    public string Id => "digest";
    public string Cron => "30 7 * * *";
    public bool AtStart => false;

    public Task<int> RunAsync(CancellationToken cancel) => digest.RunAsync(cancel);
}
