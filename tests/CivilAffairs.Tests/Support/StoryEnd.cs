using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Tests.Support;

/// <summary>What must have come of a story: status, legal clock, documents, letters, amount, first month, every task with its limits, and an unbroken audit.</summary>
internal static class StoryEnd
{
    public static async Task CompareAsync(CivilAffairsDb db, Guid caseId, ExampleExpectation expect)
    {
        var found = await db.Set<Case>().SingleAsync(c => c.Id == caseId);
        Assert.Equal(expect.Statuses[^1], found.Status);
        Assert.Equal(expect.Instance == "Finished", found.ClosedAt is not null);
        Assert.Equal(expect.ClockLastDay, found.Clock.DueOn);
        Assert.Equal(expect.Documents ?? [], await db.Set<IssuedDocument>().Where(d => d.CaseId == caseId).OrderBy(d => d.IssuedAt).ThenBy(d => d.Id).Select(d => d.Template).ToListAsync());
        // Whoever is written to gets every letter, and each once.
        var letters = await db.Set<OutboxMessage>().Where(m => m.CaseId == caseId && m.PersonId != null).OrderBy(m => m.CreatedAt).ThenBy(m => m.Id).Select(m => new { m.PersonId, m.Template }).ToListAsync();
        var wanted = (expect.Mails ?? []).Where(m => m != "audit-deviation.mail").ToList();
        Assert.All(letters.GroupBy(l => l.PersonId), own => Assert.Equal(wanted, own.Select(l => l.Template)));
        // An organisation's go to its contacts, and to nobody in person; who founds one is written to in person.
        var contacts = await db.Set<OutboxMessage>().Where(m => m.CaseId == caseId && m.SubjectId != null).OrderBy(m => m.CreatedAt).ThenBy(m => m.Id).Select(m => m.Template!).ToListAsync();
        Assert.Equal(found.SubjectId is null || letters.Count > 0 ? [] : wanted, contacts);
        Assert.Equal(wanted.Count > 0, letters.Count + contacts.Count > 0);
        var grants = (await db.Set<Grant>().Where(g => g.CaseId == caseId).Select(g => new { g.AmountFen, g.FirstMonth }).ToListAsync()).ConvertAll(g => ((long?)g.AmountFen, (DateOnly?)g.FirstMonth));
        // One application may bring several benefits; the example tells one of them.
        if (grants.Count > 1) Assert.Contains((expect.AmountFen, expect.FirstMonth), grants);
        else Assert.Equal((expect.AmountFen, expect.FirstMonth), grants.SingleOrDefault());
        if (expect.Tasks is { } tasks)
        {
            var opened = (await db.Set<WorkTask>().Where(t => t.CaseId == caseId && t.Seat == 1).ToListAsync()).Select(t => (t.ActivityId, t.Role, t.StartBy, Announced(t.FinishBy)));
            Assert.Equal(tasks.Select(t => (t.Activity, t.Role, t.StartBy, Announced(t.FinishBy))).Order(), opened.Order());
        }
        Assert.Empty(await db.VerifyAsync(default));
    }

    /// <summary>Last year whose working days the product knows. A limit that ends later has no last day in an example, and one that is only expected in the product.</summary>
    private static readonly int LastYear = Directory.EnumerateFiles(Repository.Path("src", "CivilAffairs.Web", "Data", "calendars"), "*.json").Max(f => int.Parse(Path.GetFileNameWithoutExtension(f), System.Globalization.CultureInfo.InvariantCulture));

    private static DateOnly? Announced(DateOnly? day) => day?.Year > LastYear ? null : day;
}
