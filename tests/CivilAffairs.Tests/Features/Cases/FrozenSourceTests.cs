using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CivilAffairs.Tests.Features.Cases;

/// <summary>A task keeps its limits and where they come from as they were when it was opened; a case keeps its three places.</summary>
public sealed class FrozenSourceTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_limit_s_value_and_source_stay_whatever_is_set_later(string kind)
    {
        var app = await databases.GetAsync(kind);
        var relief = await ReliefCases.InAsync(app);
        var before = await relief.FileAsync("apply", [ReliefCases.Somebody()]);
        await app.Services.GetRequiredService<IWriter>().WriteAsync((db, _) =>
        {
            db.AddRange(new ParameterValue { Key = "test.limit.accept", Value = "\"4wd\"", ValidFrom = new(2026, 3, 1), Source = "测民〔2026〕3号" }, new ParameterValue { Key = "test.limit.total", Value = "\"20wd\"", ValidFrom = new(2026, 3, 1), Source = "测民〔2026〕4号" });
            return Task.FromResult(0);
        });
        var after = await relief.FileAsync("apply", [ReliefCases.Somebody()]);

        // The boolean only says which limit counts; what the definition wrote out itself has the step's own basis.
        var first = await relief.TaskAsync(before);
        Assert.Equal(("5wd", "S DB 10", "2wd", null, "SAL 37"), (first.FinishLimit, first.FinishSource, first.StartLimit, first.StartSource, first.Source));
        var second = await relief.TaskAsync(after);
        Assert.Equal(("4wd", "S 测民〔2026〕3号", "SAL 37"), (second.FinishLimit, second.FinishSource, second.Source));

        await relief.CloseAsync(after);
        await using var db = relief.Open();
        var clock = (await db.Set<Case>().SingleAsync(c => c.Id == after)).Clock;
        Assert.Equal(("20wd", "S 测民〔2026〕4号"), (clock.LimitText, clock.LimitSource));
        var decide = await relief.TaskAsync(after);
        Assert.Equal(("10wd", "S DB 20", null), (decide.FinishLimit, decide.FinishSource, decide.Source));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_office_goes_by_one_place_and_the_others_are_kept_too(string kind)
    {
        var app = await databases.GetAsync(kind);
        var relief = await ReliefCases.InAsync(app);
        // Registered in another county, as temporary relief allows.
        var caseId = await relief.FileAsync("apply", [ReliefCases.Somebody()], hukou: "110101001001");
        await using var db = relief.Open();
        var @case = await db.Set<Case>().SingleAsync(c => c.Id == caseId);
        Assert.Equal(("341299101", "341299101201", "110101001001", "341299101201"), (@case.Township, @case.Village, @case.HukouDivision, @case.EventDivision));

        // A form that says nothing of places means what it always meant: its one place is what the matter goes by.
        var old = await new Support.CaseStory(app).PlayAsync("granted", new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var dibao = await db.Set<Case>().SingleAsync(c => c.Id == old);
        Assert.Equal((dibao.Village, null), (dibao.HukouDivision, dibao.EventDivision));
    }

    [Theory]
    [InlineData("\"hukou\":\"person.hukou\"", "\"hukou\":\"person.fullName\"", "$.places.hukou", "division")]
    [InlineData("\"event\":\"event.village\"", "\"event\":\"event.gone\"", "$.places.event", "event.gone")]
    [InlineData("\"place\":\"event.village\"", "\"place\":\"person.hukou\"", "$.place", "person.hukou")]
    public void Places_that_do_not_fit_are_found(string from, string to, string at, string said)
    {
        var root = ReliefMatter.Write(form => form.Replace(from, to, StringComparison.Ordinal));
        var faults = MatterFolder.Load(Path.Combine(root, ReliefMatter.Id)).Faults;
        Directory.Delete(root, recursive: true);
        Assert.Contains(faults, f => f.IsError && f.Path == at && f.Text.Zh.Contains(said, StringComparison.Ordinal));
    }
}
