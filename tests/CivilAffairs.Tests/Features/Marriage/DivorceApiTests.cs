using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Tests.Features.Marriage;

/// <summary>Cooling-off, window, withdrawal by either alone, over the HTTP API on both databases (domain §7, B29–B31).</summary>
[Collection(ApiStories.Name)]
public sealed partial class DivorceApiTests(StoryApps apps)
{
    public static TheoryData<string, string, string, string, string> Days
    {
        get
        {
            var data = new TheoryData<string, string, string, string, string>();
            foreach (var kind in Databases.Kinds)
            {
                data.Add(kind, "2026-01-15", "2026-02-14", "2026-02-15", "2026-03-16");
                data.Add(kind, "2026-01-16", "2026-02-24", "2026-02-25", "2026-03-26");
                data.Add(kind, "2026-09-02", "2026-10-08", "2026-10-09", "2026-11-09");
            }
            return data;
        }
    }

    /// <summary>B29, B30, B31: what the registrar and both parties are told, in their accounts and on the receipt.</summary>
    [Theory, MemberData(nameof(Days))]
    public async Task Both_parties_and_the_registry_know_the_days(string kind, string receipt, string end, string open, string last)
    {
        var app = await apps.GetAsync(kind);
        var story = new ApiStory(app, "divorce");
        await story.PlayAsync("last-day", next => next == "timer", e => e.Moved(DateTimeOffset.Parse($"{receipt}T09:00:00+08:00", System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal([end, open, last], Told(await story.DossierAsync()));
        foreach (var party in new[] { "applicant", "spouse" })
        {
            using var own = await PartyAsync(app, story, party);
            var mine = await own.GetAsync($"/my/cases/{story.CaseId}");
            Assert.Equal([end, open, last], Told(mine));
            Assert.True((bool)mine["mayWithdraw"]!);
            var paper = Assert.Single(mine["documents"]!.AsArray());
            var text = PdfText.Of(await own.BytesAsync($"/cases/{story.CaseId}/documents/{(Guid)paper!["id"]!}/pdf"));
            Assert.All(new[] { receipt, end, open, last }, day => Assert.Contains(Zh(day), text, StringComparison.Ordinal));
        }
        // Nothing to decide before the window opens; a reminder three days before the cooling-off ends.
        Assert.Empty(await story.OpenAsync());
        Assert.True(await story.NextTimerAsync());
        Assert.Equal(DateOnly.Parse(end, System.Globalization.CultureInfo.InvariantCulture).AddDays(-3), Web.Platform.Time.BureauTime.Day(app.Clock.GetUtcNow()));
        Assert.True(await story.NextTimerAsync());
        Assert.Equal(open, Web.Platform.Time.BureauTime.Day(app.Clock.GetUtcNow()).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(last, (string?)Assert.Single(await story.OpenAsync("issue"))["finishBy"]);
    }

    /// <summary>Who did not sign first withdraws alone, on the last day of the cooling-off; the paper names them, and the other cannot undo it.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Either_withdraws_alone_until_the_last_day(string kind)
    {
        var app = await apps.GetAsync(kind);
        var story = new ApiStory(app, "divorce");
        await story.PlayAsync("lapsed", next => next is "timer" or "withdraw");
        using (var stranger = await ApiCaller.AsAsync(app, (await TestAccounts.ApplicantAsync(app)).UserName!))
        using (var closed = await stranger.PostAsync($"/cases/{story.CaseId}/withdraw")) await ApiCaller.RefusedAsync(closed, 404);
        await story.NextTimerAsync();
        app.Clock.Put(DateTimeOffset.Parse("2026-02-24T23:30:00+08:00", System.Globalization.CultureInfo.InvariantCulture));
        using var she = await PartyAsync(app, story, "spouse");
        await she.DoAsync(HttpMethod.Post, $"/cases/{story.CaseId}/withdraw");
        using var he = await PartyAsync(app, story, "applicant");
        var mine = await he.GetAsync($"/my/cases/{story.CaseId}");
        Assert.Equal(("Withdrawn", false), ((string)mine["status"]!, (bool)mine["mayWithdraw"]!));
        var paper = mine["documents"]!.AsArray().Single(d => ((string)d!["number"]!).StartsWith("离撤", StringComparison.Ordinal))!;
        var text = PdfText.Of(await he.BytesAsync($"/cases/{story.CaseId}/documents/{(Guid)paper["id"]!}/pdf"));
        Assert.Contains($"已由{(string)story.Example.Form["spouse"]!["name"]!}于2026年2月24日撤回", text, StringComparison.Ordinal);
        using var again = await he.PostAsync($"/cases/{story.CaseId}/withdraw");
        await ApiCaller.RefusedAsync(again, 403, "case.tooLate");
        Assert.False(await story.NextTimerAsync());
    }

    /// <summary>From the day after, neither withdraws alone: not in their account, not at the counter.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task After_the_cooling_off_nobody_withdraws_alone(string kind)
    {
        var app = await apps.GetAsync(kind);
        var story = new ApiStory(app, "divorce");
        await story.PlayAsync("lapsed", next => next == "withdraw");
        app.Clock.Put(DateTimeOffset.Parse("2026-02-25T00:30:00+08:00", System.Globalization.CultureInfo.InvariantCulture));
        using var she = await PartyAsync(app, story, "spouse");
        Assert.False((bool)(await she.GetAsync($"/my/cases/{story.CaseId}"))["mayWithdraw"]!);
        using (var late = await she.PostAsync($"/cases/{story.CaseId}/withdraw")) await ApiCaller.RefusedAsync(late, 403, "case.tooLate");
        var registrar = await story.ApplicantAsync();
        using (var late = await registrar.PostAsync($"/cases/{story.CaseId}/withdraw", new JsonObject { ["party"] = "spouse" })) await ApiCaller.RefusedAsync(late, 403, "case.tooLate");
        // Who came in on the last day, and was written down the day after, was in time.
        await registrar.DoAsync(HttpMethod.Post, $"/cases/{story.CaseId}/withdraw", new JsonObject { ["party"] = "spouse", ["occurredOn"] = "2026-02-24" });
        Assert.Equal("Withdrawn", (string)(await story.DossierAsync())["status"]!);
    }

    /// <summary>The divorce ends the entry of the marriage: at the counter each of the two is free again from that day.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_marriage_ends_with_the_certificates(string kind)
    {
        var app = await apps.GetAsync(kind);
        var story = new ApiStory(app, "divorce");
        await story.PlayAsync("completed", next => next == "issue");
        Assert.Null((await MarriageAsync(story)).ValidTo);
        await story.GoOnAsync();
        var dossier = await story.DossierAsync();
        Assert.Equal("Registered", (string)dossier["status"]!);
        Assert.Matches("^L341299-2026-[0-9]{6}$", (string)dossier["documents"]!.AsArray().Single(d => (string)d!["template"]! == "divorce-certificate.html")!["number"]!);
        Assert.Equal(new DateOnly(2026, 7, 19), (await MarriageAsync(story)).ValidTo);
    }

    /// <summary>Where the calendar of the year is not published, no day is made up: the receipt says so, and either may still withdraw.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_day_in_a_year_without_a_calendar_stays_unknown(string kind)
    {
        var app = await apps.ProductionAsync(kind);
        var story = new ApiStory(app, "divorce");
        await story.PlayAsync("last-day", next => next == "timer", e => e.Moved(new DateTimeOffset(2026, 12, 15, 9, 0, 0, TimeSpan.FromHours(8))));
        Assert.False(await story.NextTimerAsync());
        Assert.Equal([null, null, null], Told(await story.DossierAsync()));
        using var she = await PartyAsync(app, story, "spouse");
        var mine = await she.GetAsync($"/my/cases/{story.CaseId}");
        Assert.True((bool)mine["mayWithdraw"]!);
        var text = PdfText.Of(await she.BytesAsync($"/cases/{story.CaseId}/documents/{(Guid)mine["documents"]!.AsArray()[0]!["id"]!}/pdf"));
        Assert.Contains("待国家公布节假日安排后确定", text, StringComparison.Ordinal);
    }

    /// <summary>A letter that somebody else in the house reads, or sees on a locked screen, tells nothing (domain §11).</summary>
    [Fact]
    public void No_letter_tells_what_it_is_about()
    {
        var letters = Directory.GetFiles(Repository.Path("workflows", "divorce", "templates"), "*.mail");
        Assert.Equal(16, letters.Length);
        foreach (var letter in letters) Assert.DoesNotMatch(Telling(), File.ReadAllText(letter));
    }

    private static List<string?> Told(JsonObject told) => [.. told["keyDates"]!.AsArray().Select(d => (string?)d!["day"])];

    private static string Zh(string day) => DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture).ToString("yyyy年M月d日", System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<ApiCaller> PartyAsync(TestApp app, ApiStory story, string party) =>
        await ApiCaller.AsAsync(app, (await TestAccounts.OfPersonAsync(app, (string)story.Example.Form[party]!["idNumber"]!)).UserName!);

    private static async Task<RegisterEntry> MarriageAsync(ApiStory story)
    {
        await using var db = story.Places.Open();
        var persons = db.Set<CaseParty>().Where(p => p.CaseId == story.CaseId).Select(p => p.PersonId).ToList();
        var cases = db.Set<CaseParty>().Where(p => persons.Contains(p.PersonId)).Select(p => p.CaseId).Distinct().ToList();
        return db.Set<RegisterEntry>().Single(e => e.Register == "marriages" && cases.Contains(e.CaseId!.Value));
    }

    [GeneratedRegex("婚|离|冷静|证|divorce|marri|cooling|spouse|certificate", RegexOptions.IgnoreCase)] private static partial Regex Telling();
}
