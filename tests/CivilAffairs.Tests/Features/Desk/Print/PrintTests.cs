using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Print;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Features.Desk.Print;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Documents;
using CivilAffairs.Web.Platform.Documents.Fonts;
using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using UglyToad.PdfPig;

namespace CivilAffairs.Tests.Features.Desk.Print;

/// <summary>The form and the whole case file in print: what is in them, on which page, for whom, and what is written down.</summary>
[Collection(ApiStories.Name)]
public sealed partial class PrintTests(StoryApps apps)
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_form_is_printed_for_its_parties_and_for_officers_with_a_reason(string kind)
    {
        var app = await apps.GetAsync(kind);
        var story = new ApiStory(app);
        await story.FileAsync("granted");
        var applicant = story.Example.Form["applicant"]!;
        using (var person = await SignedIn.AsAsync(app, story.UserNameOf("applicant")))
        {
            using var page = await person.PageAsync($"/my/cases/{story.CaseId}");
            using var answer = await person.GetAsync(page.QuerySelector("a[href$='/form']")!.GetAttribute("href")!);
            Assert.Equal("application/pdf", answer.Content.Headers.ContentType?.MediaType);
            var text = PdfText.Of(await answer.Content.ReadAsByteArrayAsync());
            foreach (var word in (string[])["农村最低生活保障申请表", (string)applicant["name"]!, (string)applicant["idNumber"]!, "申请人（代理人）签名：", "—1—"]) Assert.Contains(word, text, StringComparison.Ordinal);
        }
        var path = $"/cases/{story.CaseId}/form/pdf";
        using (var stranger = await ApiCaller.AsAsync(app, (await TestAccounts.ApplicantAsync(app)).UserName!))
        using (var hidden = await stranger.SendAsync(HttpMethod.Get, path)) await ApiCaller.RefusedAsync(hidden, 404);
        var clerk = await story.OfficerAsync("tck-p", new HeldRole(Roles.Clerk, story.Places.Township));
        using (var refused = await clerk.SendAsync(HttpMethod.Get, path)) await ApiCaller.RefusedAsync(refused, 400, "accessReason");
        await GiveReasonAsync(clerk, story.CaseId);
        Assert.NotEmpty(await clerk.BytesAsync(path));
        Assert.Equal(["verify"], await PrintedAsync(story, "form.printed"));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_case_file_has_cover_index_and_all_parts_on_the_pages_that_the_index_says(string kind)
    {
        var app = await apps.GetAsync(kind);
        var story = new ApiStory(app);
        await story.FileAsync("granted", photo: true);
        await story.GoOnAsync(next => next == "visit");
        var clerk = await story.OfficerAsync("tck-p", new HeldRole(Roles.Clerk, story.Places.Township));
        var path = $"/cases/{story.CaseId}/prints";
        using (var refused = await clerk.PostAsync(path)) await ApiCaller.RefusedAsync(refused, 400, "accessReason");
        await GiveReasonAsync(clerk, story.CaseId);
        var id = (Guid)(await clerk.DoAsync(HttpMethod.Post, path))!["id"]!;
        // Asked again while it waits, it is the same one; and it is not there before it is made.
        Assert.Equal(id, (Guid)(await clerk.DoAsync(HttpMethod.Post, path))!["id"]!);
        Assert.Equal("Waiting", (string?)(await clerk.GetAsync($"{path}/{id}"))["state"]);
        using (var early = await clerk.SendAsync(HttpMethod.Get, $"{path}/{id}/pdf")) await ApiCaller.RefusedAsync(early, 404);
        await MakeAllAsync(app);
        var ready = await clerk.GetAsync($"{path}/{id}");
        Assert.Equal("Ready", (string?)ready["state"]);
        var pdf = await clerk.BytesAsync($"{path}/{id}/pdf");
        var (pages, index) = (PagesOf(pdf), Index(pdf));
        Assert.Equal((int)ready["pages"]!, pages.Count);
        Assert.All(pages.Select((text, i) => (text, i)), p => Assert.Contains($"第{p.i + 1}页共{pages.Count}页", p.text, StringComparison.Ordinal));

        var dossier = await story.DossierAsync();
        Assert.Contains((string)dossier["number"]!, pages[0], StringComparison.Ordinal);
        Assert.Contains((string)story.Example.Form["applicant"]!["name"]!, pages[0], StringComparison.Ordinal);
        Assert.Contains("卷内目录", pages[1], StringComparison.Ordinal);
        // Each part begins where the index says.
        foreach (var (name, head) in new[] { ("申请表", "农村最低生活保障申请表"), ("材料清单", "材料清单"), ("决定", "决定还没有决定。"), ("办理经过", "办理经过") })
            Assert.StartsWith(head, pages[index[name] - 1], StringComparison.Ordinal);
        var paper = dossier["documents"]!.AsArray()[0]!;
        var named = ((string)paper["name"]! + (string)paper["number"]!).Replace(" ", "", StringComparison.Ordinal);
        Assert.Contains((string)paper["number"]!, pages[index[named] - 1], StringComparison.Ordinal);
        var picture = Assert.Single(Enumerable.Range(0, pages.Count), i => pages[i].StartsWith("材料1", StringComparison.Ordinal));
        Assert.Equal(1, Pictures(pdf, picture));
        Assert.Contains("提交申请", pages[index["办理经过"] - 1], StringComparison.Ordinal);

        // For who asked, for a day; every time it is opened is written down.
        var colleague = await story.OfficerAsync("tck-q", new HeldRole(Roles.Clerk, story.Places.Township));
        await GiveReasonAsync(colleague, story.CaseId);
        foreach (var other in (string[])[$"{path}/{id}", $"{path}/{id}/pdf"])
            using (var hidden = await colleague.SendAsync(HttpMethod.Get, other)) await ApiCaller.RefusedAsync(hidden, 404);
        using (var applicants = await (await story.ApplicantAsync()).PostAsync(path)) await ApiCaller.RefusedAsync(applicants, 403);
        Assert.Equal(["verify", "verify", "verify"], await PrintedAsync(story, "casefile.printed"));
        await using var db = story.Places.Open();
        var stored = (await db.Set<CasePrint>().SingleAsync(p => p.Id == id)).StoredHash!;
        Assert.DoesNotContain("%PDF", System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(Path.Combine(app.Data, "files", stored[..2], stored))), StringComparison.Ordinal);
        app.Clock.Put(app.Clock.GetUtcNow() + CasePrints.Kept + TimeSpan.FromMinutes(1));
        var later = await story.OfficerAsync("tck-p", new HeldRole(Roles.Clerk, story.Places.Township));
        await GiveReasonAsync(later, story.CaseId);
        using (var gone = await later.SendAsync(HttpMethod.Get, $"{path}/{id}/pdf")) await ApiCaller.RefusedAsync(gone, 404);
        await MakeAllAsync(app);
        Assert.False(await db.Set<CasePrint>().AnyAsync(p => p.Id == id));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Who_may_not_see_the_case_any_more_gets_nothing(string kind)
    {
        var app = await apps.GetAsync(kind);
        var story = new ApiStory(app);
        await story.FileAsync("granted");
        var clerk = await story.OfficerAsync("tck-r", new HeldRole(Roles.Clerk, story.Places.Township));
        await GiveReasonAsync(clerk, story.CaseId);
        var id = (Guid)(await clerk.DoAsync(HttpMethod.Post, $"/cases/{story.CaseId}/prints"))!["id"]!;
        await clerk.DoAsync(HttpMethod.Post, $"/cases/{story.CaseId}/recusals", new JsonObject { ["reason"] = "relative" });
        await MakeAllAsync(app);
        await using var db = story.Places.Open();
        Assert.Equal((PrintState.Failed, (string?)null), await db.Set<CasePrint>().Where(p => p.Id == id).Select(p => new { p.State, p.StoredHash }).SingleAsync() is var row ? (row.State, row.StoredHash) : default);
        using var hidden = await clerk.SendAsync(HttpMethod.Get, $"/cases/{story.CaseId}/prints/{id}/pdf");
        await ApiCaller.RefusedAsync(hidden, 404);
    }

    /// <summary>An index of several pages pushes everything behind it; and what has too many pages is refused instead of being made.</summary>
    [Fact]
    public void An_index_counts_its_own_pages_and_a_file_has_an_end()
    {
        using var fonts = new DocumentFonts();
        var cover = new JsonObject { ["office"] = "测试镇", ["number"] = "1", ["facts"] = new JsonArray() };
        var parts = Enumerable.Range(1, 90).Select(i => new FilePart($"第{i}件", "<h1>{{ title }}</h1>", new JsonObject { ["title"] = $"第{i}件" })).ToList();
        DocumentRenderer Renderer(DocumentLimits limits) => new(fonts, TimeProvider.System, NullLogger<DocumentRenderer>.Instance, limits);
        var pages = PagesOf(Renderer(DocumentLimits.CaseFile).Bind(PrintTemplates.Cover, cover, parts, PrintTemplates.Chinese).ToPdf(DateTimeOffset.UnixEpoch, "x"));
        var front = pages.Count - parts.Count;
        Assert.True(front > 3, $"{front}");
        for (var i = 0; i < parts.Count; i++) Assert.StartsWith($"第{i + 1}件", pages[front + i], StringComparison.Ordinal);
        Assert.Contains($"1第1件{front + 1}1", string.Concat(pages.Take(front)), StringComparison.Ordinal);
        Assert.Contains($"90第90件{pages.Count}1", string.Concat(pages.Take(front)), StringComparison.Ordinal);
        Assert.Throws<DocumentTemplateException>(() => Renderer(DocumentLimits.CaseFile with { Pages = parts.Count + 2 }).Bind(PrintTemplates.Cover, cover, parts, PrintTemplates.Chinese));
    }

    /// <summary>Some a run, and what other stories asked for as well; then there is nothing left to make.</summary>
    private static async Task MakeAllAsync(StoryApp app)
    {
        var job = app.Services.GetServices<IJob>().OfType<CasePrintJob>().Single();
        for (var runs = 0; await job.RunAsync(default) > 0; runs++) Assert.True(runs < 50);
    }

    private static async Task GiveReasonAsync(ApiCaller officer, Guid caseId) => await officer.DoAsync(HttpMethod.Post, $"/cases/{caseId}/access-reasons", new JsonObject { ["reason"] = "verify" });

    private static async Task<List<string>> PrintedAsync(ApiStory story, string action)
    {
        await using var db = story.Places.Open();
        var lines = await db.Set<AuditEntry>().Where(a => a.Chain == story.CaseId.ToString() && a.Action == action).OrderBy(a => a.Sequence).Select(a => a.Details).ToListAsync();
        return lines.ConvertAll(l => (string)JsonNode.Parse(l)!["reason"]!);
    }

    /// <summary>What each page says, without spaces.</summary>
    private static List<string> PagesOf(byte[] pdf)
    {
        using var document = PdfDocument.Open(pdf);
        return [.. document.GetPages().Select(p => Space().Replace(string.Concat(p.Letters.Select(l => l.Value)), ""))];
    }

    private static int Pictures(byte[] pdf, int page)
    {
        using var document = PdfDocument.Open(pdf);
        return document.GetPage(page + 1).GetImages().Count();
    }

    /// <summary>The index's lines: name of a part and the page on which it begins.</summary>
    private static Dictionary<string, int> Index(byte[] pdf)
    {
        using var document = PdfDocument.Open(pdf);
        var letters = document.GetPage(2).Letters.Where(l => !string.IsNullOrWhiteSpace(l.Value)).ToList();
        var width = document.GetPage(2).Width;
        // Columns: number, name, page, pages; each line of the table has letters at one height.
        return letters.GroupBy(l => Math.Round(l.StartBaseLine.Y)).Select(line => (
                Name: string.Concat(line.Where(l => l.StartBaseLine.X > width * 0.21 && l.StartBaseLine.X < width * 0.68).Select(l => l.Value)),
                Page: string.Concat(line.Where(l => l.StartBaseLine.X >= width * 0.68 && l.StartBaseLine.X < width * 0.775).Select(l => l.Value))))
            .Where(l => int.TryParse(l.Page, out _)).ToDictionary(l => Space().Replace(l.Name, ""), l => int.Parse(l.Page, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"\s|\u3000")] private static partial Regex Space();
}
