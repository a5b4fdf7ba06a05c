using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Apply;

/// <summary>The applicant's side over HTTP alone, without JavaScript; officers act through the product's commands.</summary>
public sealed class ApplyStoryTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_household_applies_is_asked_to_correct_gets_its_papers_and_withdraws(string kind)
    {
        var app = await databases.GetAsync(kind);
        var story = new CaseStory(app);
        var example = await story.PrepareAsync("corrected");
        var account = await TestAccounts.ApplicantAsync(app, name: "王建国");
        using var person = await SignedIn.AsAsync(app, account.UserName!);
        var draft = await FormTyping.StartAsync(person, "rural-dibao");
        await FormTyping.TypeAsync(person, draft, story.Revision.Form, example.Form);
        await AttachAsync(person, draft);

        // Sent twice with the same key, as an impatient finger does: filed once.
        using var check = await person.PageAsync($"{draft}/check-answers");
        Assert.Null(check.QuerySelector(".summary"));
        Assert.Contains("¥9,600.00", check.Body!.TextContent, StringComparison.Ordinal);
        using var sent = await person.SendAsync(check, $"{draft}/check-answers", []);
        using var again = await person.SendAsync(check, $"{draft}/check-answers", []);
        Assert.EndsWith("/receipt", sent.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, again.StatusCode);
        var home = sent.Headers.Location!.ToString().Replace("/receipt", "", StringComparison.Ordinal);
        var caseId = Guid.Parse(home.Split('/')[^1]);
        using var receipt = await person.PageAsync($"{home}/receipt");
        Assert.Matches("341299-20[0-9]{2}-[0-9]{6}", receipt.QuerySelector(".number")!.TextContent);

        await OfficerAsync(app, story, caseId, "Correct", new JsonObject { ["defects"] = "缺少收入说明" });
        using var asked = await person.PageAsync(home);
        Assert.Contains("待补正", asked.QuerySelector(".line .now")!.TextContent, StringComparison.Ordinal);
        using var list = await person.PageAsync($"/my/drafts/{caseId}");
        Assert.Contains("缺少收入说明", list.QuerySelector(".note")!.TextContent, StringComparison.Ordinal);
        using var changed = await person.SubmitAsync($"/my/drafts/{caseId}/reason", new() { ["a-text"] = "补充说明：家中有慢性病人。", ["go"] = "on" });
        Assert.Equal(HttpStatusCode.Redirect, changed.StatusCode);
        using var resent = await person.SubmitAsync($"/my/drafts/{caseId}/check-answers", new() { ["a-note"] = "已补齐" });
        Assert.Equal(HttpStatusCode.Redirect, resent.StatusCode);
        using var after = await person.PageAsync(home);
        Assert.Contains("已提交", after.QuerySelector(".line .now")!.TextContent, StringComparison.Ordinal);

        await PdfAsync(person, after.QuerySelectorAll(".rows .links a")[0].GetAttribute("href")!, app);
        await NobodyElseAsync(app, home, draft);

        using var withdrawn = await person.SubmitAsync($"{home}/withdraw", []);
        Assert.Equal(HttpStatusCode.Redirect, withdrawn.StatusCode);
        using var end = await person.PageAsync(home);
        Assert.Contains("已撤回", end.QuerySelector(".line .now")!.TextContent, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_was_typed_wrongly_is_named_kept_and_found_again(string kind)
    {
        var app = await databases.GetAsync(kind);
        await new CaseStory(app).PrepareAsync("granted");
        var account = await TestAccounts.ApplicantAsync(app);
        using var person = await SignedIn.AsAsync(app, account.UserName!);
        var draft = await FormTyping.StartAsync(person, "rural-dibao");
        using var answer = await person.SubmitAsync($"{draft}/members/0", new() { ["a-idNumber"] = "123", ["a-wages"] = "三千", ["a-disability"] = "limb", ["go"] = "on" });
        using var page = await SignedIn.ReadAsync(answer);
        Assert.Equal("三千", page.QuerySelector("#a-wages")!.GetAttribute("value"));
        Assert.Contains(page.QuerySelectorAll(".summary a"), a => a.GetAttribute("href") == "#a-idNumber");
        // Asked because of what was just answered, and not reproached.
        Assert.NotNull(page.QuerySelector(".field.fresh #a-disabilityLevel"));
        using var left = await person.SendAsync(page, $"{draft}/members/0", new() { ["go"] = "leave" });
        Assert.Equal(HttpStatusCode.Redirect, left.StatusCode);
        using var back = await person.PageAsync($"{draft}/members/0");
        Assert.Equal("123", back.QuerySelector("#a-idNumber")!.GetAttribute("value"));
        Assert.Equal("三千", back.QuerySelector("#a-wages")!.GetAttribute("value"));
        using var removed = await person.SubmitAsync($"{draft}/members/0/remove", []);
        using var empty = await person.PageAsync($"{draft}/members");
        Assert.NotNull(empty.QuerySelector(".empty"));
    }

    private static async Task AttachAsync(SignedIn person, string draft)
    {
        using var page = await person.PageAsync($"{draft}/attachments");
        var form = page.QuerySelector("form[enctype]")!;
        using var content = new MultipartFormDataContent();
        foreach (var hidden in form.QuerySelectorAll("input[type=hidden]")) content.Add(new StringContent(hidden.GetAttribute("value")!), hidden.GetAttribute("name")!);
        var bytes = new ByteArrayContent("%PDF-1.4\n"u8.ToArray());
        bytes.Headers.ContentType = new MediaTypeHeaderValue("application/pdf");
        content.Add(bytes, "file", "收入说明.pdf");
        using var sent = await person.Client.PostAsync(new Uri(form.GetAttribute("action")!, UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.Redirect, sent.StatusCode);
        using var after = await person.PageAsync($"{draft}/attachments");
        using var file = await person.GetAsync(after.QuerySelector(".rows .links a")!.GetAttribute("href")!);
        Assert.Equal("attachment", file.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("%PDF-1.4\n"u8.ToArray(), await file.Content.ReadAsByteArrayAsync());
    }

    private static async Task OfficerAsync(TestApp app, CaseStory story, Guid caseId, string outcome, JsonObject fields)
    {
        var tasks = app.Services.GetRequiredService<TaskCommands>();
        await using var db = story.Open();
        var task = await db.Set<WorkTask>().FirstAsync(t => t.CaseId == caseId && t.State == TaskState.Open && t.Role != Roles.Applicant);
        var clerk = CaseStory.Officer("tck-1", task.Role, task.Division);
        await tasks.ClaimAsync(clerk, task.Id);
        await tasks.CompleteAsync(clerk, task.Id, outcome, fields, Guid.NewGuid().ToString());
    }

    /// <summary>The same bytes each time, and a code that confirms the document to anybody.</summary>
    private static async Task PdfAsync(SignedIn person, string path, TestApp app)
    {
        var first = await person.Client.GetByteArrayAsync(new Uri(path, UriKind.Relative));
        Assert.Equal("%PDF"u8.ToArray(), first[..4]);
        Assert.Equal(first, await person.Client.GetByteArrayAsync(new Uri(path, UriKind.Relative)));
        using var html = await person.PageAsync(path.Replace("/pdf", "", StringComparison.Ordinal));
        Assert.NotNull(html.QuerySelector("article.document h1"));
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        var id = Guid.Parse(path.Split('/')[^2]);
        var document = await db.Set<IssuedDocument>().FirstAsync(d => d.Id == id);
        Assert.NotNull(document.PdfHash);
        using var anybody = SignedIn.Nobody(app);
        using var verified = await anybody.PageAsync($"/verify/{document.VerifyCode}");
        Assert.Contains(document.Number, verified.Body!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("王建国", verified.Body!.TextContent, StringComparison.Ordinal);
        using var unknown = await anybody.GetAsync("/verify/0000000000000000");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    private static async Task NobodyElseAsync(TestApp app, string home, string draft)
    {
        var account = await TestAccounts.ApplicantAsync(app, name: "李四");
        using var other = await SignedIn.AsAsync(app, account.UserName!);
        foreach (var path in new[] { home, $"{home}/receipt", $"{home}/withdraw", draft, $"{draft}/applicant", $"{draft}/check-answers", $"{draft}/attachments" })
        {
            using var refused = await other.GetAsync(path);
            Assert.True(refused.StatusCode == HttpStatusCode.NotFound, $"{path}: {(int)refused.StatusCode}");
        }
        using var nobody = SignedIn.Nobody(app);
        using var asked = await nobody.GetAsync(home);
        Assert.StartsWith("/sign-in", asked.Headers.Location!.PathAndQuery, StringComparison.Ordinal);
    }
}
