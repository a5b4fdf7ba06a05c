using System.Globalization;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Parameters;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;

namespace CivilAffairs.Tests.Features.Parameters;

/// <summary>Values from a day on: who sets them, what is refused, that they hold at once and change nothing that was decided.</summary>
public sealed class ParameterTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    private const string Standard = "dibao.rural.standard";

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_planned_value_holds_from_its_day_and_can_be_taken_back_until_then(string kind)
    {
        var (app, story) = await StartAsync(kind);
        var (commands, admin) = (Get<ParameterCommands>(app), Officer(Roles.Administrator, "341299"));
        await using var db = story.Open();
        Task<string> OnAsync(DateOnly day) => ValueAsync(db, story, day);
        Assert.Equal("900000", await OnAsync(Tomorrow));
        var id = await commands.AddAsync(admin, Standard, Input(story.Township, "9,600"), "once");
        Assert.Equal(id, await commands.AddAsync(admin, Standard, Input(story.Township, "9,600"), "once"));
        // At once, whatever is kept in memory; and not a day too soon, nor next door.
        Assert.Equal(("900000", "960000"), (await OnAsync(Today), await OnAsync(Tomorrow)));
        Assert.Equal("900000", (await EffectiveParameters.OnAsync(db, story.Revision, Tomorrow, "341299999")).Values[Standard]!.ToJsonString());
        var history = (await Get<ParameterQuery>(app).HistoryAsync(admin, Standard))!;
        var row = Assert.Single(history.Values.Single(v => v.Scope == story.Township).Rows);
        Assert.Equal((ValueState.Planned, "皖民发〔2027〕1号", "标准调整"), (row.State, row.Source, row.Reason));
        // Another plan for the same day is told by its field.
        Assert.Equal("from", Assert.Single((await Assert.ThrowsAsync<InvalidAnswersException>(() => commands.AddAsync(admin, Standard, Input(story.Township, "9700"), "twice"))).Faults).Path);
        await commands.WithdrawAsync(admin, id);
        Assert.Equal("900000", await OnAsync(Tomorrow));
        await Assert.ThrowsAsync<UnknownCaseException>(() => commands.WithdrawAsync(admin, id));
        var audit = await db.Set<AuditEntry>().Where(a => a.Chain == AuditTrail.Settings && a.ActorId == admin.AccountId).OrderBy(a => a.Sequence).Select(a => a.Action).ToListAsync();
        Assert.Equal(["parameter.added", "parameter.withdrawn"], audit);
        Assert.Empty(await db.VerifyAsync(default));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_was_decided_keeps_its_value(string kind)
    {
        var (app, story) = await StartAsync(kind);
        var caseId = await story.PlayAsync("granted");
        await using var db = story.Open();
        var before = await db.Set<Grant>().AsNoTracking().SingleAsync(g => g.CaseId == caseId);
        Assert.Contains(Standard, before.Parameters, StringComparison.Ordinal);
        await Get<ParameterCommands>(app).AddAsync(Officer(Roles.Manager, "341299"), Standard, Input(story.Township, "12000"), "raise");
        var after = await db.Set<Grant>().AsNoTracking().SingleAsync(g => g.CaseId == caseId);
        Assert.Equal((before.Parameters, before.AmountFen), (after.Parameters, after.AmountFen));
        // The case replays to the same end from what its journal froze.
        Assert.DoesNotContain((await Get<CaseProof>(app).RunAsync()).Faults, fault => fault.Contains(caseId.ToString(), StringComparison.Ordinal));
        // What is in force is not taken back.
        var used = new ParameterValue { Key = Standard, Scope = story.Township, Value = "900000", ValidFrom = Today, Source = "test" };
        await Get<IWriter>(app).WriteAsync((w, _) => Task.FromResult(w.Add(used)));
        Assert.Equal("parameter.inForce", (await Assert.ThrowsAsync<NotAllowedException>(() => Get<ParameterCommands>(app).WithdrawAsync(Officer(Roles.Manager, "341299"), used.Id))).Reason);
    }

    [Theory]
    [InlineData(Standard, "", "value")]
    [InlineData(Standard, "很多", "value")]
    [InlineData("dibao.notice.days", "6", "value")]
    [InlineData("dibao.limit.total", "31wd", "value")]
    [InlineData("dibao.limit.total", "30d", "value")]
    [InlineData("dibao.limit.total", "bald", "value")]
    [InlineData("dibao.limit.reverify", "none", "value")]
    [InlineData("dibao.sample.percent", "101", "value")]
    [InlineData("dibao.decisionLevel", "village", "value")]
    [InlineData("dibao.income.excludeBasicPension", "maybe", "value")]
    public async Task A_value_that_its_type_or_the_law_forbids_is_told_by_its_field(string key, string value, string field)
    {
        var (app, story) = await StartAsync(Databases.Sqlite);
        Assert.Equal(field, Assert.Single(Get<ParameterCommands>(app).Check(key, Input(story.Township, value))).Path);
    }

    [Theory]
    [InlineData("dibao.notice.days", "10")]
    [InlineData("dibao.limit.total", "25wd")]
    [InlineData("dibao.sample.percent", "33.5%")]
    [InlineData("dibao.decisionLevel", "township")]
    [InlineData("dibao.income.excludeBasicPension", "false")]
    public async Task A_value_within_the_room_that_the_law_leaves_is_taken(string key, string value)
    {
        var (app, story) = await StartAsync(Databases.Sqlite);
        Assert.Empty(Get<ParameterCommands>(app).Check(key, Input(story.Township, value)));
    }

    [Fact]
    public async Task Every_other_field_is_told_by_its_name()
    {
        var (app, _) = await StartAsync(Databases.Sqlite);
        var commands = Get<ParameterCommands>(app);
        Assert.Equal(["scope", "from", "to", "source", "reason"], commands.Check(Standard, new("341299777", "9600", Iso(Today), "tomorrow", " ", "")).Select(f => f.Path));
        Assert.Equal(["to", "reason"], commands.Check(Standard, new("", "9600", Iso(Tomorrow), Iso(Today), "x", new string('长', 501))).Select(f => f.Path));
        Assert.Throws<UnknownCaseException>(() => commands.Check("no.such.key", new("", "1", "", "", "", "")));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Managers_and_administrators_set_values_of_their_own_place_and_nobody_else_any(string kind)
    {
        var (app, story) = await StartAsync(kind);
        var (commands, query) = (Get<ParameterCommands>(app), Get<ParameterQuery>(app));
        var day = 0;
        foreach (var role in Roles.All)
            foreach (var division in new[] { "341299", story.Township, story.Village })
                foreach (var scope in new[] { "", story.Township })
                {
                    var who = Officer(role, division);
                    // The rule once more, plainly.
                    var manages = role is "MGR" or "ADM";
                    var may = manages && (division == "341299" || (division.Length == 9 && scope == division));
                    var input = Input(scope, "9100") with { From = Iso(Today.AddDays(400 + day++)) };
                    var refusal = await Record.ExceptionAsync(() => commands.AddAsync(who, Standard, input, Guid.NewGuid().ToString()));
                    Assert.True(may ? refusal is null : refusal is NotAllowedException { Reason: "parameter.notYours" }, $"{role}@{division} sets '{scope}': {refusal}");
                    Assert.Equal(manages, (await query.ListAsync(who)).Count > 0);
                    Assert.Equal(manages, await query.HistoryAsync(who, Standard) is not null);
                    if (may) Assert.Contains(scope, (await query.HistoryAsync(who, Standard))!.Scopes);
                }
        // What another one planned is withdrawn by the same rule.
        await using var db = story.Open();
        var planned = await db.Set<ParameterValue>().FirstAsync(p => p.Scope == "" && p.Key == Standard && p.ValidFrom > Today);
        Assert.Equal("parameter.notYours", (await Assert.ThrowsAsync<NotAllowedException>(() => commands.WithdrawAsync(Officer(Roles.Manager, story.Township), planned.Id))).Reason);
        foreach (var row in await db.Set<ParameterValue>().Where(p => p.Key == Standard && p.ValidFrom > Today).ToListAsync()) await commands.WithdrawAsync(Officer(Roles.Manager, "341299"), row.Id);
    }

    private static DateOnly Today => BureauTime.Day(DateTimeOffset.UtcNow);
    private static DateOnly Tomorrow => Today.AddDays(1);
    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    private static ParameterInput Input(string scope, string value) => new(scope, value, Iso(Tomorrow), "", "皖民发〔2027〕1号", "标准调整");
    private static Viewer Officer(string role, string division) => new(Guid.NewGuid(), "干部", AccountKind.Officer, [new HeldRole(role, division)]);
    private static T Get<T>(TestApp app) where T : notnull => app.Services.GetRequiredService<T>();

    private static async Task<string> ValueAsync(CivilAffairsDb db, CaseStory story, DateOnly day) =>
        (await EffectiveParameters.OnAsync(db, story.Revision, day, story.Township)).Values[Standard]!.ToJsonString();

    private async Task<(TestApp App, CaseStory Story)> StartAsync(string kind)
    {
        var app = await databases.GetAsync(kind);
        var story = new CaseStory(app);
        await story.PrepareAsync("granted");
        return (app, story);
    }
}
