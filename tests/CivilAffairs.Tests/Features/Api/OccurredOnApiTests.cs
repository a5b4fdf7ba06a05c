using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Tests.Features.Api;

/// <summary>Over HTTP: an officer says on which day something happened, and reads what came of it and what it rests on, on both databases.</summary>
[Collection(ApiStories.Name)]
public sealed class OccurredOnApiTests(StoryApps apps)
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_officer_states_the_day_and_everything_that_is_read_says_it(string kind)
    {
        var app = await apps.GetAsync(kind);
        var story = new ApiStory(app);
        await story.PlayAsync("relative", next => next == "confirm");
        var task = (await story.OpenAsync("confirm"))[0];
        var (id, opened) = ((Guid)task["id"]!, DateOnly.Parse((string)task["openedOn"]!, null));
        // From the day that the county got it, which is before the day that its reviewer was done.
        Assert.Equal(("10wd", "DB 20, 21"), ((string?)task["finishLimit"], (string?)task["source"]));
        Assert.True(DateOnly.Parse((string)task["countedFrom"]!, null) < opened);
        Assert.Equal("S DB 20", (string?)task["finishSource"]);
        // Recorded weeks after it was signed.
        app.Clock.Put(new DateTimeOffset(opened.AddDays(40).ToDateTime(new TimeOnly(2, 0)), TimeSpan.Zero));
        var approver = await story.OfficerAsync("cap-late", new HeldRole(Roles.CountyApprover, "341299"));
        foreach (var (day, said) in new[] { (opened.AddDays(41), "日期不能晚于今天。"), (opened.AddDays(-1), "日期不能早于这项任务开始的日期") })
        {
            using var wrong = await approver.PostAsync($"/tasks/{id}/complete", Answer(day));
            Assert.Contains(said, (await ApiCaller.RefusedAsync(wrong, 422))["errors"]!["occurredOn"]![0]!.GetValue<string>(), StringComparison.Ordinal);
        }
        using (var odd = await approver.PostAsync($"/tasks/{id}/complete", new JsonObject { ["outcome"] = "Grant", ["occurredOn"] = "yesterday" })) await ApiCaller.RefusedAsync(odd, 400);
        await approver.DoAsync(HttpMethod.Post, $"/tasks/{id}/complete", Answer(opened));

        var file = await story.DossierAsync();
        Assert.Equal(opened, DateOnly.Parse((string)file["decisions"]![0]!["occurredOn"]!, null));
        var grant = file["grants"]![0]!;
        Assert.Equal((Iso(opened), Iso(new DateOnly(opened.Year, opened.Month, 1).AddMonths(1))), ((string?)grant["occurredOn"], (string?)grant["firstMonth"]));
        Assert.Equal("S DB 22", (string?)file["clock"]!["source"]);
        Assert.Contains(file["story"]!.AsArray(), l => (string?)l!["kind"] == "task.completed" && (string?)l["occurredOn"] == Iso(opened));

        // The register's line is valid from the day it was entered, without an end.
        var line = (await (await story.SupervisorAsync()).GetAsync("/registers/relatives?pageSize=100"))["items"]!.AsArray().Single(l => (Guid?)l!["caseId"] == story.CaseId)!;
        Assert.Equal(((string?)line["occurredOn"], null), ((string?)line["validFrom"], (string?)line["validTo"]));
        var payer = await story.OfficerAsync("fin-late", new HeldRole(Roles.Payments, "341299"));
        var detail = await payer.GetAsync($"/benefits/{(Guid)grant["id"]!}");
        Assert.Equal((Iso(opened), 120_000L, "王**"), ((string?)detail["occurredOn"], (long)detail["amountFen"]!, (string?)detail["holder"]));
        Assert.Contains(detail["values"]!.AsArray(), v => (string?)v!["key"] == "dibao.rural.standard" && (long)v["value"]! == 900_000 && ((string?)v["source"])!.StartsWith("L ", StringComparison.Ordinal));
        var stranger = await story.OfficerAsync("tck-far", new HeldRole(Roles.Clerk, "341299996"));
        using var hidden = await stranger.SendAsync(HttpMethod.Get, $"/benefits/{(Guid)grant["id"]!}");
        await ApiCaller.RefusedAsync(hidden, 404);

        static JsonObject Answer(DateOnly day) => new() { ["outcome"] = "Grant", ["occurredOn"] = Iso(day) };
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_came_by_post_is_filed_as_of_the_day_it_came_in_and_only_at_the_counter(string kind)
    {
        var app = await apps.GetAsync(kind);
        var story = new ApiStory(app);
        await story.FileAsync("relative");
        var applicant = await story.ApplicantAsync();
        var mine = await story.DraftAsync(applicant);
        using (var online = await applicant.PostAsync($"/drafts/{mine}/submit", new JsonObject { ["occurredOn"] = "2026-01-05" })) Assert.NotNull((await ApiCaller.RefusedAsync(online, 422))["errors"]!["occurredOn"]);

        var clerk = await story.OfficerAsync("post", new HeldRole(Roles.Clerk, story.Places.Township));
        var form = story.Example.Form.ToJsonString();
        foreach (var number in CivilAffairs.Web.Features.Demo.Households.IdNumbers(form))
            form = form.Replace(number, CivilAffairs.Web.Features.Demo.Households.Another(number, 9_500 + (kind == Databases.Sqlite ? 1 : 2)), StringComparison.Ordinal);
        var id = (Guid)(await clerk.DoAsync(HttpMethod.Post, "/drafts", new JsonObject { ["matter"] = "rural-dibao" }))!["id"]!;
        foreach (var (section, value) in JsonNode.Parse(form)!.AsObject()) await clerk.DoAsync(HttpMethod.Put, $"/drafts/{id}/sections/{section}", value!.DeepClone());
        foreach (var wanted in (await clerk.GetAsync($"/drafts/{id}"))["attachments"]!.AsArray().Where(a => (bool)a!["wanted"]!))
            await clerk.DoAsync(HttpMethod.Post, $"/drafts/{id}/attachments/{(string)wanted!["slot"]!}", content: ApiCaller.File(CivilAffairs.Web.Features.Demo.SamplePicture.Png, "证明.png"));
        var (today, came) = (BureauTime.Day(app.Clock.GetUtcNow()), BureauTime.Day(app.Clock.GetUtcNow()).AddDays(-4));
        using (var future = await clerk.PostAsync($"/drafts/{id}/submit", new JsonObject { ["occurredOn"] = Iso(today.AddDays(1)) })) Assert.NotNull((await ApiCaller.RefusedAsync(future, 422))["errors"]!["occurredOn"]);
        await clerk.DoAsync(HttpMethod.Post, $"/drafts/{id}/submit", new JsonObject { ["occurredOn"] = Iso(came) });
        var file = await clerk.GetAsync($"/cases/{id}");
        Assert.Equal((Iso(came), Iso(came)), ((string?)file["receivedOn"], (string?)file["tasks"]![0]!["countedFrom"]));
        await using var db = story.Places.Open();
        Assert.All(await db.Set<CaseFile>().Where(f => f.CaseId == id).ToListAsync(), f => Assert.Equal((came, today), (f.OccurredOn, BureauTime.Day(f.RecordedAt))));
        using (var early = await clerk.PostAsync($"/cases/{id}/withdraw", new JsonObject { ["occurredOn"] = Iso(came.AddDays(-1)) })) Assert.NotNull((await ApiCaller.RefusedAsync(early, 422))["errors"]!["occurredOn"]);
        await clerk.DoAsync(HttpMethod.Post, $"/cases/{id}/withdraw", new JsonObject { ["occurredOn"] = Iso(came.AddDays(1)) });
        Assert.Equal(Iso(came.AddDays(1)), (string?)(await clerk.GetAsync($"/cases/{id}"))["decisions"]![0]!["occurredOn"]);
    }

    private static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
