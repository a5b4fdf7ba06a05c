using System.Net;
using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Reminders.Digest;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Account = CivilAffairs.Web.Platform.Security.Account;

namespace CivilAffairs.Tests.Features.Reminders;

/// <summary>On workday mornings each officer hears once how much waits for him; not on days off, not where nothing does, not who switched it off.</summary>
public sealed class MorningDigestTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    // Thursday 2026-10-08 is the first workday after the holidays.
    private static readonly DateOnly Morning = new(2026, 10, 8);

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_is_new_amber_and_red_is_counted_for_holders_and_posts(string kind)
    {
        var desk = await WorkAsync(kind);
        foreach (var day in new[] { new DateOnly(2026, 10, 7), Morning.AddDays(3) }) await Digest(desk, day).RunAsync(default);
        Assert.Empty(await LettersAsync(desk, desk.Holder));
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => Digest(desk, Morning).RunAsync(default))));
        await Digest(desk, Morning).RunAsync(default);
        // One of his own is red, one amber; nobody holds the third, which came after the last digest.
        Assert.Equal("{\"new\":1,\"amber\":1,\"red\":1,\"path\":\"/desk\"}", Assert.Single(await LettersAsync(desk, desk.Holder)));
        Assert.Equal("{\"new\":1,\"amber\":0,\"red\":0,\"path\":\"/desk\"}", Assert.Single(await LettersAsync(desk, desk.Colleague)));
        Assert.Empty(await LettersAsync(desk, desk.Approver));
        await Digest(desk, Morning.AddDays(1)).RunAsync(default);
        Assert.Equal(2, (await LettersAsync(desk, desk.Holder)).Count);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Who_switches_it_off_gets_none_until_he_switches_it_on(string kind)
    {
        var desk = await WorkAsync(kind);
        using var holder = await SignedIn.AsAsync(desk.App, desk.Holder.UserName!);
        using (var off = await holder.SubmitAsync("/digest", [], "main form")) Assert.Equal(HttpStatusCode.Redirect, off.StatusCode);
        using (var page = await holder.PageAsync("/digest")) Assert.Contains("不会收到", page.QuerySelector(".note")!.TextContent, StringComparison.Ordinal);
        await Digest(desk, Morning).RunAsync(default);
        Assert.Empty(await LettersAsync(desk, desk.Holder));
        Assert.Single(await LettersAsync(desk, desk.Colleague));
        using (await holder.SubmitAsync("/digest", [], "main form")) { }
        await Digest(desk, Morning).RunAsync(default);
        Assert.Single(await LettersAsync(desk, desk.Holder));
        using var nobody = SignedIn.Nobody(desk.App);
        using var refused = await nobody.GetAsync("/api/v1/digest");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    private async Task<ReminderDesk> WorkAsync(string kind)
    {
        var desk = await ReminderDesk.OpenAsync(await databases.GetAsync(kind));
        foreach (var officer in new[] { desk.Holder, desk.Colleague, desk.Approver })
            await desk.WriteAsync(db => db.Users.Where(a => a.Id == officer.Id).ExecuteUpdateAsync(s => s.SetProperty(a => a.Email, $"{officer.UserName}@bureau.example")));
        var @case = desk.NewCase();
        var (red, amber, free) = (desk.NewTask(@case, new DateOnly(2026, 8, 3), holder: desk.Holder.Id), desk.NewTask(@case, new DateOnly(2026, 9, 18), holder: desk.Holder.Id), desk.NewTask(@case, new DateOnly(2026, 9, 30), "60wd"));
        free.CreatedAt = new DateTimeOffset(2026, 9, 30, 8, 0, 0, TimeSpan.Zero);
        await desk.StoreAsync(@case, red, amber, free);
        return desk;
    }

    private static MorningDigest Digest(ReminderDesk desk, DateOnly day) =>
        new(desk.App.Services.GetRequiredService<IReader>(), desk.App.Services.GetRequiredService<IWriter>(), desk.App.Services.GetRequiredService<Calendars>(), ReminderDesk.Clock(day));

    private static async Task<List<string>> LettersAsync(ReminderDesk desk, Account who)
    {
        await using var db = desk.Read();
        var data = await db.Set<OutboxMessage>().Where(m => m.AccountId == who.Id && m.Template == "digest.mail").Select(m => m.Data!).ToListAsync();
        return data.ConvertAll(d => JsonNode.Parse(d)!.ToJsonString());
    }
}
