using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;

namespace CivilAffairs.Tests.Features.Cases;

/// <summary>Who may write down what people object to a notice.</summary>
public sealed class ObjectionTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Only_the_townships_reviewer_records_an_objection(string kind)
    {
        var app = await databases.GetAsync(kind);
        var story = new CaseStory(app);
        var day = new DateTimeOffset(2026, 2, 25, 10, 0, 0, TimeSpan.FromHours(8));
        var caseId = await story.PlayAsync("granted", until: day);
        await using var db = story.Open();
        var notice = await db.Set<PublicNotice>().SingleAsync(n => n.CaseId == caseId);
        var clock = new StoryClock(day);
        var events = new CaseKit(app.Services, new CommandRunner(app.Services.GetRequiredService<IWriter>(), clock), clock).Events;

        // The village worker has worked on the case and sees it, but the notice is not theirs.
        var worker = CaseStory.Officer("vil-1", "VIL", story.Village);
        var refused = await Assert.ThrowsAsync<NotAllowedException>(() => events.ObjectAsync(worker, notice.Id, new DateOnly(2026, 2, 25), "情况不符", "", "a"));
        Assert.Equal("notice.reviewerOnly", refused.Reason);
        Assert.Empty(await db.Set<Objection>().Where(o => o.CaseId == caseId).ToListAsync());

        var reviewer = CaseStory.Officer("trv-1", "TRV", story.Township);
        Assert.Equal("Investigating", (await events.ObjectAsync(reviewer, notice.Id, new DateOnly(2026, 2, 25), "情况不符", "", "b")).Status);
    }
}
