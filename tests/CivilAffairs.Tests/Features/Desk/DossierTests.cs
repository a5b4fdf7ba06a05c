using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Words;
using CivilAffairs.Web.Features.Desk.Casefile;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Desk;

/// <summary>What the case page reads for an officer.</summary>
public sealed class DossierTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Both_investigators_findings_are_there_each_with_its_seat(string kind)
    {
        var file = await ReadAsync(await databases.GetAsync(kind), "granted", CaseStory.Forever);
        var visits = file.Tasks.Where(t => t.ActivityId == "visit").ToList();
        Assert.Equal(2, visits.Count);
        Assert.Equal(2, visits.Select(t => t.ClosedById).Distinct().Count());
        Assert.All(visits, t => Assert.NotNull(file.Written[t.Id]["found"]));
        Assert.All(file.Tasks.Where(t => t.State == TaskState.Done), t => Assert.Contains(t.Id, file.Written.Keys));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Whoever_confirms_the_amount_sees_it_before(string kind)
    {
        // Up to the evening before the county's decision.
        var file = await ReadAsync(await databases.GetAsync(kind), "granted", new DateTimeOffset(2026, 3, 9, 12, 0, 0, TimeSpan.Zero));
        Assert.Equal(("confirm", TaskState.Open), (file.Tasks[^1].ActivityId, file.Tasks[^1].State));
        Assert.Equal((true, 120000L), (file.Reckoning.Eligible, file.Reckoning.AmountFen));
        Assert.Empty(file.Reckoning.Failed);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Whoever_refuses_sees_which_condition_is_not_met(string kind)
    {
        var file = await ReadAsync(await databases.GetAsync(kind), "equal-to-the-line", new DateTimeOffset(2026, 3, 9, 12, 0, 0, TimeSpan.Zero));
        Assert.False(file.Reckoning.Eligible);
        Assert.Contains("低保标准", Assert.Single(file.Reckoning.Failed).Zh, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("zh-CN", "DB 16, XK 34", "《最低生活保障审核确认办法》第 16 条、《行政许可法》第 34 条")]
    [InlineData("zh-CN", "L", "本地规定")]
    [InlineData("zh-CN", "DB 20, 21", "《最低生活保障审核确认办法》第 20 条、第 21 条")]
    [InlineData("zh-CN", "SAL 18：由省、市确定", "《社会救助法》第 18 条：由省、市确定")]
    [InlineData("en", "SAL 44", "Social Assistance Law, art. 44")]
    [InlineData("en", "GB 11643", "GB 11643")]
    public async Task The_source_of_a_rule_is_named_in_the_reader_s_language(string language, string source, string words)
    {
        var app = await databases.GetAsync(Databases.Sqlite);
        var before = System.Globalization.CultureInfo.CurrentUICulture;
        System.Globalization.CultureInfo.CurrentUICulture = new System.Globalization.CultureInfo(language);
        try
        {
            await using var scope = app.Services.CreateAsyncScope();
            Assert.Equal(words, scope.ServiceProvider.GetRequiredService<CaseWords>().Source(source));
        }
        finally
        {
            System.Globalization.CultureInfo.CurrentUICulture = before;
        }
    }

    private static async Task<Dossier> ReadAsync(TestApp app, string example, DateTimeOffset until)
    {
        var story = new CaseStory(app);
        var caseId = await story.PlayAsync(example, until);
        await using var scope = app.Services.CreateAsyncScope();
        var file = await scope.ServiceProvider.GetRequiredService<DossierQuery>().ReadAsync(CaseStory.Officer("ldr-1", Roles.Leader, "341299"), caseId);
        return file ?? throw new InvalidOperationException("The leader does not see the case.");
    }
}
