using System.Globalization;
using System.Net;
using System.Resources;
using System.Text.Json;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Jobs;
using CivilAffairs.Web.Features.Jobs.Board;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Jobs;

/// <summary>The jobs in plain words: what each does, did and has before it; faults with what to do; run now.</summary>
public sealed class JobBoardTests
{
    private static readonly string[] Languages = ["zh-CN", "en"],
        Errors = ["BusyException", "DbUpdateException", "NpgsqlException", "SqliteException", "SocketException", "IOException", "InvalidDataException", "NullReferenceException"];

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Administrators_and_supervisors_read_it_and_administrators_run_a_job(string kind)
    {
        await using var app = await MailApp.StartAsync(kind, null);
        var held = new[] { Roles.Administrator, Roles.Supervisor, Roles.Clerk };
        var people = new List<string>();
        foreach (var role in held) people.Add((await TestAccounts.OfficerAsync(app, null, new HeldRole(role, "341299"))).UserName!);
        using var admin = await SignedIn.AsAsync(app, people[0]);
        using var supervisor = await SignedIn.AsAsync(app, people[1]);
        using var clerk = await SignedIn.AsAsync(app, people[2]);
        using (var refused = await clerk.GetAsync("/jobs")) Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using (var refused = await clerk.GetAsync("/api/v1/jobs")) Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);

        await app.WriteAsync(app.Message(await app.PersonAsync("one@people.example")), app.Message(await app.PersonAsync("two@people.example")));
        using (var page = await supervisor.PageAsync("/jobs"))
        {
            var rows = page.QuerySelectorAll(".jobs tbody tr");
            Assert.Equal(app.Services.GetServices<IJob>().Count(), rows.Length);
            var mail = rows.Single(r => r.TextContent.Contains("发信", StringComparison.Ordinal));
            Assert.Equal("2", mail.QuerySelectorAll("td.num")[1].TextContent);
            Assert.Empty(page.QuerySelectorAll(".jobs form"));
        }
        // A form of a page that shows none: the supervisor's session has a token all the same.
        using (var page = await supervisor.PageAsync("/jobs"))
        {
            var token = page.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
            using var form = new FormUrlEncodedContent([new("id", "notices-down"), new("__RequestVerificationToken", token)]);
            using var forged = await supervisor.Client.PostAsync(new Uri("/jobs", UriKind.Relative), form);
            Assert.NotEqual(HttpStatusCode.OK, forged.StatusCode);
        }

        using var ran = await admin.SubmitAsync("/jobs", [], ".jobs form:has(input[value=\"notices-down\"])");
        Assert.Equal(HttpStatusCode.Redirect, ran.StatusCode);
        using (var after = await admin.PageAsync(ran.Headers.Location!.ToString())) Assert.Contains("运行完了", after.QuerySelector(".note.green")!.TextContent, StringComparison.Ordinal);
        using (var history = await admin.PageAsync("/jobs?job=notices-down")) Assert.Contains("测试" + people[0], history.QuerySelectorAll("table")[1].TextContent, StringComparison.Ordinal);
        using (var form = new FormUrlEncodedContent([new("id", "notices-down")]))
        using (var unsigned = await admin.Client.PostAsync(new Uri("/jobs", UriKind.Relative), form)) Assert.Equal(HttpStatusCode.BadRequest, unsigned.StatusCode);
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        Assert.Equal(1, await db.Set<JobHistory>().CountAsync(h => h.Job == "notices-down"));
        using var lines = JsonDocument.Parse(await supervisor.Client.GetStringAsync(new Uri("/api/v1/jobs", UriKind.Relative)));
        Assert.Equal(2, lines.RootElement.EnumerateArray().Single(l => l.GetProperty("id").GetString() == "mail").GetProperty("waiting").GetInt32());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_fault_is_told_in_words_and_history_is_bounded_and_leaves_idling_out(string kind)
    {
        await using var app = await MailApp.StartAsync(kind, null);
        var job = new Odd();
        var runner = ActivatorUtilities.CreateInstance<JobRunner>(app.Services, (IEnumerable<IJob>)[job]);
        foreach (var done in Enumerable.Range(0, JobHistory.Kept + 5))
        {
            job.Does = done;
            await runner.NowAsync("documents", default);
        }
        job.Does = -1;
        await runner.NowAsync("documents", default);
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        var kept = await db.Set<JobHistory>().OrderByDescending(h => h.Id).ToListAsync();
        Assert.Equal((JobHistory.Kept, nameof(IOException)), (kept.Count, kept[0].Error));
        Assert.DoesNotContain(kept, h => h is { Done: 0, Error: null });

        var admin = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Administrator, "341299"));
        using var person = await SignedIn.AsAsync(app, admin.UserName!);
        using var page = await person.PageAsync("/jobs");
        Assert.Contains("检查数据文件夹的空间", page.QuerySelector(".note.amber")!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("IOException", page.Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_job_and_every_fault_has_its_words_in_both_languages()
    {
        await using var app = new TestApp();
        var texts = new ResourceManager(typeof(JobTexts));
        var keys = app.Services.GetServices<IJob>().SelectMany(j => new[] { $"{j.Id}.name", $"{j.Id}.what" })
            .Concat(Errors.Select(JobBoard.KindOf).Distinct().SelectMany(k => new[] { $"fault.{k}", $"todo.{k}" }));
        Assert.All(keys, k => Assert.All(Languages, c => Assert.NotNull(texts.GetString(k, CultureInfo.GetCultureInfo(c)))));
        Assert.All((await app.Services.GetRequiredService<JobBoard>().ReadAsync()).Select(l => l.Next), next => Assert.NotNull(next));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Documents_that_nobody_opened_are_rendered_and_one_that_cannot_be_holds_up_nothing(string kind)
    {
        await using var app = await Databases.StartAsync(kind);
        var story = new CaseStory(app);
        var caseId = await story.PlayAsync("granted");
        var job = app.Services.GetServices<IJob>().Single(j => j.Id == "documents");
        await using var db = story.Open();
        var documents = await db.Set<IssuedDocument>().Where(d => d.CaseId == caseId).OrderBy(d => d.Id).ToListAsync();
        Assert.True(documents.Count > 2);
        await app.Services.GetRequiredService<IWriter>().WriteAsync((w, cancel) => w.Set<IssuedDocument>().Where(d => d.Id == documents[0].Id).ExecuteUpdateAsync(s => s.SetProperty(d => d.Revision, "gone"), cancel));
        Assert.Equal(documents.Count, await job.BacklogAsync(db, DateTimeOffset.UtcNow, 100, default));
        Assert.Equal(documents.Count - 1, await job.RunAsync(default));
        Assert.Equal(0, await job.RunAsync(default));
        Assert.Equal(documents.Count - 1, await db.Set<CaseFile>().CountAsync(f => f.CaseId == caseId && f.Slot == "document"));
        Assert.Equal([documents[0].Id], await db.Set<IssuedDocument>().Where(d => d.CaseId == caseId && d.PdfHash == null).Select(d => d.Id).ToListAsync());
        // A look by nobody is no look.
        Assert.Equal(0, await db.Set<IssuedDocument>().CountAsync(d => d.CaseId == caseId && d.OpenedAt != null));
    }

    private sealed class Odd : IJob
    {
        public int Does { get; set; }
        public string Id => "documents";
        public string Cron => "0 0 * * *";
        public Task<int> RunAsync(CancellationToken cancel) => Does < 0 ? throw new IOException("secret") : Task.FromResult(Does);
    }
}
