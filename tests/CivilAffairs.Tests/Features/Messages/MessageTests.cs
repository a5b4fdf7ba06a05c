using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AngleSharp.Html.Dom;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Cases.Messages;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Tests.Features.Messages;

/// <summary>Messages 留言 about a case go both ways, once, to who may read them, and the letters about them tell nothing.</summary>
[Collection(ApiStories.Name)]
public sealed class MessageTests(StoryApps apps)
{
    private const string Words = "我家的收入证明什么时候能开出来？联系电话 13800009998";

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_question_is_asked_and_answered_once_and_both_know_when_it_was_read(string kind)
    {
        var app = await apps.GetAsync(kind);
        var story = await FiledAsync(app);
        var clerk = await story.OfficerAsync("tck-m", new HeldRole(Roles.Clerk, story.Places.Township));
        await clerk.DoAsync(HttpMethod.Post, $"/tasks/{await story.TaskAsync("accept")}/claim");
        using var person = await SignedIn.AsAsync(app, story.UserNameOf("applicant"));
        var path = $"/my/cases/{story.CaseId}/messages";
        using (var empty = await person.PageAsync(path)) Assert.Contains("还没有留言", empty.Body!.TextContent, StringComparison.Ordinal);

        // Without a word nothing is sent; pressed twice it is sent once.
        using (var refused = await person.SubmitAsync(path, new() { ["Text"] = "  " })) Assert.Contains("请填写留言内容", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using (var page = await person.PageAsync(path))
            for (var i = 0; i < 2; i++)
                using (var sent = await person.SendAsync(page, path, new() { ["Text"] = Words })) Assert.Equal($"{path}?sent=true", sent.Headers.Location?.OriginalString);
        await using var db = story.Places.Open();
        var asked = await db.Set<CaseMessage>().SingleAsync(m => m.CaseId == story.CaseId);
        Assert.Equal((MessageSide.Applicant, (DateTimeOffset?)null), (asked.Side, asked.ReadAt));
        Assert.DoesNotContain("收入证明", Encoding.UTF8.GetString(asked.Cipher), StringComparison.Ordinal);

        // Who has the case in hand is written to, and finds it in the queue and in the list of what is unread.
        var letter = await db.Set<OutboxMessage>().SingleAsync(m => m.CaseId == story.CaseId && m.Template == "message-office.mail");
        Assert.Equal(((string?)null, (string?)null, OutboxMessage.Product, $"{{\"path\":\"/desk/cases/{story.CaseId}?tab=messages\"}}"), (letter.Subject, letter.Body, letter.Revision, letter.Data));
        Assert.Equal(1, (int)(await clerk.GetAsync("/tasks?pageSize=100"))["items"]!.AsArray().Single(t => (Guid)t!["caseId"]! == story.CaseId)!["unreadMessages"]!);
        Assert.Contains((await clerk.GetAsync("/desk/messages"))["items"]!.AsArray(), r => (Guid)r!["caseId"]! == story.CaseId && (int)r["count"]! == 1 && !((string)r["applicant"]!).Contains((string)story.Example.Form["applicant"]!["name"]!, StringComparison.Ordinal));

        // A supervisor reads it without a mark: it goes on waiting. Who handles the case reads it, and it is read.
        var supervisor = await story.SupervisorAsync();
        Assert.Equal(0, (int)(await supervisor.DoAsync(HttpMethod.Post, $"/cases/{story.CaseId}/messages/read"))!["count"]!);
        Assert.Equal(Words, (string?)(await supervisor.GetAsync($"/cases/{story.CaseId}/messages"))["items"]![0]!["text"]);
        Assert.Equal(1, (int)(await clerk.DoAsync(HttpMethod.Post, $"/cases/{story.CaseId}/messages/read"))!["count"]!);
        Assert.Equal(0, (int)(await clerk.DoAsync(HttpMethod.Post, $"/cases/{story.CaseId}/messages/read"))!["count"]!);
        Assert.DoesNotContain((await clerk.GetAsync("/desk/messages"))["items"]!.AsArray(), r => (Guid)r!["caseId"]! == story.CaseId);

        // Answered with a file, which the applicant opens and a colleague opens for a reason.
        using (var answered = await SendAsync(clerk, story.CaseId, "证明由村委会开具，请本周内提交。", (SamplePicture.Png, "../说明.png"))) Assert.Equal(HttpStatusCode.Created, answered.StatusCode);
        Assert.Equal(1, (int)(await (await story.ApplicantAsync()).GetAsync("/my/cases?pageSize=100"))["items"]!.AsArray().Single(c => (Guid)c!["id"]! == story.CaseId)!["unreadMessages"]!);
        var toParty = await db.Set<OutboxMessage>().Where(m => m.CaseId == story.CaseId && m.Template == "message.mail").ToListAsync();
        Assert.All(toParty, m => Assert.NotNull(m.PersonId ?? m.AccountId));
        Assert.NotEmpty(toParty);
        using (var page = await person.PageAsync(path))
        {
            Assert.Contains("工作人员已读", page.Body!.TextContent, StringComparison.Ordinal);
            var link = Assert.IsType<IHtmlAnchorElement>(page.QuerySelector(".messages .plain-list a"), exactMatch: false);
            Assert.Equal("说明.png", link.TextContent);
            using var file = await person.GetAsync(link.GetAttribute("href")!);
            Assert.Equal(SamplePicture.Png, await file.Content.ReadAsByteArrayAsync());
        }
        var told = (await clerk.GetAsync($"/cases/{story.CaseId}/messages"))["items"]!.AsArray();
        Assert.Equal(["Office", "Applicant"], told.Select(m => (string?)m!["side"]));
        Assert.NotNull(told[0]!["readAt"]);
        var attached = (Guid)told[0]!["files"]![0]!["id"]!;
        var colleague = await story.OfficerAsync("tck-n", new HeldRole(Roles.Clerk, story.Places.Township));
        using (var refused = await colleague.SendAsync(HttpMethod.Get, $"/cases/{story.CaseId}/attachments/{attached}")) await ApiCaller.RefusedAsync(refused, 400, "accessReason");
        // It is no material of the application, and no one takes it away as one.
        Assert.DoesNotContain((await story.DossierAsync())["attachments"]!.AsArray(), a => (Guid)a!["id"]! == attached);
        Assert.Empty(await db.VerifyAsync(default));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Only_who_sees_the_case_reads_and_writes_and_one_day_brings_one_letter(string kind)
    {
        var app = await apps.GetAsync(kind);
        var story = new ApiStory(app, "divorce");
        await story.PlayAsync("lapsed", next => next is "timer" or "withdraw");
        var registrar = await story.ApplicantAsync();
        // Both parties read all of it; the letters are the same as of any matter, and name neither it nor a person.
        using var he = await ApiCaller.AsAsync(app, (await TestAccounts.OfPersonAsync(app, (string)story.Example.Form["applicant"]!["idNumber"]!)).UserName!);
        var spouse = await TestAccounts.OfPersonAsync(app, (string)story.Example.Form["spouse"]!["idNumber"]!);
        using var she = await ApiCaller.AsAsync(app, spouse.UserName!);
        await SendAsync(registrar, story.CaseId, "请两位带齐证件。");
        await SendAsync(registrar, story.CaseId, "另外请带两张照片。");
        await using var db = story.Places.Open();
        var letters = await db.Set<OutboxMessage>().Where(m => m.CaseId == story.CaseId && m.Template == "message.mail").ToListAsync();
        Assert.Equal(2, letters.Count);
        Assert.Equal(2, letters.Select(m => m.PersonId).Distinct().Count());
        var texts = ProductTemplates.Texts.Where(t => t.Key.StartsWith("message", StringComparison.Ordinal)).Select(t => t.Value).ToList();
        Assert.Equal(4, texts.Count);
        foreach (var text in texts)
            Assert.All((string[])["离婚", "婚姻", "ivorce", "arriage", "applicant.", "party.", "matter."], word => Assert.DoesNotContain(word, text, StringComparison.Ordinal));
        foreach (var party in (ApiCaller[])[he, she]) Assert.Equal(2, (await party.GetAsync($"/cases/{story.CaseId}/messages"))["items"]!.AsArray().Count);
        using (var person = await SignedIn.AsAsync(app, spouse.UserName!))
        using (var page = await person.PageAsync($"/my/cases/{story.CaseId}/messages")) Assert.Contains("各方当事人和代理人都能看到全部留言", page.Body!.TextContent, StringComparison.Ordinal);

        using var stranger = await ApiCaller.AsAsync(app, (await TestAccounts.ApplicantAsync(app)).UserName!);
        using var elsewhere = await ApiCaller.AsAsync(app, (await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Clerk, "341299998"))).UserName!);
        foreach (var who in (ApiCaller[])[stranger, elsewhere])
        {
            using (var hidden = await who.SendAsync(HttpMethod.Get, $"/cases/{story.CaseId}/messages")) await ApiCaller.RefusedAsync(hidden, 404);
            using (var hidden = await SendAsync(who, story.CaseId, "我想看看")) await ApiCaller.RefusedAsync(hidden, 404);
            using (var hidden = await who.PostAsync($"/cases/{story.CaseId}/messages/read")) await ApiCaller.RefusedAsync(hidden, 404);
        }
        Assert.Equal(2, await db.Set<CaseMessage>().CountAsync(m => m.CaseId == story.CaseId));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_is_too_long_too_large_too_often_or_too_late_is_not_sent(string kind)
    {
        var app = await apps.GetAsync(kind);
        var story = await FiledAsync(app);
        var applicant = await story.ApplicantAsync();
        async Task RefusedAsync(int status, string field, string text, params (byte[], string)[] files)
        {
            using var refused = await SendAsync(applicant, story.CaseId, text, files);
            Assert.NotNull((await ApiCaller.RefusedAsync(refused, status))["errors"]![field]);
        }
        await RefusedAsync(422, "text", "");
        await RefusedAsync(422, "text", new string('字', MessageRules.Longest + 1));
        await RefusedAsync(422, "files", "四个", (SamplePicture.Png, "1.png"), (SamplePicture.Png, "2.png"), (SamplePicture.Png, "3.png"), (SamplePicture.Png, "4.png"));
        await RefusedAsync(415, "files", "图", (Encoding.UTF8.GetBytes("<svg xmlns=\"http://www.w3.org/2000/svg\"/>"), "a.png"));
        await RefusedAsync(413, "files", "大", ([.. SamplePicture.Png, .. new byte[FileCommands.MaxSize]], "b.png"));
        await using var db = story.Places.Open();
        Assert.Empty(await db.Set<CaseMessage>().Where(m => m.CaseId == story.CaseId).ToListAsync());
        Assert.Empty(await db.Set<CaseFile>().Where(f => f.CaseId == story.CaseId && f.Slot == CaseFile.OfMessage).ToListAsync());

        for (var i = 0; i < MessageRules.MostADay; i++)
            using (var sent = await SendAsync(applicant, story.CaseId, $"第 {i} 条")) Assert.Equal(HttpStatusCode.Created, sent.StatusCode);
        using (var refused = await SendAsync(applicant, story.CaseId, "再来一条")) await ApiCaller.RefusedAsync(refused, 403, "message.tooMany");
        app.Clock.Put(app.Clock.GetUtcNow().AddDays(1).AddMinutes(1));
        using (var refused = await SendAsync(await story.ApplicantAsync(), story.CaseId, "第二天")) Assert.Equal(HttpStatusCode.Created, refused.StatusCode);

        // Closed: as long as the outcome can be contested, and not a day more. What was written stays to be read.
        await (await story.ApplicantAsync()).DoAsync(HttpMethod.Post, $"/cases/{story.CaseId}/withdraw");
        var closed = app.Clock.GetUtcNow();
        app.Clock.Put(closed.AddDays(MessageRules.DaysAfterClosing));
        using (var sent = await SendAsync(await story.ApplicantAsync(), story.CaseId, "还能写")) Assert.Equal(HttpStatusCode.Created, sent.StatusCode);
        app.Clock.Put(closed.AddDays(MessageRules.DaysAfterClosing + 1));
        using (var late = await SendAsync(await story.ApplicantAsync(), story.CaseId, "太晚了")) await ApiCaller.RefusedAsync(late, 403, "message.closed");
        using var person = await SignedIn.AsAsync(app, story.UserNameOf("applicant"));
        using var page = await person.PageAsync($"/my/cases/{story.CaseId}/messages");
        Assert.Null(page.QuerySelector("main textarea"));
        Assert.Contains("还能写", page.Body!.TextContent, StringComparison.Ordinal);
        Assert.NotNull(page.QuerySelector("a[rel=next]"));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_reason_for_withdrawing_may_be_given_and_is_told_to_both_sides_alone(string kind)
    {
        const string Why = "已找到工作，家庭收入增加";
        var app = await apps.GetAsync(kind);
        var story = await FiledAsync(app);
        using var person = await SignedIn.AsAsync(app, story.UserNameOf("applicant"));
        var path = $"/my/cases/{story.CaseId}/withdraw";
        using (var tooLong = await person.SubmitAsync(path, new() { ["Reason"] = new string('长', Withdrawals.LongestReason + 1) }))
        {
            using var page = await SignedIn.ReadAsync(tooLong);
            Assert.Contains("撤回理由不能超过", page.Body!.TextContent, StringComparison.Ordinal);
            Assert.Equal(Withdrawals.LongestReason + 1, page.QuerySelector("#reason")!.TextContent.Length);
        }
        using (var done = await person.SubmitAsync(path, new() { ["Reason"] = Why })) Assert.Equal($"/my/cases/{story.CaseId}", done.Headers.Location?.OriginalString);
        using (var page = await person.PageAsync($"/my/cases/{story.CaseId}")) Assert.Contains(Why, page.Body!.TextContent, StringComparison.Ordinal);
        Assert.Contains((await story.DossierAsync())["story"]!.AsArray(), line => (string?)line!["detail"] == Why);
        await using var db = story.Places.Open();
        Assert.DoesNotContain(await db.Set<AuditEntry>().Where(a => a.Chain == story.CaseId.ToString()).Select(a => a.Details).ToListAsync(), d => d.Contains(Why, StringComparison.Ordinal));
        Assert.DoesNotContain(Why, Encoding.UTF8.GetString((await db.Set<CaseContent>().SingleAsync(c => c.CaseId == story.CaseId && c.Kind == ContentKind.Withdrawal)).Cipher), StringComparison.Ordinal);
    }

    private static async Task<ApiStory> FiledAsync(StoryApp app)
    {
        var story = new ApiStory(app);
        await story.FileAsync("granted");
        return story;
    }

    private static async Task<HttpResponseMessage> SendAsync(ApiCaller who, Guid caseId, string text, params (byte[] Bytes, string Name)[] files)
    {
        using var form = new MultipartFormDataContent { { new StringContent(text), "text" } };
        foreach (var (bytes, name) in files) form.Add(new ByteArrayContent(bytes), "files", name);
        return await who.SendAsync(HttpMethod.Post, $"/cases/{caseId}/messages", key: ApiCaller.NewKey(), content: form);
    }
}
