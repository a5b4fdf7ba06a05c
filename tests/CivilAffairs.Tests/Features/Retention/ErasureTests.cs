using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Features.Desk.Casefile;
using CivilAffairs.Web.Features.Desk.Search;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Retention;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;

namespace CivilAffairs.Tests.Features.Retention;

/// <summary>A case is destroyed by two persons once its time is over, wholly, and everything else stays as it was.</summary>
public sealed class ErasureTests
{
    private static readonly Viewer Supervisor = CaseStory.Officer("sup-1", Roles.Supervisor, "341299"), Leader = CaseStory.Officer("ldr-1", Roles.Leader, "341299");

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_refused_case_is_destroyed_ten_years_after_its_decision(string kind)
    {
        await using var app = await Databases.StartAsync(kind);
        var (story, other) = (new CaseStory(app), new CaseStory(app));
        var caseId = await story.PlayAsync("refused");
        await AttachAsync(app, caseId);
        await MessageAsync(app, caseId);
        await using var db = story.Open();
        var personal = Personal(await CaseContents.FormAsync(db, caseId, await app.Services.GetRequiredService<CaseVault>().OpenAsync(db, caseId))).ToList();
        var before = await db.Set<Case>().SingleAsync(c => c.Id == caseId);
        var files = await db.Set<CaseFile>().Where(f => f.CaseId == caseId).Select(f => f.StoredHash).ToListAsync();
        var idNumber = personal.First(p => p.Length == 18);
        Assert.NotEmpty(files);
        // The search for what is left can find something.
        Assert.NotEmpty(await LeftAsync(db, personal));
        Assert.NotEmpty((await SearchAsync(app, idNumber)).Rows);

        var decided = before.DecidedAt!.Value;
        await Assert.ThrowsAsync<NotAllowedException>(() => Commands(app, decided.AddYears(10)).ProposeAsync(Supervisor, caseId, "early"));
        var (commands, query) = (Commands(app, decided.AddYears(10).AddDays(2)), Query(app, decided.AddYears(10).AddDays(2)));
        Assert.Equal([caseId], (await query.DueAsync(Supervisor)).Select(d => d.CaseId));
        var proposal = await commands.ProposeAsync(Supervisor, caseId, "p");
        Assert.Empty(await query.DueAsync(Supervisor));
        Assert.Equal([proposal], (await query.ProposedAsync(Leader)).Select(p => p.Id));
        await commands.ApproveAsync(Leader, proposal, "noFurtherUse", "a");
        var repeated = await commands.ApproveAsync(Leader, proposal, "noFurtherUse", "a");
        Assert.Equal(files.Order(), repeated.Files.Order());

        Assert.Empty(await LeftAsync(db, personal));
        Assert.Empty(await db.Set<CaseMessage>().ToListAsync());
        Assert.Empty(await db.Set<CasePrint>().ToListAsync());
        Assert.All(files, f => Assert.Throws<FileNotFoundException>(() => app.Services.GetRequiredService<BlobStore>().Get(f)));
        Assert.Empty((await SearchAsync(app, idNumber)).Rows);
        Assert.Equal((before.Number, "Erased", ""), (await SearchAsync(app, before.Number!)).Rows.Select(r => (r.Number, r.Status, r.ApplicantName)).Single());
        await Assert.ThrowsAsync<CaseErasedException>(() => app.Services.GetRequiredService<DossierQuery>().ReadAsync(Supervisor, caseId));
        var after = await db.Set<Case>().SingleAsync(c => c.Id == caseId);
        Assert.Equal((before.Status, before.DecidedAt, before.Township), (after.Status, after.DecidedAt, after.Township));
        Assert.Empty(await db.Set<Person>().ToListAsync());
        await WholeAsync(app, erased: 1);
        await Assert.ThrowsAsync<CaseErasedException>(() => commands.ProposeAsync(Supervisor, caseId, "again"));

        // Another household's case is as it was, and the series goes on without a gap.
        var kept = await other.PlayAsync("granted");
        await WholeAsync(app, erased: 1);
        Assert.NotNull(await app.Services.GetRequiredService<DossierQuery>().ReadAsync(Supervisor, kept));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_benefit_keeps_its_case_for_thirty_years_after_its_end_and_its_figures_for_good(string kind)
    {
        await using var app = await Databases.StartAsync(kind);
        var story = new CaseStory(app);
        var caseId = await story.PlayAsync("granted");
        await using var db = story.Open();
        var far = new DateTimeOffset(2090, 1, 1, 4, 0, 0, TimeSpan.Zero);
        // While it is paid there is no end to count from.
        Assert.Equal("erasure.noEnd", (await Assert.ThrowsAsync<NotAllowedException>(() => Commands(app, far).ProposeAsync(Supervisor, caseId, "x"))).Reason);
        Assert.Empty(await Query(app, far).DueAsync(Supervisor));
        await db.Set<Grant>().ExecuteUpdateAsync(s => s.SetProperty(g => g.LastMonth, new DateOnly(2031, 5, 1)));
        Assert.Equal("erasure.tooEarly", (await Assert.ThrowsAsync<NotAllowedException>(() => Commands(app, new(2061, 5, 31, 4, 0, 0, TimeSpan.Zero)).ProposeAsync(Supervisor, caseId, "y"))).Reason);
        var now = new DateTimeOffset(2061, 6, 1, 4, 0, 0, TimeSpan.Zero);
        Assert.Equal(new DateOnly(2061, 5, 31), Assert.Single(await Query(app, now).DueAsync(Supervisor)).KeptUntil);
        var grant = await db.Set<Grant>().SingleAsync();
        var commands = Commands(app, now);
        await commands.ApproveAsync(Leader, await commands.ProposeAsync(Supervisor, caseId, "p"), "transferred", "a");
        var left = await db.Set<Grant>().SingleAsync();
        Assert.Equal((grant.AmountFen, grant.Persons, grant.FirstMonth, grant.Township, "", (Guid?)null), (left.AmountFen, left.Persons, left.FirstMonth, left.Township, left.HolderName, left.PersonId));
        Assert.All(await db.Set<PublicNotice>().ToListAsync(), n => Assert.True(n is { Html: "", TakenDownAt: not null }));
        await WholeAsync(app, erased: 1);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_reviewed_case_is_kept_from_its_last_decision_on_and_leaves_its_decisions_without_what_was_written(string kind)
    {
        await using var app = await Databases.StartAsync(kind);
        var story = new CaseStory(app);
        var caseId = await story.PlayAsync("refused");
        await story.ReviewAsync(caseId, "review-refusal-kept", until: new DateTimeOffset(2026, 6, 11, 0, 0, 0, TimeSpan.Zero));
        // Under review it is open again: no end is known to count from.
        var far = new DateTimeOffset(2090, 1, 1, 4, 0, 0, TimeSpan.Zero);
        Assert.Equal("erasure.noEnd", (await Assert.ThrowsAsync<NotAllowedException>(() => Commands(app, far).ProposeAsync(Supervisor, caseId, "x"))).Reason);
        Assert.Empty(await Query(app, far).DueAsync(Supervisor));

        var other = new CaseStory(app);
        var reviewed = await other.PlayAsync("refused");
        await other.ReviewAsync(reviewed, "review-refusal-kept");
        await using var db = story.Open();
        var before = await db.Set<CaseDecision>().Where(d => d.CaseId == reviewed).OrderBy(d => d.Number).ToListAsync();
        Assert.Equal("erasure.tooEarly", (await Assert.ThrowsAsync<NotAllowedException>(() => Commands(app, new(2036, 6, 17, 4, 0, 0, TimeSpan.Zero)).ProposeAsync(Supervisor, reviewed, "y"))).Reason);
        var commands = Commands(app, new(2036, 6, 18, 4, 0, 0, TimeSpan.Zero));
        await commands.ApproveAsync(Leader, await commands.ProposeAsync(Supervisor, reviewed, "p"), "noFurtherUse", "a");
        Assert.Equivalent(before, await db.Set<CaseDecision>().Where(d => d.CaseId == reviewed).OrderBy(d => d.Number).ToListAsync());
        Assert.Empty((await db.Set<CaseReview>().SingleAsync(r => r.CaseId == reviewed)).Cipher);
        await WholeAsync(app, erased: 1);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Nobody_destroys_a_case_alone_or_without_the_post(string kind)
    {
        await using var app = await Databases.StartAsync(kind);
        var caseId = await new CaseStory(app).PlayAsync("refused");
        var commands = Commands(app, new DateTimeOffset(2050, 1, 1, 4, 0, 0, TimeSpan.Zero));
        foreach (var who in new[] { CaseStory.Officer("tck", Roles.Clerk, "341299"), Leader }) Assert.Equal("erasure.proposerOnly", (await Assert.ThrowsAsync<NotAllowedException>(() => commands.ProposeAsync(who, caseId, "n"))).Reason);
        await Assert.ThrowsAsync<UnknownCaseException>(() => commands.ProposeAsync(CaseStory.Officer("adm", Roles.Administrator, "341299"), caseId, "n"));
        var both = Supervisor with { Held = [.. Supervisor.Held, .. Leader.Held] };
        var proposal = await commands.ProposeAsync(both, caseId, "p");
        Assert.Equal("erasure.samePerson", (await Assert.ThrowsAsync<NotAllowedException>(() => commands.ApproveAsync(both, proposal, "noFurtherUse", "a"))).Reason);
        Assert.Equal("erasure.approverOnly", (await Assert.ThrowsAsync<NotAllowedException>(() => commands.ApproveAsync(Supervisor with { AccountId = Guid.NewGuid() }, proposal, "noFurtherUse", "a"))).Reason);
        await commands.KeepAsync(Leader, proposal, "dispute", "k");
        await Assert.ThrowsAsync<AlreadyDecidedException>(() => commands.ApproveAsync(Leader, proposal, "noFurtherUse", "a"));
        await WholeAsync(app, erased: 0);
    }

    public static TheoryData<string, string, string> BehindTheProduct
    {
        get
        {
            var data = new TheoryData<string, string, string>();
            foreach (var kind in Databases.Kinds)
            {
                data.Add(kind, "DELETE FROM case_keys", "its key is missing, though nobody destroyed it");
                data.Add(kind, "UPDATE cases SET \"ErasedAt\" = '2050-01-01 00:00:00'", "something of it is left");
                data.Add(kind, "UPDATE cases SET \"ErasedAt\" = '2050-01-01 00:00:00'", "no approval of another person is known");
            }
            return data;
        }
    }

    [Theory, MemberData(nameof(BehindTheProduct))]
    public async Task A_case_that_was_destroyed_behind_the_product_is_found(string kind, string sql, string fault)
    {
        await using var app = await Databases.StartAsync(kind);
        await new CaseStory(app).PlayAsync("refused");
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        Assert.True(await db.Database.ExecuteSqlRawAsync(sql) > 0);
        Assert.Contains((await app.Services.GetRequiredService<CaseProof>().RunAsync()).Faults, f => f.Contains(fault, StringComparison.Ordinal));
    }

    private static async Task WholeAsync(TestApp app, int erased)
    {
        var proof = await app.Services.GetRequiredService<CaseProof>().RunAsync();
        Assert.Empty(proof.Faults);
        Assert.Equal(erased, proof.Erased);
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        Assert.Empty(await db.VerifyAsync(default));
    }

    /// <summary>A paper of the household, as one sent in with the application.</summary>
    private static async Task AttachAsync(TestApp app, Guid caseId) => await app.Services.GetRequiredService<IWriter>().WriteAsync(async (db, cancel) =>
    {
        var cipher = await app.Services.GetRequiredService<CaseVault>().OpenAsync(db, caseId, cancel);
        db.Add(new CaseFile
        {
            CaseId = caseId, Slot = "diagnosis", ContentType = "application/pdf", Size = 5, NameCipher = cipher.SealText("a.pdf", "file.name"), RecordedAt = DateTimeOffset.UtcNow,
            StoredHash = app.Services.GetRequiredService<BlobStore>().Put(cipher.Seal("%PDF-"u8, "file.diagnosis")),
        });
        return 0;
    });

    /// <summary>A message with a file, as a party wrote it, and a print that waits.</summary>
    private static async Task MessageAsync(TestApp app, Guid caseId) => await app.Services.GetRequiredService<IWriter>().WriteAsync(async (db, cancel) =>
    {
        var cipher = await app.Services.GetRequiredService<CaseVault>().OpenAsync(db, caseId, cancel);
        var message = new CaseMessage { CaseId = caseId, Side = MessageSide.Applicant, Cipher = [], RecordedAt = DateTimeOffset.UtcNow };
        message.Cipher = cipher.SealText("请尽快办理", message.Purpose);
        db.Add(message);
        db.Add(new CasePrint { CaseId = caseId, RecordedAt = DateTimeOffset.UtcNow });
        db.Add(new CaseFile
        {
            CaseId = caseId, MessageId = message.Id, Slot = CaseFile.OfMessage, ContentType = "application/pdf", Size = 5, NameCipher = cipher.SealText("b.pdf", "file.name"), RecordedAt = DateTimeOffset.UtcNow,
            StoredHash = app.Services.GetRequiredService<BlobStore>().Put(cipher.Seal("%PDF-"u8, $"file.{CaseFile.OfMessage}")),
        });
        return 0;
    });

    private static ErasureCommands Commands(TestApp app, DateTimeOffset now) => new(new CommandRunner(app.Services.GetRequiredService<IWriter>(), new StoryClock(now)),
        app.Services.GetRequiredService<MatterLibrary>(), app.Services.GetRequiredService<BlobStore>());

    private static RetentionQuery Query(TestApp app, DateTimeOffset now) => new(app.Services.GetRequiredService<IReader>(), app.Services.GetRequiredService<MatterLibrary>(), new StoryClock(now));

    private static Task<SearchView> SearchAsync(TestApp app, string term) => app.Services.GetRequiredService<SearchQuery>().FindAsync(Supervisor, term, 1);

    /// <summary>What an application says about people.</summary>
    private static IEnumerable<string> Personal(JsonNode? node) => node switch
    {
        JsonObject map => map.SelectMany(p => p.Key is "name" or "idNumber" or "phone" or "account" or "accountNumber" or "address" or "hukouAddress" or "agentPhone" or "accountHolder" or "agentName" or "agentIdNumber" && p.Value is JsonValue value ? [value.ToString()] : Personal(p.Value)),
        JsonArray list => list.SelectMany(Personal),
        _ => [],
    };

    /// <summary>Every column of every table, as text, in which one of these stands.</summary>
    private static async Task<List<string>> LeftAsync(CivilAffairsDb db, IReadOnlyList<string> personal)
    {
        var found = new List<string>();
        await db.Database.OpenConnectionAsync();
        foreach (var table in db.Model.GetEntityTypes().Select(t => t.GetTableName()!).Where(t => t != "matter_revisions").Distinct())
        {
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = $"SELECT * FROM \"{table}\"";
            await using var rows = await command.ExecuteReaderAsync();
            while (await rows.ReadAsync())
                for (var i = 0; i < rows.FieldCount; i++)
                    if (!rows.IsDBNull(i) && rows.GetValue(i).ToString() is { } text && personal.FirstOrDefault(p => text.Contains(p, StringComparison.Ordinal)) is { } name) found.Add($"{table}.{rows.GetName(i)}: {name}");
        }
        return found;
    }
}
