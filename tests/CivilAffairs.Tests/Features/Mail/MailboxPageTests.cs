using System.Net;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Mail.Mailbox;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Mail;
using CivilAffairs.Web.Platform.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Mail;

/// <summary>In Development letters end on a page.</summary>
public sealed class MailboxPageTests
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_letter_is_read_on_the_page_and_its_link_leads_to_the_case(string kind)
    {
        await using var app = await MailApp.StartAsync(kind, null);
        using var nobody = SignedIn.Nobody(app);
        Assert.Contains("目前还没有信", (await nobody.PageAsync("/dev/mailbox")).Body!.TextContent, StringComparison.Ordinal);
        var message = (await app.WriteAsync(app.Message(await app.PersonAsync("reader@people.example"))))[0];
        Assert.Equal(1, (await app.Dispatcher.RunOnceAsync(default)).Sent);

        using var page = await nobody.PageAsync("/dev/mailbox");
        var letter = page.QuerySelector("article.letter")!;
        Assert.Contains("您的办件有新进展", letter.QuerySelector("h2")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("reader@people.example", letter.TextContent, StringComparison.Ordinal);
        var links = letter.QuerySelectorAll("a").Select(a => a.GetAttribute("href")!).ToList();
        Assert.Equal(2, links.Count);
        Assert.All(links, l => Assert.EndsWith($"/my/cases/{app.Case.Id}", l, StringComparison.Ordinal));

        // At rest neither address nor text can be read.
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        var row = await db.Set<MailboxLetter>().SingleAsync();
        Assert.DoesNotContain("people.example", row.ToCipher + row.ContentCipher, StringComparison.Ordinal);
        Assert.Equal(message.MessageId, row.MessageId);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Many_letters_are_paged_newest_first_in_either_language(string kind)
    {
        await using var app = await MailApp.StartAsync(kind, null);
        var person = await app.PersonAsync("reader@people.example");
        await app.WriteAsync([.. Enumerable.Range(0, 25).Select(i => Own(app, person, $"第 {i} 封"))]);
        await app.Dispatcher.RunOnceAsync(default);
        using var nobody = SignedIn.Nobody(app);
        using var first = await nobody.PageAsync("/dev/mailbox");
        Assert.Equal(IndexModel.PageSize, first.QuerySelectorAll("article.letter").Length);
        Assert.Equal("第 24 封", first.QuerySelector("article h2")!.TextContent);
        using var second = await nobody.PageAsync(first.QuerySelector("a[rel=next]")!.GetAttribute("href")!);
        Assert.Equal(["第 4 封", "第 3 封", "第 2 封", "第 1 封", "第 0 封"], second.QuerySelectorAll("article h2").Select(h => h.TextContent));
        nobody.Client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        Assert.Contains("Development mailbox", (await nobody.PageAsync("/dev/mailbox")).QuerySelector("h1")!.TextContent, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Letters_to_somebody_are_found_by_part_of_the_address(string kind)
    {
        await using var app = await MailApp.StartAsync(kind, null);
        var (one, other) = (await app.PersonAsync("reader@people.example"), await app.PersonAsync("other@people.example"));
        await app.WriteAsync([.. Enumerable.Range(0, 22).Select(i => Own(app, one, $"第 {i} 封")), Own(app, other, "别人的")]);
        await app.Dispatcher.RunOnceAsync(default);
        using var nobody = SignedIn.Nobody(app);
        using var found = await nobody.PageAsync("/dev/mailbox?to=OTHER");
        Assert.Equal(["别人的"], found.QuerySelectorAll("article h2").Select(h => h.TextContent));
        using var first = await nobody.PageAsync("/dev/mailbox?to=reader%40");
        using var second = await nobody.PageAsync(first.QuerySelector("a[rel=next]")!.GetAttribute("href")!);
        Assert.Equal(["第 1 封", "第 0 封"], second.QuerySelectorAll("article h2").Select(h => h.TextContent));
        Assert.Contains("没有寄给这个地址的信", (await nobody.PageAsync("/dev/mailbox?to=nobody")).Body!.TextContent, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Nothing_of_a_letters_HTML_reaches_the_page_but_words_and_web_links(string kind)
    {
        await using var app = await MailApp.StartAsync(kind, null);
        var message = Own(app, await app.PersonAsync("reader@people.example"), "<b>看</b>");
        message.Body = "<p onclick=\"x()\">一 <script>alert(1)</script><a href=\"javascript:alert(2)\">二</a> <a href=\"https://ok.example/?a=1&amp;b=2\">三</a></p><img src=x onerror=alert(3)><iframe src=\"https://bad.example\"></iframe>";
        await app.WriteAsync(message);
        await app.Dispatcher.RunOnceAsync(default);
        using var client = app.CreateClient();
        var html = await client.GetStringAsync(new Uri("/dev/mailbox", UriKind.Relative));
        foreach (var bad in new[] { "onclick", "alert(1)</script>", "javascript:", "onerror", "<iframe", "<b>看" }) Assert.DoesNotContain(bad, html, StringComparison.Ordinal);
        Assert.Contains("href=\"https://ok.example/?a=1&amp;b=2\"", html, StringComparison.Ordinal);
    }

    private static OutboxMessage Own(MailApp app, Guid person, string subject)
    {
        var message = app.Message(person, null);
        (message.Subject, message.Body) = (subject, "正文");
        return message;
    }
}
