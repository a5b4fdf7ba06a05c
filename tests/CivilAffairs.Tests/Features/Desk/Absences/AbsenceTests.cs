using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Desk.Absences;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Tests.Features.Desk.Absences;

/// <summary>Who may record whose absence, who may stand in, and what both hear of it.</summary>
public sealed class AbsenceTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_officer_names_a_colleague_of_the_same_post_and_both_are_written_to_once(string kind)
    {
        var town = await AbsenceTown.OpenAsync(await databases.GetAsync(kind));
        var id = await town.RecordAsync(town.Absent, town.Absent, town.Colleague, 1, 3, key: "once");
        Assert.Equal(id, await town.RecordAsync(town.Absent, town.Absent, town.Colleague, 1, 3, key: "once"));
        await Assert.ThrowsAsync<KeyReusedException>(() => town.RecordAsync(town.Absent, town.Absent, town.Colleague, 1, 4, key: "once"));
        Assert.Equal(AbsenceCommands.ToDeputy, Assert.Single(await town.LettersAsync(town.Colleague)).Template);
        Assert.Equal(AbsenceCommands.ToAbsent, Assert.Single(await town.LettersAsync(town.Absent)).Template);

        await Assert.ThrowsAsync<UnknownCaseException>(() => town.Commands().EndAsync(town.Outsider, id, null));
        Assert.Equal("absence.deputyCannotEnd", (await Assert.ThrowsAsync<NotAllowedException>(() => town.Commands().EndAsync(town.Colleague, id, null))).Reason);
        await town.Commands().EndAsync(town.Absent, id, null);
        await town.Commands().EndAsync(town.Supervisor, id, null);
        Assert.Equal([AbsenceCommands.ToDeputy, AbsenceCommands.Ended], (await town.LettersAsync(town.Colleague)).Select(m => m.Template));
        Assert.Equal(2, (await town.LettersAsync(town.Absent)).Count);
        await using var db = town.Story.Open();
        Assert.Equal(["absence.recorded", "absence.ended"], (await db.Set<AuditEntry>().Where(a => a.Chain == AuditTrail.Accounts && a.ActorId == town.Absent.AccountId).OrderBy(a => a.Sequence).ToListAsync())
            .Where(a => a.Details.Contains(id.ToString(), StringComparison.Ordinal)).Select(a => a.Action));
        Assert.Empty(await db.VerifyAsync(default));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_deputy_of_other_posts_takes_the_leader_s_word(string kind)
    {
        var town = await AbsenceTown.OpenAsync(await databases.GetAsync(kind));
        // The same role for the whole county covers a township; another township, or another role, does not.
        var county = await town.OfficerAsync(new HeldRole("TCK", "341299"));
        Assert.Equal("deputyId", await FieldAsync(() => town.RecordAsync(town.Absent, town.Absent, town.Outsider, 0, 1)));
        // Saying so oneself is not the leader's word, and the leader must say so.
        Assert.Equal("deputyId", await FieldAsync(() => town.RecordAsync(town.Absent, town.Absent, town.Outsider, 0, 1, beyond: true)));
        Assert.Equal("deputyId", await FieldAsync(() => town.RecordAsync(town.Supervisor, town.Absent, town.Outsider, 0, 1)));
        await town.RecordAsync(town.Supervisor, town.Absent, town.Outsider, 0, 1, beyond: true);
        await town.RecordAsync(town.Absent, town.Absent, county, 2, 3);
        await using var db = town.Story.Open();
        Assert.Equal([true, false], await db.Set<Absence>().Where(a => a.AccountId == town.Absent.AccountId).OrderBy(a => a.From).Select(a => a.BeyondPosts).ToListAsync());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Neither_chains_nor_two_deputies_nor_days_that_are_over(string kind)
    {
        var town = await AbsenceTown.OpenAsync(await databases.GetAsync(kind));
        var third = await town.OfficerAsync(new HeldRole("TCK", town.Story.Township));
        foreach (var (from, to, field) in new[] { (-1, 1, "from"), (3, 2, "to"), (0, Absence.MostDays, "to") })
            Assert.Equal(field, await FieldAsync(() => town.RecordAsync(town.Absent, town.Absent, town.Colleague, from, to)));
        Assert.Equal("deputyId", await FieldAsync(() => town.RecordAsync(town.Absent, town.Absent, town.Absent, 0, 1)));
        var id = await town.RecordAsync(town.Absent, town.Absent, town.Colleague, 2, 4);
        // A second deputy; a deputy who goes away; somebody away as a deputy: on shared days alone.
        Assert.Equal("from", await FieldAsync(() => town.RecordAsync(town.Absent, town.Absent, third, 4, 6)));
        Assert.Equal("from", await FieldAsync(() => town.RecordAsync(town.Colleague, town.Colleague, third, 4, 4)));
        Assert.Equal("deputyId", await FieldAsync(() => town.RecordAsync(third, third, town.Absent, 0, 2)));
        await town.RecordAsync(town.Colleague, town.Colleague, third, 5, 6);
        await town.Commands().EndAsync(town.Absent, id, null);
        await town.RecordAsync(town.Absent, town.Absent, third, 2, 3);
        foreach (var stranger in new[] { town.Outsider, await town.OfficerAsync(new HeldRole("SUP", "341299999")), await town.OfficerAsync(new HeldRole("TRV", town.Story.Township)) })
            Assert.Equal("absence.leaderOnly", (await Assert.ThrowsAsync<NotAllowedException>(() => town.RecordAsync(stranger, third, town.Colleague, 10, 11))).Reason);
    }

    /// <summary>Two at once, each of which would make a chain of the other: one of them is refused.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Two_at_once_make_no_chain(string kind)
    {
        var town = await AbsenceTown.OpenAsync(await databases.GetAsync(kind));
        var third = await town.OfficerAsync(new HeldRole("TCK", town.Story.Township));
        var both = await Task.WhenAll(Record.ExceptionAsync(() => town.RecordAsync(town.Absent, town.Absent, town.Colleague, 0, 1)), Record.ExceptionAsync(() => town.RecordAsync(town.Colleague, town.Colleague, third, 0, 1)));
        Assert.IsType<InvalidAnswersException>(Assert.Single(both, e => e is not null));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Lists_hold_what_concerns_one_and_a_leader_sees_who_covers(string kind)
    {
        var town = await AbsenceTown.OpenAsync(await databases.GetAsync(kind));
        var id = await town.RecordAsync(town.Absent, town.Absent, town.Colleague, 0, 1);
        var query = town.Get<AbsenceQuery>();
        foreach (var (who, may) in new[] { (town.Absent, true), (town.Colleague, false), (town.Supervisor, true) })
            Assert.Equal((id, AbsenceState.Now, may), Assert.Single((await query.ReadAsync(who)).Lines) is var line ? (line.Id, line.State, line.MayEnd) : default);
        Assert.Empty((await query.ReadAsync(town.Outsider)).Lines);
        Assert.Equal(new[] { town.Absent.AccountId, town.Colleague.AccountId }.Order(), (await query.ReadAsync(town.Supervisor)).Led.Select(o => o.Id).Order());
        Assert.Equal([(town.Colleague.AccountId, true)], (await query.DeputiesAsync(town.Absent, town.Absent.AccountId)).Where(d => d.Id == town.Colleague.AccountId || !d.Covers).Select(d => (d.Id, d.Covers)));
        var possible = await query.DeputiesAsync(town.Supervisor, town.Absent.AccountId);
        Assert.True(possible.Single(d => d.Id == town.Colleague.AccountId).Covers);
        Assert.False(possible.Single(d => d.Id == town.Outsider.AccountId).Covers);
        Assert.Empty(await query.DeputiesAsync(town.Outsider, town.Absent.AccountId));
    }

    private static async Task<string> FieldAsync(Func<Task> refused) => Assert.Single((await Assert.ThrowsAsync<InvalidAnswersException>(refused)).Faults).Path;
}
