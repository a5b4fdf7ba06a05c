using System.Globalization;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Features.Cases.Model;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Tests.Features.Apply;

/// <summary>An agent 代理人 follows a case and acts in it as far and as long as the letter of authority says, and no further.</summary>
[Collection(ApiStories.Name)]
public sealed class AgentTests(StoryApps apps)
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_agent_sees_the_case_until_the_day_and_withdraws_it_only_with_that_power(string kind)
    {
        var app = await apps.GetAsync(kind);
        var story = new ApiStory(app);
        var until = await FileAsync(story, mayWithdraw: false);
        var account = await TestAccounts.OfPersonAsync(app, (string)story.Example.Form["applicant"]!["agentIdNumber"]!);
        using (var agent = await ApiCaller.AsAsync(app, account.UserName!))
        {
            Assert.False((bool)(await agent.GetAsync($"/my/cases/{story.CaseId}"))["mayWithdraw"]!);
            using (var refused = await agent.PostAsync($"/cases/{story.CaseId}/withdraw")) await ApiCaller.RefusedAsync(refused, 403, "case.withdrawAgent");
            await agent.DoAsync(HttpMethod.Post, $"/cases/{story.CaseId}/messages", content: new MultipartFormDataContent { { new StringContent("材料已经寄出。"), "text" } });
        }
        using (var person = await SignedIn.AsAsync(app, account.UserName!))
        using (var page = await person.PageAsync($"/my/cases/{story.CaseId}"))
        {
            var told = page.QuerySelector("#agent")!.TextContent;
            Assert.Contains("您是本办件的代理人", told, StringComparison.Ordinal);
            Assert.Contains(until.ToString("yyyy年M月d日", CultureInfo.InvariantCulture), told, StringComparison.Ordinal);
            Assert.Null(page.QuerySelector("a[href$='/withdraw']"));
        }

        // The last day counts; the day after there is no such case for the agent, and the applicant goes on.
        app.Clock.Put(At(until, 23));
        using (var last = await ApiCaller.AsAsync(app, account.UserName!)) await last.GetAsync($"/my/cases/{story.CaseId}");
        app.Clock.Put(At(until.AddDays(1), 1));
        using var over = await ApiCaller.AsAsync(app, account.UserName!);
        foreach (var path in (string[])[$"/my/cases/{story.CaseId}", $"/cases/{story.CaseId}/messages", $"/cases/{story.CaseId}/documents"])
            using (var hidden = await over.SendAsync(HttpMethod.Get, path)) await ApiCaller.RefusedAsync(hidden, 404);
        Assert.Empty((await over.GetAsync("/my/cases"))["items"]!.AsArray());
        var applicant = await story.ApplicantAsync();
        Assert.True((bool)(await applicant.GetAsync($"/my/cases/{story.CaseId}"))["mayWithdraw"]!);
        await applicant.DoAsync(HttpMethod.Post, $"/cases/{story.CaseId}/withdraw");
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_agent_with_the_power_withdraws_and_one_who_filed_it_loses_it_all_the_same(string kind)
    {
        var app = await apps.GetAsync(kind);
        var story = new ApiStory(app);
        var until = await FileAsync(story, mayWithdraw: true);
        var account = await TestAccounts.OfPersonAsync(app, (string)story.Example.Form["applicant"]!["agentIdNumber"]!);
        await using var db = story.Places.Open();
        // As if the agent's account had filed it, which is theirs from then on.
        await db.Set<Case>().Where(c => c.Id == story.CaseId).ExecuteUpdateAsync(s => s.SetProperty(c => c.ApplicantAccountId, account.Id));
        using (var agent = await ApiCaller.AsAsync(app, account.UserName!)) Assert.True((bool)(await agent.GetAsync($"/my/cases/{story.CaseId}"))["mayWithdraw"]!);
        app.Clock.Put(At(until.AddDays(1), 1));
        using (var over = await ApiCaller.AsAsync(app, account.UserName!))
        {
            using (var hidden = await over.SendAsync(HttpMethod.Get, $"/my/cases/{story.CaseId}")) await ApiCaller.RefusedAsync(hidden, 404);
            Assert.Empty((await over.GetAsync("/my/cases"))["items"]!.AsArray());
        }
        app.Clock.Put(At(until, 9));
        using var again = await ApiCaller.AsAsync(app, account.UserName!);
        await again.DoAsync(HttpMethod.Post, $"/cases/{story.CaseId}/withdraw");
        Assert.Equal("Withdrawn", (string)(await story.DossierAsync())["status"]!);
    }

    /// <returns>The last day of the authority, three days on.</returns>
    private static async Task<DateOnly> FileAsync(ApiStory story, bool mayWithdraw)
    {
        var until = default(DateOnly);
        await story.FileAsync("agent-lives-elsewhere", example =>
        {
            until = Web.Platform.Time.BureauTime.Day(example.At).AddDays(3);
            (example.Form["applicant"]!["agentUntil"], example.Form["applicant"]!["agentMayWithdraw"]) = (until.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), mayWithdraw);
            return example;
        });
        return until;
    }

    private static DateTimeOffset At(DateOnly day, int hour) => new(day.ToDateTime(new TimeOnly(hour, 0)), TimeSpan.FromHours(8));
}
