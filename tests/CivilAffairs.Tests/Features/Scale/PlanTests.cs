using System.Globalization;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Scale;
using CivilAffairs.Web.Features.Apply;
using CivilAffairs.Web.Features.Registers.Benefits;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Queue;
using CivilAffairs.Web.Features.Desk.Search;
using CivilAffairs.Web.Features.Mail;
using CivilAffairs.Web.Features.Notices;
using CivilAffairs.Web.Features.Registers.Lines;
using CivilAffairs.Web.Features.Reminders;
using CivilAffairs.Web.Features.Retention;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Scale;

/// <summary>
/// What the databases do with the statements that pages and jobs really send, in a county of many cases: none reads a
/// large table from end to end, and none sorts more than it shows. On SQLite also without statistics, as it runs.
/// </summary>
public sealed class PlanTests(ScaleCounty county) : IClassFixture<ScaleCounty>
{
    private static readonly Viewer Reviewer = Officer("TRV", ManyCases.Township(0)), Approver = Officer("CAP", "341299"), Supervisor = Officer("SUP", "341299"),
        Worker = Officer("VIL", "341299101201"), Registrar = Officer("REG", "341299"), Clerk = Officer("SOC", ManyCases.Township(0)), Two = new(Guid.NewGuid(), "干部", AccountKind.Officer, [new("TCK", "341299101"), new("TRV", "341299102")]);

    /// <summary>Sorting is meant where only one office's own, bounded lines are sorted.</summary>
    private static readonly Dictionary<string, (Func<IServiceProvider, Task> Work, bool Sorts)> Lists = new()
    {
        ["queue of a township"] = (s => Queue(s, Reviewer), false),
        ["queue of the county"] = (s => Queue(s, Approver), false),
        ["whether anything waits for a leader"] = (WaitsAsync, false),
        ["queue of two posts"] = (s => Queue(s, Two), false),
        ["queue, only amber"] = (s => Queue(s, Reviewer, new(Urgency: CivilAffairs.Web.Features.Cases.Words.Urgency.Amber)), false),
        ["search by number"] = (s => Search(s, "341299-2026-0005"), false),
        ["search by sequence"] = (s => Search(s, "0512"), true),
        ["search by name"] = (s => Search(s, "张某"), false),
        ["search by ID number"] = (s => Search(s, ManyCases.IdNumber(500)), true),
        ["notice board of a township"] = (s => s.GetRequiredService<NoticeBoardQuery>().ReadAsync(Reviewer), true),
        ["notice board of the county"] = (s => s.GetRequiredService<NoticeBoardQuery>().ReadAsync(Supervisor), false),
        ["benefits of a township"] = (s => Lines(s, Reviewer, BenefitLines.Register, ""), false),
        ["benefits of the county, further on"] = (s => Lines(s, Supervisor, BenefitLines.Register, "", after: new(new(2020, 1, 1), ManyCases.Id(9, 700))), false),
        ["benefits as they were"] = (s => Lines(s, Supervisor, BenefitLines.Register, "", new(2018, 1, 1)), false),
        ["benefits of a village worker"] = (s => Lines(s, Worker, BenefitLines.Register, ""), false),
        ["benefits by name"] = (s => Lines(s, Supervisor, BenefitLines.Register, "张某"), false),
        ["benefits by name, further on"] = (s => Lines(s, Supervisor, BenefitLines.Register, "张某", after: new(new(2020, 1, 1), ManyCases.Id(9, 700), "张某乙")), false),
        ["benefits by name as they were"] = (s => Lines(s, Supervisor, BenefitLines.Register, "张某", new(2018, 1, 1)), false),
        ["a benefit by ID number"] = (s => Lines(s, Supervisor, BenefitLines.Register, ManyCases.IdNumber(500)), true),
        ["a benefit by case number"] = (s => Lines(s, Supervisor, BenefitLines.Register, "341299-2026-000501"), true),
        ["certificates of the county"] = (s => Lines(s, Supervisor, CertificateLines.Register, ""), false),
        ["certificates of a township as they were"] = (s => Lines(s, Clerk, CertificateLines.Register, "", new(2023, 1, 1)), false),
        ["certificates by a part of the name"] = (s => Lines(s, Clerk, CertificateLines.Register, "协会12"), false),
        ["certificates by the beginning of the holder's name"] = (s => Lines(s, Supervisor, CertificateLines.Register, "协会无"), false),
        ["a certificate by number"] = (s => Lines(s, Supervisor, CertificateLines.Register, "32-500"), true),
        ["a certificate by ID number"] = (s => Lines(s, Supervisor, CertificateLines.Register, ManyCases.IdNumber(500)), true),
        ["marriages of the county"] = (s => Lines(s, Registrar, "marriages", ""), false),
        ["marriages as they were"] = (s => Lines(s, Registrar, "marriages", "", new(2018, 1, 1)), false),
        ["a marriage by ID number"] = (s => Lines(s, Registrar, "marriages", ManyCases.IdNumber(500)), true),
        ["marriages by a whole name"] = (s => Lines(s, Registrar, "marriages", "张某乙"), true),
        ["a marriage by number"] = (s => Lines(s, Registrar, "marriages", "J341299-2026-000001"), true),
        ["relatives of a township"] = (s => Lines(s, Reviewer, "relatives", ""), false),
        ["certificates that run out in the county"] = (s => s.GetRequiredService<CivilAffairs.Web.Features.Registers.Expiring.ExpiringQuery>().ReadAsync(Supervisor, new(), null), true),
        ["certificates that run out in a township"] = (s => s.GetRequiredService<CivilAffairs.Web.Features.Registers.Expiring.ExpiringQuery>().ReadAsync(Officer("SUP", ManyCases.Township(0)), new(Band: 1), new(new(2026, 12, 1), ManyCases.Id(32, 5))), true),
        ["what is being paid"] = (s => s.GetRequiredService<BenefitsQuery>().TotalsAsync(Reviewer), true),
        ["organisations of the county"] = (s => Subjects(s, Supervisor, ""), false),
        ["organisations of a township by a part of the name"] = (s => Subjects(s, Officer("SOC", ManyCases.Township(0)), "协会12"), false),
        ["an organisation by its code"] = (s => Subjects(s, Supervisor, "51341299MJ0A12341C"), true),
        ["one organisation"] = (s => s.GetRequiredService<CivilAffairs.Web.Features.Registers.Subjects.SubjectQuery>().FindAsync(Supervisor, ManyCases.Id(30, 700)), true),
        ["how long a matter usually takes"] = (s => new UsualTime(s.GetRequiredService<IReader>(), TimeProvider.System, s.GetRequiredService<CivilAffairs.Web.Platform.Time.Calendars>()).OfAsync("rural-dibao"), false),
        ["what may be destroyed"] = (s => s.GetRequiredService<RetentionQuery>().DueAsync(Supervisor), true),
        ["an applicant's cases"] = (s => s.GetRequiredService<MyCases>().ReadAsync(new Viewer(ManyCases.Id(4, 7), "申请人", AccountKind.Applicant, [], ManyCases.Id(2, 900)), null, 1, 25, default), true),
        ["unread messages of a township"] = (s => s.GetRequiredService<CivilAffairs.Web.Features.Cases.Messages.MessageQuery>().UnreadAsync(Reviewer, 1), false),
        ["unread messages of the county"] = (s => s.GetRequiredService<CivilAffairs.Web.Features.Cases.Messages.MessageQuery>().CountAsync(Supervisor), false),
        ["what a case is compared with"] = (ComparedAsync, true),
        ["a case's messages"] = (MessagesAsync, true),
        ["outbox"] = (s => s.GetRequiredService<OutboxQueue>().TakeAsync(20, default), false),
        ["letters that are parked"] = (s => s.GetRequiredService<CivilAffairs.Web.Features.Mail.Office.MailOfficeQuery>().ParkedAsync(1), false),
        ["whom to call"] = (s => s.GetRequiredService<CivilAffairs.Web.Features.Mail.Calls.CallList>().ReadAsync(Worker, 1), true),
        ["figures of the county"] = (s => s.GetRequiredService<CivilAffairs.Web.Features.Overview.OverviewQuery>().ReadAsync(Supervisor), true),
        ["re-verifications that nobody began in the county"] = (s => s.GetRequiredService<CivilAffairs.Web.Features.Overview.ReverificationsDueQuery>().ReadAsync(Supervisor, new(), 1), true),
        ["re-verifications that nobody began in a township"] = (s => s.GetRequiredService<CivilAffairs.Web.Features.Overview.ReverificationsDueQuery>().ReadAsync(Officer("SUP", ManyCases.Township(0)), new(ManyCases.Township(0), Soon: true), 1), true),
        ["what is late in a township"] = (s => s.GetRequiredService<CivilAffairs.Web.Features.Overview.OverdueQuery>().ReadAsync(new(Guid.NewGuid(), "干部", AccountKind.Officer, [new("SUP", ManyCases.Township(0))]), new(), 1), true),
        ["a case's audit"] = (AuditAsync, false),
        ["timers due"] = (s => s.GetRequiredService<CaseTimers>().FireDueAsync(0, default), false),
        ["re-verifications due"] = (s => s.GetRequiredService<Reverifications>().OpenDueAsync(50, default), false),
        ["benefits that ended"] = (s => s.GetRequiredService<GrantEnds>().EnterAsync(50, default), false),
        ["days of an edited calendar"] = (s => s.GetRequiredService<CalendarChanges>().ApplyAsync(new CivilAffairs.Engine.Time.WorkCalendar([]), Guid.NewGuid().ToString(), default), true),
        ["certificates that end"] = (s => s.GetRequiredService<ExpiryWatch>().RunAsync(default), true),
        ["re-verifications to plan"] = (s => s.GetRequiredService<ReverificationWatch>().RunAsync(default), true),
        ["limits that turned"] = (s => s.GetRequiredService<DeadlineWatch>().RunAsync(default), true),
    };

    public static TheoryData<string, string> All
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var kind in ScaleCounty.Kinds)
                foreach (var list in Lists.Keys) data.Add(kind, list);
            return data;
        }
    }

    [Theory, MemberData(nameof(All))]
    public async Task No_list_reads_all_cases_or_sorts_them(string kind, string list)
    {
        var services = await county.GetAsync(kind);
        var (work, sorts) = Lists[list];
        var statements = await Statements.OfAsync(services, () => work(services));
        Assert.NotEmpty(statements);
        foreach (var statement in statements)
            if (await FaultsAsync(services, statement, sorts) is { Count: > 0 } faults) Assert.Fail(string.Join("\n\n", faults));
    }

    /// <summary>Of all that was ever opened ex officio only what is open is read: another index would do, and grow with the years.</summary>
    [Theory, MemberData(nameof(EachKind))]
    public async Task What_nobody_began_is_found_among_what_is_open(string kind)
    {
        var services = await county.GetAsync(kind);
        await using var db = services.GetRequiredService<IReader>().Open();
        foreach (var statement in await Statements.OfAsync(services, () => services.GetRequiredService<CivilAffairs.Web.Features.Overview.ReverificationsDueQuery>().ReadAsync(Supervisor, new(), 1)))
            Assert.Contains("ix_cases_ex_officio", string.Join('\n', await statement.PlanAsync(db)), StringComparison.Ordinal);
    }

    public static TheoryData<string> EachKind => [.. ScaleCounty.Kinds];

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_guard_sees_a_scan_and_a_sort(string kind)
    {
        var services = await county.GetAsync(kind);
        await using var db = services.GetRequiredService<IReader>().Open();
        var scan = await Statements.OfAsync(services, () => db.Set<Case>().Where(c => c.ApplicantName.EndsWith("某文")).ToListAsync());
        Assert.Contains(await FaultsAsync(services, Assert.Single(scan), sorts: true), f => f.StartsWith("reads all of cases", StringComparison.Ordinal));
        // All tasks: of one office's, PostgreSQL's sample says now more, now fewer than the guard's bound.
        var sort = await Statements.OfAsync(services, () => db.Set<WorkTask>().OrderBy(t => t.Outcome).Take(5).ToListAsync());
        Assert.Contains(await FaultsAsync(services, Assert.Single(sort), sorts: false), f => f.StartsWith("sorts", StringComparison.Ordinal));
    }

    private static async Task<List<string>> FaultsAsync(IServiceProvider services, Statement statement, bool sorts)
    {
        await using var db = services.GetRequiredService<IReader>().Open();
        var plan = await statement.PlanAsync(db);
        var faults = new List<string>();
        // Looking for none of a list of ids: SQLite plans a scan that never begins.
        if (statement.Text.TrimEnd().EndsWith("WHERE 0", StringComparison.Ordinal)) return faults;
        foreach (var line in plan.Select(l => l.Trim()))
        {
            // Where every line is wanted (one installation is one county), reading them in any order ends at the limit.
            if (statement.Text.Contains("LIMIT", StringComparison.Ordinal) && (line.Contains("Seq Scan on grants", StringComparison.Ordinal) || line.Contains("Seq Scan on register_subjects", StringComparison.Ordinal) || line is "SCAN g" or "SCAN r") && !statement.Text.Contains("ORDER BY", StringComparison.Ordinal)) continue;
            if (ScaleCounty.Large.FirstOrDefault(t => line.Contains($"Seq Scan on {t}", StringComparison.Ordinal) || Scans(statement.Text, line, t)) is { } table) faults.Add($"reads all of {table}");
            // Lines of one value of the index's order are sorted among themselves: that is no sort of everything.
            if (!sorts && (line == "USE TEMP B-TREE FOR ORDER BY" || SortsMany(line))) faults.Add("sorts");
        }
        return faults.ConvertAll(f => $"{f}:\n{statement.Text}\n{string.Join('\n', plan)}");
    }

    /// <summary>SQLite names the alias, and says SCAN also where it walks an index to its end.</summary>
    private static bool Scans(string sql, string line, string table) => line.Split(' ') is ["SCAN", var alias, .. var how]
        && (sql.Contains($"\"{table}\" AS \"{alias}\"", StringComparison.Ordinal) || alias == table)
        // Those with a name of our own hold only what is open, waits or hangs: small, however many cases there are.
        && !string.Join(' ', how).Contains(" INDEX ix_", StringComparison.Ordinal);

    /// <summary>PostgreSQL sorts a few lines rather than walk an index; it says how many it expects.</summary>
    private static bool SortsMany(string line) => line.TrimStart('-', '>', ' ').StartsWith("Sort  (", StringComparison.Ordinal)
        && int.Parse(line.Split("rows=")[1].Split(' ')[0], CultureInfo.InvariantCulture) > 500;

    private static async Task WaitsAsync(IServiceProvider services)
    {
        await using var db = services.GetRequiredService<IReader>().Open();
        await CivilAffairs.Web.Features.Cases.CaseScope.OpenFor(db.Set<WorkTask>(), db, Supervisor).AnyAsync();
    }

    /// <summary>Every kind of rule of every matter at once.</summary>
    private static async Task ComparedAsync(IServiceProvider services)
    {
        var rules = services.GetRequiredService<CivilAffairs.Web.Features.Matters.MatterLibrary>().Current.SelectMany(r => r.Matter.Comparisons).ToList();
        Assert.Equal(5, rules.Select(r => r.Kind).Distinct().Count());
        await using var db = services.GetRequiredService<IReader>().Open();
        var @case = await db.Set<Case>().FirstAsync(c => c.Id == ManyCases.Id(1, 7));
        await CivilAffairs.Web.Features.Cases.Comparisons.ComparisonReads.ReadAsync(db, @case, rules, new Dictionary<string, System.Text.Json.Nodes.JsonNode?>(), new DateOnly(2026, 11, 1));
    }

    private static async Task AuditAsync(IServiceProvider services)
    {
        var chain = ManyCases.Id(1, 7).ToString();
        await using var db = services.GetRequiredService<IReader>().Open();
        await db.Set<AuditEntry>().Where(a => a.Chain == chain).OrderByDescending(a => a.Sequence).Take(500).ToListAsync();
    }

    /// <summary>Its words would need its key: what the page asks the database is asked here.</summary>
    private static async Task MessagesAsync(IServiceProvider services)
    {
        var id = ManyCases.Id(1, 7);
        await using var db = services.GetRequiredService<IReader>().Open();
        await db.Set<CaseMessage>().Where(m => m.CaseId == id).OrderByDescending(m => m.RecordedAt).ThenByDescending(m => m.Id).Take(20).ToListAsync();
        await db.Set<CaseMessage>().CountAsync(m => m.CaseId == id && m.Side == MessageSide.Office && m.ReadAt == null);
    }

    private static Task<QueueView> Queue(IServiceProvider services, Viewer who, QueueFilter? filter = null) => services.GetRequiredService<QueueQuery>().ReadAsync(who, filter ?? new());
    private static Task<CivilAffairs.Web.Features.Registers.Subjects.SubjectList?> Subjects(IServiceProvider services, Viewer who, string term) => services.GetRequiredService<CivilAffairs.Web.Features.Registers.Subjects.SubjectQuery>().ReadAsync(who, "organisations", term, null, 2);
    private static Task<LinePageView?> Lines(IServiceProvider services, Viewer who, string register, string term, DateOnly? day = null, LineKey? after = null) => services.GetRequiredService<LineQuery>().ReadAsync(who, register, term, day, after);
    private static Task<SearchView> Search(IServiceProvider services, string term) => services.GetRequiredService<SearchQuery>().FindAsync(Approver, term, 1);
    private static Viewer Officer(string role, string division) => new(Guid.NewGuid(), "干部", AccountKind.Officer, [new HeldRole(role, division)]);
}
