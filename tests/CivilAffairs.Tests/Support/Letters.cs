using System.Net;
using System.Text.RegularExpressions;
using CivilAffairs.Web.Features.Mail;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using MimeKit;

namespace CivilAffairs.Tests.Support;

/// <summary>The letters of an app that sends to a real mail server, as who receives them reads them.</summary>
internal sealed partial class Letters(TestApp app, SmtpServer server)
{
    private int read;

    /// <summary>Settings with which an app sends to that server.</summary>
    public static Dictionary<string, string> Settings(SmtpServer server) => new()
    {
        ["Mail:Host"] = server.Host, ["Mail:Port"] = server.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), ["Mail:Security"] = "None", ["Mail:From"] = "bureau@civilaffairs.example",
    };

    /// <summary>Sends whatever is due.</summary>
    /// <returns>What came since the last call.</returns>
    public async Task<IReadOnlyList<MimeMessage>> ComeAsync()
    {
        await app.Services.GetRequiredService<MailDispatcher>().RunOnceAsync(default);
        var all = server.Messages;
        var fresh = all.Skip(read).Select(m => m.Message).ToList();
        read = all.Count;
        return fresh;
    }

    /// <summary>The one letter to somebody among these.</summary>
    public static MimeMessage To(IEnumerable<MimeMessage> letters, string address) => Assert.Single(letters, l => l.To.Mailboxes.Any(m => m.Address == address));

    /// <summary>The address that a letter asks to open: the same in the text and in the page.</summary>
    public static string Link(MimeMessage letter)
    {
        var link = WebUtility.HtmlDecode(Href().Match(letter.HtmlBody ?? "").Groups[1].Value);
        Assert.Contains(link, letter.TextBody, StringComparison.Ordinal);
        return link;
    }

    /// <summary>Opens it in somebody's browser, who signs in where the page asks for it.</summary>
    public static async Task FollowAsync(IPage page, MimeMessage letter, string userName)
    {
        await page.GotoAsync(Link(letter));
        if (await page.Locator("#UserName").CountAsync() == 0) return;
        await page.FillAsync("#UserName", userName);
        await page.FillAsync("#Password", TestAccounts.Password);
        await page.ClickAsync("main form:has(#Password) button[type=submit]");
        await Assertions.Expect(page.Locator("#UserName")).ToHaveCountAsync(0);
    }

    [GeneratedRegex("href=\"([^\"]+)\"")] private static partial Regex Href();
}
