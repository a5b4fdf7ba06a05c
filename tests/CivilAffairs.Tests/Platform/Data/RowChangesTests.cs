using System.Text.Json;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace CivilAffairs.Tests.Platform.Data;

/// <summary>Rows written by statements made from the model are the rows that EF writes; what they cannot tell is left to EF.</summary>
public sealed class RowChangesTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    private static readonly DateTimeOffset At = new(2026, 11, 24, 1, 2, 3, 456, TimeSpan.Zero);

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_was_added_and_changed_is_read_as_EF_would_have_written_it(string kind)
    {
        var app = await databases.GetAsync(kind);
        var writer = app.Services.GetRequiredService<IWriter>();
        var rows = new List<string>();
        foreach (var plain in (bool[])[true, false])
        {
            var id = Guid.CreateVersion7();
            await SaveAsync(plain, (db, _) => { Add(db, id); return Task.FromResult(0); });
            rows.Add(await ReadAsync(id));
            await SaveAsync(plain, async (db, cancel) =>
            {
                var @case = await db.Set<Case>().SingleAsync(c => c.Id == id, cancel);
                (@case.Status, @case.Version, @case.Clock.DueOn, @case.Clock.LimitText) = ("Granted", 7, new DateOnly(2026, 12, 31), null);
                var task = await db.Set<WorkTask>().SingleAsync(t => t.CaseId == id, cancel);
                (task.State, task.ClosedAt, task.HolderId, task.TitleEn) = (TaskState.Done, At.AddDays(1), null, "“quoted” '$1' @p0 文");
                (await db.Set<WorkflowInstance>().SingleAsync(i => i.CaseId == id, cancel)).State = "{}";
                return 0;
            });
            rows.Add(await ReadAsync(id));
        }
        Assert.Equal(rows[2], rows[0]);
        Assert.Equal(rows[3], rows[1]);
        Assert.Contains("\"Version\":7", rows[1], StringComparison.Ordinal);
        Assert.NotEqual(rows[0], rows[1]);

        Task<int> SaveAsync(bool plain, Func<CivilAffairsDb, CancellationToken, Task<int>> work) => writer.WriteGuardedAsync(async (db, cancel) =>
        {
            var value = await work(db, cancel);
            if (!plain && !db.IsSnapshot) await db.SaveChangesAsync(cancel);
            else if (plain) Assert.False(db is SqliteDb { IsSnapshot: false }, "It was not stored as it was tried.");
            else db.RequireWriter();
            return value;
        });

        async Task<string> ReadAsync(Guid id)
        {
            await using var db = app.Services.GetRequiredService<IReader>().Open();
            object[] all = [await db.Set<Case>().SingleAsync(c => c.Id == id), await db.Set<WorkTask>().SingleAsync(t => t.CaseId == id), await db.Set<WorkflowInstance>().SingleAsync(i => i.CaseId == id),
                await db.Set<CaseContent>().SingleAsync(c => c.CaseId == id), await db.Set<AuditEntry>().SingleAsync(a => a.Chain == id.ToString()), await db.Set<CommandRecord>().SingleAsync(c => c.ActorId == id),
                await db.Set<Grant>().SingleAsync(g => g.CaseId == id), await db.Set<CaseDecision>().SingleAsync(d => d.CaseId == id)];
            return string.Join("\n", all.Select(o => JsonSerializer.Serialize(o, o.GetType()))).Replace(id.ToString(), "", StringComparison.Ordinal);
        }
    }

    [Theory, InlineData("deleted"), InlineData("unique value"), InlineData("part alone"), InlineData("key"), InlineData("made by the database")]
    public async Task What_a_row_alone_does_not_tell_is_left_to_EF(string what)
    {
        var app = await databases.GetAsync(Databases.Sqlite);
        await using var reading = app.Services.GetRequiredService<IReader>().Open();
        reading.ChangeTracker.QueryTrackingBehavior = QueryTrackingBehavior.TrackAll;
        var @case = new Case { Matter = "m", Revision = "r" };
        reading.Attach(@case);
        if (what == "deleted") reading.Remove(@case);
        else if (what == "unique value") @case.Number = "341299-2026-000001";
        else if (what == "part alone") @case.Clock.LimitText = "1wd";
        else if (what == "key") reading.Add(new Case { Matter = "m", Revision = "r", Id = @case.OriginId ?? Guid.CreateVersion7() }).State = EntityState.Deleted;
        else reading.Add(new Microsoft.AspNetCore.Identity.IdentityUserClaim<Guid> { ClaimType = "x" });
        Assert.Null(RowChanges.Of(reading, new SqliteCommand()));
        reading.Forget();
        reading.Attach(@case);
        @case.Status = "Accepted";
        Assert.Single(RowChanges.Of(reading, new SqliteCommand())!.Rows);
    }

    [Fact]
    public async Task What_is_written_once_is_not_changed_by_a_row_either()
    {
        var app = await databases.GetAsync(Databases.Sqlite);
        await using var reading = app.Services.GetRequiredService<IReader>().Open();
        reading.Attach(new CaseDecision { Status = "Granted", Number = 1 }).Property(d => d.Status).CurrentValue = "Refused";
        Assert.Throws<InvalidOperationException>(() => RowChanges.Of(reading, new SqliteCommand()));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_was_appended_is_dropped_with_the_work_that_failed_and_saved_with_the_rest(string kind)
    {
        var app = await databases.GetAsync(kind);
        var (writer, kept, dropped) = (app.Services.GetRequiredService<IWriter>(), Guid.CreateVersion7(), Guid.CreateVersion7());
        for (var i = 0; i < 3; i++)
            await Assert.ThrowsAsync<InvalidOperationException>(() => writer.WriteGuardedAsync<int>((db, _) => { db.Append(Record(dropped)); throw new InvalidOperationException("no"); }));
        await writer.WriteAsync(async (db, cancel) =>
        {
            db.Append(Record(kept));
            await db.SaveChangesAsync(cancel);
            Assert.Empty(db.Appended);
            return await db.Set<CommandRecord>().SingleAsync(c => c.ActorId == kept, cancel);
        });
        await using var read = app.Services.GetRequiredService<IReader>().Open();
        Assert.Equal([kept], await read.Set<CommandRecord>().Where(c => c.ActorId == kept || c.ActorId == dropped).Select(c => c.ActorId).ToListAsync());
    }

    /// <summary>Letters bring their keys, though the mapping says that the database might make one: that does not make them EF's.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Many_new_letters_are_stored_by_one_statement_and_read_as_they_were(string kind)
    {
        var app = await databases.GetAsync(kind);
        var writer = app.Services.GetRequiredService<IWriter>();
        var letters = Enumerable.Range(0, RowChanges.Many + 1).Select(i => Guid.CreateVersion7()).Select(id => new Web.Platform.Outbox.OutboxMessage
        {
            Id = id, AccountId = id, Template = "x.mail", Data = "{\"title\":\"证书\"}", MessageId = $"{id:N}@many.invalid", CreatedAt = At, DueAt = At.AddYears(70), State = Web.Platform.Outbox.OutboxState.Dropped, Attempts = 2,
        }).ToList();
        await using (var read = app.Services.GetRequiredService<IReader>().Open())
        {
            foreach (var letter in letters) read.Append(letter);
            using var maker = read.Database.GetDbConnection().CreateCommand();
            var changes = RowChanges.Of(read, maker, copies: true);
            Assert.Equal((0, letters.Count), (changes!.Rows.Count, changes.Copies.Sum(c => c.Value.Count)));
            read.Forget();
        }
        await writer.WriteAsync((db, _) =>
        {
            foreach (var letter in letters) db.Append(letter);
            return Task.FromResult(0);
        });
        await using var after = app.Services.GetRequiredService<IReader>().Open();
        var stored = await after.Set<Web.Platform.Outbox.OutboxMessage>().Where(m => m.MessageId.EndsWith("@many.invalid")).OrderBy(m => m.Id).ToListAsync();
        Assert.Equal(letters.OrderBy(l => l.Id.ToString(), StringComparer.Ordinal).Select(l => System.Text.Json.JsonSerializer.Serialize(l)), stored.OrderBy(l => l.Id.ToString(), StringComparer.Ordinal).Select(l => System.Text.Json.JsonSerializer.Serialize(l)));
        // The same ones again break a rule of the database.
        await Assert.ThrowsAsync<DbUpdateException>(() => writer.WriteAsync((db, _) =>
        {
            foreach (var letter in letters) db.Append(letter);
            return Task.FromResult(0);
        }));
    }

    /// <summary>Where many rows of a table that only grows come at once, PostgreSQL takes them by COPY.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Many_rows_are_stored_as_EF_would_and_all_of_them_or_none(string kind)
    {
        var app = await databases.GetAsync(kind);
        var (writer, many) = (app.Services.GetRequiredService<IWriter>(), RowChanges.Many + 10);
        await writer.WriteAsync((db, _) => { foreach (var letter in Letters("copied")) db.Append(letter); return Task.FromResult(0); });
        await writer.WriteAsync(async (db, cancel) => { db.AddRange(Letters("tracked")); await db.SaveChangesAsync(cancel); return 0; });
        await using var read = app.Services.GetRequiredService<IReader>().Open();
        var (copied, tracked) = (await RowsAsync("copied"), await RowsAsync("tracked"));
        Assert.Equal(many, copied.Count);
        Assert.Equal(tracked, copied);
        Assert.Equal(many, copied.Distinct().Count());

        // One that breaks a rule, the last: none of them is there, nor what was to be written beside them.
        var beside = Guid.CreateVersion7();
        await Assert.ThrowsAnyAsync<DbUpdateException>(() => writer.WriteAsync((db, _) =>
        {
            db.Append(Record(beside));
            var letters = Letters("broken").ToList();
            letters[^1].MessageId = letters[0].MessageId;
            foreach (var letter in letters) db.Append(letter);
            return Task.FromResult(0);
        }));
        Assert.Empty(await RowsAsync("broken"));
        Assert.False(await read.Set<CommandRecord>().AnyAsync(c => c.ActorId == beside));
        // The connection is none the worse for it.
        await writer.WriteAsync((db, _) => { foreach (var letter in Letters("after")) db.Append(letter); return Task.FromResult(0); });
        Assert.Equal(tracked, await RowsAsync("after"));

        IEnumerable<OutboxMessage> Letters(string run) => Enumerable.Range(0, many).Select(i => new OutboxMessage
        {
            CaseId = i % 2 == 0 ? null : new Guid(i, 0, 0, new byte[8]), Template = i % 3 == 0 ? null : "granted.mail", Subject = $"制表\t换行\n反斜\\{i} \"引号\" '单' 𠮷", Body = i % 4 == 0 ? "" : null, Data = "{\"a\":[1,null,\"文\"]}",
            MessageId = $"{run}-{i:000}@civilaffairs.invalid", CreatedAt = At.AddMicroseconds(i), DueAt = At.AddYears(i), HeldUntil = i % 5 == 0 ? At : null, State = (OutboxState)(i % 5), Attempts = i, SentAt = i % 7 == 0 ? At.AddTicks(10) : null,
        });

        async Task<List<string>> RowsAsync(string run) => (await read.Set<OutboxMessage>().Where(m => m.MessageId.StartsWith(run + "-")).OrderBy(m => m.MessageId).ToListAsync())
            .ConvertAll(m => JsonSerializer.Serialize(m).Replace(m.Id.ToString(), "", StringComparison.Ordinal).Replace(run, "", StringComparison.Ordinal));
    }

    private static CommandRecord Record(Guid actor) => new() { ActorId = actor, Key = "k", BodyHash = "h", Result = "{}", At = At };

    private static void Add(CivilAffairsDb db, Guid id)
    {
        db.Append(Record(id));
        db.Append(new AuditEntry { Chain = id.ToString(), Sequence = 1, At = At, ActorId = id, Action = "x", Details = "{}", Hash = "h" });
        // In no order that the database would take.
        db.Add(new Grant { Id = id, CaseId = id, Matter = "m", Benefit = "b", HolderName = "甲", County = "341299", AmountFen = 70_100, Parameters = "[]", RecordedAt = At });
        db.Add(new CaseDecision { Id = id, CaseId = id, Number = 1, Status = "Refused", InstanceId = id, ActorId = id, OccurredOn = new DateOnly(2026, 11, 23), RecordedAt = At });
        db.Add(new CaseContent { Id = id, CaseId = id, Kind = ContentKind.Task, ActivityId = "visit", Number = 1, Cipher = [1, 2, 0, 255], OccurredOn = new DateOnly(2026, 11, 23), RecordedAt = At });
        db.Add(new WorkTask
        {
            Id = id, CaseId = id, Matter = "m", InstanceId = id, BookmarkId = "b1", ActivityId = "visit", Role = "VIL", Division = "341299101201", TitleZh = "入户", TitleEn = "Visit",
            Outcomes = "[]", FinishLimit = "none", CreatedAt = At, HolderId = id, FinishBy = new DateOnly(2026, 11, 30),
        });
        db.Add(new WorkflowInstance { Id = id, CaseId = id, Workflow = "apply", Revision = "r", State = "{\"a\":1}", Steps = 3 });
        db.Add(new Case { Id = id, Matter = "m", Revision = "r", Channel = Channel.Counter, CreatedAt = At, ChangedAt = At, Version = 3, Clock = new LegalClock { StartedOn = new DateOnly(2026, 11, 1), LimitText = "30wd" } });
    }
}
