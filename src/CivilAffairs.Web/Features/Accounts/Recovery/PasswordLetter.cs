using System.Globalization;
using System.Net;
using System.Resources;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Mail;
using CivilAffairs.Web.Platform.Outbox;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Accounts.Recovery;

/// <summary>The letter with the link for a new password. It names nobody: mail is a postcard.</summary>
internal sealed class PasswordLetter(IServiceScopeFactory scopes, IReader reader) : IAccountLetter
{
    private static readonly ResourceManager Texts = new(typeof(AccountTexts));

    public string Template => PasswordLinks.Letter;

    public async Task<IReadOnlyDictionary<Guid, MailText>> MakeAsync(IReadOnlyDictionary<Guid, bool> accounts, CancellationToken cancel)
    {
        var ids = accounts.Keys.ToList();
        await using var db = reader.Open();
        var found = await db.Users.Where(a => EF.Parameter(ids).Contains(a.Id) && !a.Disabled).ToListAsync(cancel).ConfigureAwait(false);
        await using var scope = scopes.CreateAsyncScope();
        var links = scope.ServiceProvider.GetRequiredService<PasswordLinks>();
        var letters = new Dictionary<Guid, MailText>();
        foreach (var account in found) letters[account.Id] = Say(await links.MakeAsync(account).ConfigureAwait(false), CultureInfo.GetCultureInfo(accounts[account.Id] ? "en" : "zh-CN"));
        return letters;
    }

    private static MailText Say(string link, CultureInfo culture)
    {
        var (hello, why, ignore) = (Text("LetterHello"), Text("LetterPasswordWhy"), Text("LetterPasswordIgnore"));
        var href = WebUtility.HtmlEncode(link);
        return new MailText(Text("LetterPasswordSubject"), $"{hello}\n\n{why}\n\n{link}\n\n{ignore}\n",
            $"<p>{hello}</p>\n<p>{why}</p>\n<p><a href=\"{href}\">{Text("LetterPasswordLink")}</a></p>\n<p>{ignore}</p>");

        string Text(string key) => Texts.GetString(key, culture) ?? throw new InvalidOperationException($"AccountTexts.resx has no text {key}.");
    }
}
