using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Outbox;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace CivilAffairs.Tests.Features.Cases;

/// <summary>Every example of the first matter, from application to its end, through the real commands on both databases.</summary>
public sealed class SpineTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    public static TheoryData<string, string> Stories
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var kind in Databases.Kinds)
                // Its calendar ends with the year: played where the calendar can be chosen.
                foreach (var example in Matters.ShippedMatters.Load("rural-dibao").Revision!.Examples.Keys.Where(e => e != "calendar-not-loaded.json"))
                    data.Add(kind, example[..^".json".Length]);
            return data;
        }
    }

    [Theory, MemberData(nameof(Stories))]
    public async Task A_case_goes_as_its_example_says(string kind, string name)
    {
        var app = await databases.GetAsync(kind);
        var story = new CaseStory(app);
        var caseId = await story.PlayAsync(name);
        var expect = story.Revision.Examples[name + ".json"].Expect;

        await using var db = story.Open();
        var found = await db.Set<Case>().SingleAsync(c => c.Id == caseId);
        Assert.Equal(expect.Statuses[^1], found.Status);
        Assert.Equal(expect.Instance == "Finished", found.ClosedAt is not null);
        Assert.Equal(expect.ClockLastDay, found.Clock.DueOn);
        Assert.Equal(expect.Documents ?? [], await db.Set<IssuedDocument>().Where(d => d.CaseId == caseId).OrderBy(d => d.IssuedAt).ThenBy(d => d.Id).Select(d => d.Template).ToListAsync());
        Assert.Equal((expect.Mails ?? []).Where(m => m != "audit-deviation.mail"),
            (await db.Set<OutboxMessage>().Where(m => m.CaseId == caseId && m.PersonId != null).OrderBy(m => m.CreatedAt).ThenBy(m => m.Id).Select(m => m.Template!).ToListAsync()).Distinct());
        var grant = await db.Set<Grant>().SingleOrDefaultAsync(g => g.CaseId == caseId);
        Assert.Equal((expect.AmountFen, expect.FirstMonth), (grant?.AmountFen, grant?.FirstMonth));
        if (expect.Tasks is { } tasks)
        {
            var opened = (await db.Set<WorkTask>().Where(t => t.CaseId == caseId && t.Seat == 1).ToListAsync()).Select(t => (t.ActivityId, t.Role, t.StartBy, t.FinishBy));
            Assert.Equal(tasks.Select(t => (t.Activity, t.Role, t.StartBy, t.FinishBy)).Order(), opened.Order());
        }
        Assert.Empty(await db.VerifyAsync(default));
    }
}
