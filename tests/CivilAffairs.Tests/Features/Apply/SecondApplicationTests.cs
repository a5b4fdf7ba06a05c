using System.Net;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;

namespace CivilAffairs.Tests.Features.Apply;

/// <summary>Who has an open application is told so and led to it; who is somebody else learns no number.</summary>
[Collection(ApiStories.Name)]
public sealed class SecondApplicationTests(StoryApps apps)
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_second_application_is_told_plainly_and_a_stranger_s_number_to_nobody(string kind)
    {
        var app = await apps.GetAsync(kind);
        var story = new ApiStory(app);
        await story.FileAsync("granted");
        var number = (string)(await (await story.ApplicantAsync()).GetAsync($"/my/cases/{story.CaseId}"))["number"]!;
        var link = $"/my/cases/{story.CaseId}";
        using var person = await SignedIn.AsAsync(app, (string)story.Example.Form["applicant"]!["idNumber"]!);
        using (var start = await person.PageAsync("/my/apply/rural-dibao"))
        {
            Assert.Contains(number, start.QuerySelector(".note")!.TextContent, StringComparison.Ordinal);
            Assert.NotNull(start.QuerySelector($".note a[href='{link}']"));
        }
        using (var other = await person.PageAsync("/my/apply/old-age-allowance")) Assert.Null(other.QuerySelector(".note"));
        var again = await story.DraftAsync(await story.ApplicantAsync());
        using (var sent = await person.SubmitAsync($"/my/drafts/{again}/check-answers", []))
        using (var page = await SignedIn.ReadAsync(sent))
        {
            Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
            Assert.Contains(number, page.QuerySelector(".summary")!.TextContent, StringComparison.Ordinal);
            Assert.NotNull(page.QuerySelector($".summary a[href='{link}']"));
        }
        var stranger = await TestAccounts.ApplicantAsync(app, name: "旁人");
        using var caller = await ApiCaller.AsAsync(app, stranger.UserName!);
        var theirs = await story.DraftAsync(caller);
        using var refused = await caller.PostAsync($"/drafts/{theirs}/submit");
        var told = (await ApiCaller.RefusedAsync(refused, 422)).ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        Assert.Contains("请向受理窗口了解", told, StringComparison.Ordinal);
        Assert.DoesNotContain(number, told, StringComparison.Ordinal);
        Assert.DoesNotContain(story.CaseId.ToString(), told, StringComparison.Ordinal);
    }
}
