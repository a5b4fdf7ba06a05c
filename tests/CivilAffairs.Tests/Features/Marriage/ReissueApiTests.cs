using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Demo;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Tests.Features.Marriage;

/// <summary>补领: the archive is found, looked up again right before the decision, and its line followed by another one, over the HTTP API on both databases (domain §7).</summary>
[Collection(ApiStories.Name)]
public sealed class ReissueApiTests(StoryApps apps)
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_reissued_marriage_certificate_keeps_its_day_and_follows_the_old_line(string kind)
    {
        var app = await apps.GetAsync(kind);
        var story = new ApiStory(app, "marriage-reissue");
        await story.PlayAsync("again");
        var lines = await LinesAsync(story, "marriages");
        Assert.Equal([("2026-05-20", "2026-08-11"), ("2026-08-12", "2026-09-15"), ("2026-09-16", null)], lines.Select(l => (Iso(l.ValidFrom)!, Iso(l.ValidTo))));
        var entries = lines.ConvertAll(l => JsonNode.Parse(l.Entry)!);
        for (var i = 1; i < 3; i++)
        {
            Assert.Matches("^BJ341299-2026-[0-9]{6}$", (string)entries[i]["certificate"]!);
            Assert.Equal((string)entries[i - 1]["certificate"]!, (string)entries[i]["replaces"]!);
            Assert.Equal(lines[i - 1].Id, (Guid)entries[i]["of"]!);
            // However often it is reissued: the day on which they married, not that of the last certificate.
            Assert.Equal("2026-05-20", (string)entries[i]["registeredOn"]!);
        }
        var (number, text, pages) = await PaperAsync(story);
        Assert.Equal((string)entries[2]["certificate"]!, number);
        Assert.Equal(2, pages);
        Assert.All(new[] { "登记日期2026年5月20日", "补发日期2026年9月16日", (string)entries[1]["certificate"]! }, said => Assert.Contains(said, text, StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_reissued_divorce_certificate_is_the_applicant_s_alone(string kind)
    {
        var app = await apps.GetAsync(kind);
        var story = new ApiStory(app, "marriage-reissue");
        await story.PlayAsync("divorce");
        var lines = await LinesAsync(story, "divorces");
        Assert.Equal([("2026-07-20", "2026-08-11"), ("2026-08-12", null)], lines.Select(l => (Iso(l.ValidFrom)!, Iso(l.ValidTo))));
        var (number, text, pages) = await PaperAsync(story);
        Assert.Matches("^BL341299-2026-[0-9]{6}$", number);
        Assert.Equal(1, pages);
        Assert.Contains("登记日期2026年7月20日", text, StringComparison.Ordinal);
        Assert.Contains("补发日期2026年8月12日", text, StringComparison.Ordinal);
        // The marriage stays ended: a divorce certificate marries nobody again.
        Assert.Equal("2026-07-19", Iso(Assert.Single(await LinesAsync(story, "marriages")).ValidTo));
    }

    /// <summary>Most archives are older than this system: the day and number are the paper's, and a line begins.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_only_the_paper_archive_has_is_reissued_from_it(string kind)
    {
        var app = await apps.GetAsync(kind);
        var story = new ApiStory(app, "marriage-reissue");
        await story.PlayAsync("paper-archive");
        var line = JsonNode.Parse(Assert.Single(await LinesAsync(story, "marriages")).Entry)!;
        Assert.Equal("2009-10-12", (string)line["registeredOn"]!);
        var (_, text, _) = await PaperAsync(story);
        Assert.Contains("登记日期2009年10月12日", text, StringComparison.Ordinal);
        Assert.Contains("原证字号：J341299-2009-000321", text, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Refusals
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var kind in Databases.Kinds)
                foreach (var name in new[] { "no-archive", "not-the-person", "sent-back", "ended", "remarried" }) data.Add(kind, name);
            return data;
        }
    }

    [Theory, MemberData(nameof(Refusals))]
    public async Task A_refusal_says_why_and_leaves_the_register_alone(string kind, string name)
    {
        var app = await apps.GetAsync(kind);
        var story = new ApiStory(app, "marriage-reissue");
        await story.PlayAsync(name);
        var dossier = await story.DossierAsync();
        Assert.Equal("Refused", (string)dossier["status"]!);
        Assert.Equal("refusal-decision.html", (string)Assert.Single(dossier["documents"]!.AsArray())!["template"]!);
        foreach (var register in new[] { "marriages", "divorces" }) Assert.DoesNotContain(await LinesAsync(story, register), l => l.CaseId == story.CaseId);
        var (_, text, _) = await PaperAsync(story);
        Assert.Contains("《婚姻登记条例》", text, StringComparison.Ordinal);
        Assert.Contains("行政复议", text, StringComparison.Ordinal);
    }

    /// <summary>They divorce between the officer's reading and her decision: the second look sees it, and nothing is issued.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_marriage_that_ends_in_between_is_not_certified(string kind)
    {
        var app = await apps.GetAsync(kind);
        var story = new ApiStory(app, "marriage-reissue");
        await story.FileAsync("ended-in-between");
        await MeanwhileAsync(app, story, "divorce", "completed");
        await story.GoOnAsync(next => next == "refuse");
        Assert.Equal("refuse", (string)Assert.Single(await story.OpenAsync())["activity"]!);
        await story.GoOnAsync();
        Assert.Equal("Refused", (string)(await story.DossierAsync())["status"]!);
        Assert.DoesNotContain(await LinesAsync(story, "marriages"), l => l.CaseId == story.CaseId);
    }

    /// <summary>They marry each other again in between: no divorce certificate is left to reissue.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_divorce_that_is_undone_in_between_is_not_certified(string kind)
    {
        var app = await apps.GetAsync(kind);
        var story = new ApiStory(app, "marriage-reissue");
        await story.FileAsync("divorce", e => e.Moved(e.At.AddDays(35)));
        await MeanwhileAsync(app, story, "marriage", "remarried");
        await story.GoOnAsync();
        Assert.Equal("refuse", (string)Assert.Single(await story.OpenAsync())["activity"]!);
        Assert.DoesNotContain(await LinesAsync(story, "divorces"), l => l.CaseId == story.CaseId);
    }

    /// <summary>Another case of the same two people, by itself.</summary>
    private static async Task MeanwhileAsync(StoryApp app, ApiStory story, string matter, string name)
    {
        var other = new CaseStory(app, matter, story.Places.Number);
        var example = await other.PrepareAsync(name);
        await new StoryPlayer(app.Services, new StoryClock(example.At), (task, by) => CaseStory.Officer(by, task.Role, task.Division)).PlayAsync(other.Revision, example, other.Applicant, CaseStory.Forever);
    }

    /// <summary>Lines of a register about the case's two people, oldest first.</summary>
    private static async Task<List<RegisterEntry>> LinesAsync(ApiStory story, string register)
    {
        await using var db = story.Places.Open();
        var persons = db.Set<CaseParty>().Where(p => p.CaseId == story.CaseId).Select(p => p.PersonId);
        var cases = db.Set<CaseParty>().Where(p => persons.Contains(p.PersonId)).Select(p => (Guid?)p.CaseId);
        return await db.Set<RegisterEntry>().Where(e => e.Register == register && cases.Contains(e.CaseId)).OrderBy(e => e.ValidFrom).ThenBy(e => e.Id).ToListAsync();
    }

    /// <summary>The one paper of the case, its text without spaces.</summary>
    private static async Task<(string Number, string Text, int Pages)> PaperAsync(ApiStory story)
    {
        var registrar = await story.ApplicantAsync();
        var paper = Assert.Single((await registrar.GetAsync($"/cases/{story.CaseId}"))["documents"]!.AsArray())!;
        await registrar.DoAsync(HttpMethod.Post, $"/cases/{story.CaseId}/access-reasons", new JsonObject { ["reason"] = "verify" });
        var pdf = await registrar.BytesAsync($"/cases/{story.CaseId}/documents/{(Guid)paper["id"]!}/pdf");
        return ((string)paper["number"]!, PdfText.Of(pdf).Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal), PdfText.Pages(pdf));
    }

    private static string? Iso(DateOnly? day) => day?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
}
