using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Comparisons;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;

namespace CivilAffairs.Tests.Features.Cases;

/// <summary>What the rules of the shipped matters find, whom they show it, and that a decision asks them once more.</summary>
public sealed class ComparisonTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    /// <summary>Which benefits go together (domain §6, worked examples 20 and 27): matter of the case, benefit that is there, whether the person holds it, and what the rule says.</summary>
    private static readonly (string Matter, string Benefit, bool Holds, string Rule, string Effect)[] Law =
    [
        ("disability-subsidies", "destitute-support", true, "destitute", "refuse"),
        ("disability-subsidies", "orphan-support", true, "orphan", "refuse"),
        ("disability-subsidies", "rural-dibao", false, "dibao", "note"),
        ("disability-subsidies", "disability-care", true, "sameCare", "refuse"),
        ("destitute-support", "disability-living", true, "disabilityAid", "warn"),
        ("destitute-support", "orphan-support", true, "orphanAid", "refuse"),
        ("destitute-support", "urban-dibao", false, "dibao", "warn"),
        ("rural-dibao", "urban-dibao", false, "sameBenefit", "refuse"),
        ("urban-dibao", "rural-dibao", true, "sameBenefit", "refuse"),
        ("rural-dibao", "destitute-support", true, "destitute", "refuse"),
        ("rural-dibao", "disability-care", true, "disabilityAid", "note"),
        ("rural-dibao", "de-facto-orphan-support", true, "childAid", "note"),
        ("de-facto-orphan-support", "rural-dibao", false, "topUp", "note"),
        ("de-facto-orphan-support", "orphan-support", true, "orphan", "refuse"),
        ("orphan-support", "disability-living", true, "living", "warn"),
        ("orphan-support", "disability-care", true, "care", "note"),
        ("old-age-allowance", "old-age-allowance", true, "sameBenefit", "refuse"),
        ("low-income-family", "urban-dibao", false, "dibao", "refuse"),
        ("rigid-expense-family", "rural-dibao", false, "dibao", "warn"),
    ];

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_law_of_benefits_together(string kind)
    {
        var scene = new Scene(await databases.GetAsync(kind));
        foreach (var (matter, benefit, holds, rule, effect) in Law)
        {
            var (person, head) = (await scene.PersonAsync(), await scene.PersonAsync());
            var granted = await scene.CaseAsync("rural-dibao", closed: true, (head, PartyRole.Applicant), (person, PartyRole.Member));
            await scene.GrantAsync(benefit, granted, holds ? person : head);
            var found = Assert.Single(await scene.FindingsAsync(await scene.CaseAsync(matter, closed: false, (person, PartyRole.Applicant))), f => f.Found.Elsewhere[0].What == benefit && f.Found.Rule.Id == rule);
            Assert.True(found.Found.Rule.Effect == effect, $"{matter} beside {benefit}: {found.Found.Rule.Effect}");
            Assert.Equal(holds, Assert.Single(found.Parties).Holds);
            Assert.Equal((found.Found.Rule.Mark is "S" or "L", true), (true, found.Found.Rule.Source.Length > 0));
            // What somebody else of the household holds is not the person's own.
            if (!holds && (await scene.RuleAsync(matter, rule)).Holder) Assert.Fail($"{matter}.{rule} looks at holders alone.");
        }
        // Worked example 27: neither subsidy beside 特困; of an orphan the living one alone is stopped.
        var disabled = (await scene.MatterAsync("disability-subsidies"))!;
        var (destitute, orphan) = (await scene.RuleAsync("disability-subsidies", "destitute"), await scene.RuleAsync("disability-subsidies", "orphan"));
        Assert.Equal((true, true, true, false), (destitute.Forbids("disability-living", disabled), destitute.Forbids("disability-care", disabled), orphan.Forbids("disability-living", disabled), orphan.Forbids("disability-care", disabled)));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_is_over_does_not_count_and_months_decide(string kind)
    {
        var scene = new Scene(await databases.GetAsync(kind));
        var person = await scene.PersonAsync();
        var month = new DateOnly(scene.Today.Year, scene.Today.Month, 1);
        var granted = await scene.CaseAsync("destitute-support", closed: true, (person, PartyRole.Applicant));
        var asked = await scene.CaseAsync("disability-subsidies", closed: false, (person, PartyRole.Applicant));
        var over = await scene.GrantAsync("destitute-support", granted, person, until: month.AddMonths(-1));
        Assert.Empty(await scene.FindingsAsync(asked));
        // Paid for the last time this month: shown, and nothing stands against what begins next month.
        await scene.GrantAsync("destitute-support", granted, person, until: month);
        var found = Assert.Single(await scene.FindingsAsync(asked)).Found;
        Assert.Equal((false, true), (found.Meets(month.AddMonths(1)), found.Meets(month)));
        // Ended because of death, whenever that was.
        await scene.WriteAsync(db => db.Add(new GrantChange { GrantId = over, Reason = "death", FromMonth = month, RecordedAt = DateTimeOffset.UtcNow }));
        Assert.Equal("死亡", Assert.Single(await scene.FindingsAsync(asked), f => f.Found.Rule.Id == "deceased").Elsewhere[0].Reason!.Zh);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Other_households_registers_and_accounts_are_found_and_shown_as_far_as_one_sees(string kind)
    {
        var scene = new Scene(await databases.GetAsync(kind));
        var (person, spouse) = (await scene.PersonAsync("张三"), await scene.PersonAsync());
        var asked = await scene.CaseAsync("rural-dibao", closed: false, (person, PartyRole.Applicant));
        var there = await scene.CaseAsync("urban-dibao", closed: false, Scene.Elsewhere, (await scene.PersonAsync(), PartyRole.Applicant), (person, PartyRole.Member));
        // What somebody acts in for another, and what was opened ex officio, is no second application of theirs.
        await scene.CaseAsync("urban-dibao", closed: false, (await scene.PersonAsync(), PartyRole.Applicant), (person, PartyRole.Agent));
        await scene.OriginAsync(await scene.CaseAsync("urban-dibao", closed: false, (person, PartyRole.Applicant)), asked);
        var wedding = await scene.CaseAsync("marriage", closed: true, (person, PartyRole.Applicant), (spouse, PartyRole.Spouse));
        await scene.WriteAsync(db => db.Add(new RegisterEntry { Register = "marriages", CaseId = wedding, County = "341299", Entry = "{}", ValidFrom = scene.Today.AddYears(-2), OccurredOn = scene.Today.AddYears(-2), RecordedAt = DateTimeOffset.UtcNow }));
        // Two benefits of one other person are one recipient; the person's own other benefit is none.
        var other = await scene.PersonAsync();
        var paid = await scene.CaseAsync("old-age-allowance", closed: true, Scene.Elsewhere, (other, PartyRole.Applicant));
        var own = await scene.CaseAsync("old-age-allowance", closed: true, (person, PartyRole.Applicant));
        foreach (var id in new[] { asked, paid, own }) await scene.WriteAsync(db => db.Add(new AccountUse { CaseId = id, Hash = $"{asked:N}{asked:N}", RecordedAt = DateTimeOffset.UtcNow }));
        await scene.GrantAsync("old-age-allowance", paid, other);
        await scene.GrantAsync("disability-care", paid, other);
        await scene.GrantAsync("old-age-allowance", own, person);

        var clerk = CaseStory.Officer("compared-tck", Roles.Clerk, Scene.Here);
        var (clerks, supervisors) = (await scene.FindingsAsync(asked, clerk), await scene.FindingsAsync(asked));
        Assert.Equal(["openCase", "sameAccount", "spouseLeftOut"], clerks.Select(f => f.Found.Rule.Id).Order(StringComparer.Ordinal));
        ComparedThing Of(IReadOnlyList<ComparedFinding> all, string rule) => all.Single(f => f.Found.Rule.Id == rule).Elsewhere[0];
        Assert.Equal((there, null), (Of(clerks, "openCase").Found.CaseId, Of(clerks, "openCase").Number));
        Assert.NotNull(Of(supervisors, "openCase").Number);
        Assert.Equal("张*", clerks.Single(f => f.Found.Rule.Id == "openCase").Parties[0].Name);
        Assert.Equal(1, clerks.Single(f => f.Found.Rule.Id == "sameAccount").Found.Count);
        // Once the spouse is named, nobody was left out; and of who decides nothing, nothing is shown.
        await scene.WriteAsync(db => db.Add(new CaseParty { CaseId = asked, PersonId = spouse, Role = PartyRole.Spouse, Position = 1, RecordedAt = DateTimeOffset.UtcNow }));
        Assert.DoesNotContain(await scene.FindingsAsync(asked, clerk), f => f.Found.Rule.Id == "spouseLeftOut");
        Assert.Null(await scene.Comparisons.ReadAsync(CaseStory.Officer("compared-vil", Roles.VillageWorker, Scene.Here + "201"), asked));
        Assert.Null(await scene.Comparisons.ReadAsync(CaseStory.Officer("compared-far", Roles.Clerk, Scene.Elsewhere), asked));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_decision_that_a_rule_stands_against_grants_nothing_until_somebody_says_why(string kind)
    {
        var app = await databases.GetAsync(kind);
        var (scene, first) = (new Scene(app), new CaseStory(app));
        var earlier = await first.PlayAsync("granted");
        var second = new CaseStory(app, "rural-dibao", first.Number);
        var id = await second.PlayAsync("granted", new DateTimeOffset(2026, 3, 10, 15, 0, 0, TimeSpan.FromHours(8)));
        await using var db = second.Open();
        var task = await db.Set<WorkTask>().AsNoTracking().SingleAsync(t => t.CaseId == id && t.State == TaskState.Open);
        var approver = CaseStory.Officer("cap-compared", task.Role, task.Division);
        var (tasks, commands) = (app.Services.GetRequiredService<TaskCommands>(), app.Services.GetRequiredService<ComparisonCommands>());
        var found = Assert.Single(await scene.FindingsAsync(id, approver), f => f.Found.Rule.Id == "sameBenefit" && f.Found.Elsewhere[0].CaseId == earlier);
        Assert.Equal(4, found.Parties.Count);
        Task Except(Viewer who, string reason, string rule = "sameBenefit") => commands.OverrideAsync(who, id, rule, found.Found.Other, reason, Guid.NewGuid().ToString("N"));
        // Who has the task in hand, with words, and where the rule allows it.
        Assert.Equal("comparison.holderOnly", (await Assert.ThrowsAsync<NotAllowedException>(() => Except(approver, "两户已经合并"))).Reason);
        await tasks.ClaimAsync(approver, task.Id);
        var refused = await Assert.ThrowsAsync<NotAllowedException>(() => tasks.CompleteAsync(approver, task.Id, "Grant", [], "compared-1"));
        Assert.Equal("comparison.refusesUnless", refused.Reason);
        Assert.Equal((0, TaskState.Open), (await db.Set<Grant>().CountAsync(g => g.CaseId == id), await db.Set<WorkTask>().Where(t => t.Id == task.Id).Select(t => t.State).SingleAsync()));
        Assert.Equal("reason", Assert.Single((await Assert.ThrowsAsync<InvalidAnswersException>(() => Except(approver, "  "))).Faults).Path);
        Assert.Equal("comparison.noOverride", (await Assert.ThrowsAsync<NotAllowedException>(() => Except(approver, "两户已经合并", "spouseLeftOut"))).Reason);
        await Assert.ThrowsAsync<UnknownCaseException>(() => Except(CaseStory.Officer("cap-far", Roles.CountyApprover, "341298"), "两户已经合并"));
        await Except(approver, "两户已经合并，前一户本月停发。");
        await Except(approver, "换一个理由");
        var read = Assert.Single(await scene.FindingsAsync(id, approver), f => f.Found.Rule.Id == "sameBenefit" && f.Found.Elsewhere[0].CaseId == earlier).Override!;
        Assert.Equal(("两户已经合并，前一户本月停发。", "cap-compared"), (read.Reason, read.By));
        var line = await db.Set<AuditEntry>().SingleAsync(a => a.Chain == id.ToString() && a.Action == "comparison.overridden");
        Assert.DoesNotContain("合并", line.Details, StringComparison.Ordinal);
        await tasks.CompleteAsync(approver, task.Id, "Grant", [], "compared-2");
        Assert.Equal(1, await db.Set<Grant>().CountAsync(g => g.CaseId == id));
        // A re-verification is about its own grant and does not find it.
        Assert.DoesNotContain(await scene.FindingsAsync(earlier), f => f.Found.Elsewhere[0].CaseId == earlier);
        Assert.Empty(await db.VerifyAsync(default));
    }

    /// <summary>Cases, benefits and people that are there, whatever brought them.</summary>
    private sealed class Scene(TestApp app)
    {
        public const string Here = "341299991", Elsewhere = "341299992";
        private static int serial;
        private readonly Viewer supervisor = CaseStory.Officer("compared-sup", Roles.Supervisor, "341299");

        public CaseComparisons Comparisons { get; } = app.Services.GetRequiredService<CaseComparisons>();
        public DateOnly Today { get; } = CivilAffairs.Web.Platform.Time.BureauTime.Day(DateTimeOffset.UtcNow);

        public async Task<IReadOnlyList<ComparedFinding>> FindingsAsync(Guid id, Viewer? viewer = null) => (await Comparisons.ReadAsync(viewer ?? supervisor, id))!.Findings;

        public Task<MatterFile?> MatterAsync(string matter) => Task.FromResult(app.Services.GetRequiredService<MatterLibrary>().Find(matter)?.Matter);

        public async Task<ComparisonRule> RuleAsync(string matter, string rule) => (await MatterAsync(matter))!.Comparisons.Single(r => r.Id == rule);

        public async Task<Guid> PersonAsync(string name = "某人")
        {
            var person = Persons.New(app.Services.GetRequiredService<KeyRing>(), app.Services.GetRequiredService<FieldCipher>(), TestAccounts.IdNumber(), name, DateTimeOffset.UtcNow);
            await WriteAsync(db => db.Add(person));
            return person.Id;
        }

        public Task<Guid> CaseAsync(string matter, bool closed, params (Guid Person, PartyRole Role)[] parties) => CaseAsync(matter, closed, Here, parties);

        public async Task<Guid> CaseAsync(string matter, bool closed, string township, params (Guid Person, PartyRole Role)[] parties)
        {
            var now = DateTimeOffset.UtcNow;
            var @case = new Case
            {
                Number = $"341299-2099-{Interlocked.Increment(ref serial):000000}", Matter = matter, Revision = app.Services.GetRequiredService<MatterLibrary>().Find(matter)!.Hash, Status = closed ? "Granted" : "Reviewing",
                County = "341299", Township = township, Village = township + "201", CreatedAt = now, SubmittedAt = now, ReceivedOn = Today, ChangedAt = now, DecidedAt = closed ? now : null, ClosedAt = closed ? now : null,
            };
            await WriteAsync(db =>
            {
                app.Services.GetRequiredService<CaseVault>().Create(db, @case.Id);
                db.Add(@case);
                foreach (var ((person, role), i) in parties.Select((p, i) => (p, i))) db.Add(new CaseParty { CaseId = @case.Id, PersonId = person, Role = role, Position = i, RecordedAt = now });
            });
            return @case.Id;
        }

        public async Task<Guid> GrantAsync(string benefit, Guid caseId, Guid holder, DateOnly? until = null)
        {
            var grant = new Grant { CaseId = caseId, Matter = "m", Benefit = benefit, PersonId = holder, HolderName = "某人", County = "341299", Township = Here, AmountFen = 100, Persons = 1, FirstMonth = new DateOnly(2026, 1, 1), LastMonth = until, Parameters = "[]", RecordedAt = DateTimeOffset.UtcNow };
            await WriteAsync(db => db.Add(grant));
            return grant.Id;
        }

        public Task OriginAsync(Guid id, Guid origin) => app.Services.GetRequiredService<IWriter>().WriteAsync((db, _) => db.Set<Case>().Where(c => c.Id == id).ExecuteUpdateAsync(s => s.SetProperty(c => c.OriginId, origin)));

        public Task<int> WriteAsync(Action<CivilAffairsDb> work) => app.Services.GetRequiredService<IWriter>().WriteAsync((db, _) =>
        {
            work(db);
            return Task.FromResult(0);
        });
    }
}
