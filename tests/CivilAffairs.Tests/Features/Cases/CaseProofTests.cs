using System.Globalization;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.CommandLine;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;
using Xunit;

namespace CivilAffairs.Tests.Features.Cases;

/// <summary>The proofs hold for cases that the product made, and every kind of tampering turns them red.</summary>
public sealed class CaseProofTests
{
    private static readonly string[] Told = ["granted", "refused", "corrected", "notice-objected"];

    public static TheoryData<string, string, string> Violations
    {
        get
        {
            (string, string)[] all =
            [
                ("DELETE FROM journal WHERE \"Step\" = 3", "the journal has steps"),
                ("UPDATE workflow_instances SET \"State\" = \"State\" || ' '", "another state"),
                ("UPDATE journal SET \"FactsId\" = \"InstanceId\" WHERE \"Step\" = 2", "its facts are missing"),
                ("UPDATE number_counters SET \"Next\" = \"Next\" + 1 WHERE \"Series\" = 'case'", "a gap in its series"),
                ("UPDATE number_counters SET \"Next\" = \"Next\" - 1 WHERE \"Series\" = 'case'", "given twice"),
                // A hole in the middle: one after it was given.
                ("DELETE FROM documents WHERE \"Number\" LIKE '低保受%' AND \"Number\" = (SELECT MIN(\"Number\") FROM documents WHERE \"Number\" LIKE '低保受%')", "00001: a gap in its series"),
                ("UPDATE tasks SET \"State\" = 'Open' WHERE \"State\" = 'Done'", "is nothing the case waits for"),
                ("UPDATE timers SET \"State\" = 'Waiting' WHERE \"State\" <> 'Waiting'", "is nothing the case waits for"),
                ("UPDATE case_decisions SET \"Status\" = 'Granted' WHERE \"Status\" = 'Refused'", "its journal decides Refused, recorded is Granted"),
                ("DELETE FROM case_decisions", "the decision in force is not its last one"),
                ("UPDATE case_decisions SET \"Number\" = 2", "its decisions are numbered 2"),
                ("UPDATE case_decisions SET \"SupersedesId\" = \"Id\"", "decision 1 does not supersede the one before it"),
                ("UPDATE cases SET \"DecidedAt\" = NULL", "the decision in force is not its last one"),
                ("DELETE FROM audit WHERE \"Action\" = 'task.completed'", "the audit has it completed 0 times"),
            ];
            var data = new TheoryData<string, string, string>();
            foreach (var (sql, fault) in all) data.Add(Databases.Sqlite, sql, fault);
            if (Databases.Kinds.Contains(Databases.Postgres)) data.Add(Databases.Postgres, all[0].Item1, all[0].Item2);
            return data;
        }
    }

    [Theory, MemberData(nameof(Violations))]
    public async Task A_case_that_was_changed_behind_the_product_is_found(string kind, string sql, string fault)
    {
        await using var app = await Databases.StartAsync(kind);
        foreach (var name in Told[..2]) await new CaseStory(app).PlayAsync(name);
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        Assert.True(await db.Database.ExecuteSqlRawAsync(sql) > 0);
        Assert.Contains((await app.Services.GetRequiredService<CaseProof>().RunAsync()).Faults, f => f.Contains(fault, StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_decision_that_no_longer_supersedes_the_one_before_it_is_found(string kind)
    {
        await using var app = await Databases.StartAsync(kind);
        var story = new CaseStory(app);
        await story.ReviewAsync(await story.PlayAsync("refused"), "review-refusal-kept");
        var proof = app.Services.GetRequiredService<CaseProof>();
        Assert.Empty((await proof.RunAsync()).Faults);
        await using var db = story.Open();
        Assert.Equal(1, await db.Database.ExecuteSqlRawAsync("UPDATE case_decisions SET \"SupersedesId\" = NULL WHERE \"Number\" = 2"));
        Assert.EndsWith("decision 2 does not supersede the one before it", Assert.Single((await proof.RunAsync()).Faults), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Verbs_prove_the_database_and_name_what_was_changed(string kind)
    {
        var connection = await Databases.FreshAsync(kind);
        await using var app = new TestApp(connection);
        foreach (var name in Told) await new CaseStory(app).PlayAsync(name);
        // A day after all that the stories tell.
        var day = new DateOnly(2028, 1, 1);
        var head = Assert.Single(await AuditHeads.CloseAsync(app.Services.GetRequiredService<IReader>(), app.Services.GetRequiredService<IWriter>(), day, AuditHeads.EndOf(day).AddMinutes(10), default));
        string[] where = ["--CIVILAFFAIRS_DATA", app.Data, .. connection is null ? [] : new[] { "--ConnectionStrings:Database", connection }];

        Assert.Equal((0, "4 instances, 0 faults"), Last("verify-cases", where));
        await using var read = app.Services.GetRequiredService<IReader>().Open();
        var entries = await read.Set<AuditEntry>().CountAsync();
        Assert.Equal((0, $"{entries} entries, 1 heads, 0 faults"), Last("verify-audit", where));
        Assert.Equal((0, $"{entries} entries, 1 heads, 0 faults"), Last("verify-audit", [.. where, "--head", $"2028-01-01={head.Hash}"]));
        Assert.Equal((1, $"{entries} entries, 1 heads, 1 faults"), Last("verify-audit", [.. where, "--head", $"2028-01-01={new string('0', 64)}"]));
        Assert.Equal((2, ""), Last("verify-audit", [.. where, "--head", "yesterday"]));

        var chain = await read.Set<Case>().Select(c => c.Id).FirstAsync();
        Assert.Equal(1, await read.Set<AuditEntry>().Where(a => a.Chain == chain.ToString() && a.Sequence == 2).ExecuteUpdateAsync(u => u.SetProperty(a => a.Details, "{}")));
        var (code, text) = Call("verify-audit", where);
        Assert.Equal((1, $"{chain} 2: the line was changed\n{entries} entries, 1 heads, 1 faults\n"), (code, text));

        await read.Set<AuditHead>().ExecuteUpdateAsync(u => u.SetProperty(h => h.Entries, h => h.Entries + 1));
        Assert.Equal((1, $"{entries} entries, 1 heads, 2 faults"), Last("verify-audit", where));
        await read.Set<JournalRow>().Where(j => j.CaseId == chain && j.Step == 1).ExecuteDeleteAsync();
        Assert.Equal((1, "4 instances, 1 faults"), Last("verify-cases", where));
    }

    [Theory, InlineData("verify-audit"), InlineData("verify-cases")]
    public void A_verb_makes_no_installation_where_there_is_none(string verb)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"civilaffairs-none-{Guid.NewGuid():N}");
        Assert.Equal((2, ""), Call(verb, ["--CIVILAFFAIRS_DATA", folder]));
        Assert.False(Directory.Exists(folder));
    }

    private static (int Code, string Line) Last(string verb, string[] where)
    {
        var (code, text) = Call(verb, where);
        return (code, text.TrimEnd().Split('\n')[^1]);
    }

    private static (int Code, string Text) Call(string verb, string[] where)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var errors = new StringWriter(CultureInfo.InvariantCulture);
        var code = Verbs.TryRun([verb, .. where], output, errors) ?? -1;
        return (code, output.ToString().ReplaceLineEndings("\n"));
    }
}
