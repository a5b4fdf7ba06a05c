using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;

namespace CivilAffairs.Tests.Features.Mail;

/// <summary>Letters come in the language of whoever they are for.</summary>
public sealed class MailLanguageTests
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Who_chooses_English_gets_English_letters_and_Chinese_ones_where_the_matter_has_no_other(string kind)
    {
        await using var server = SmtpServer.Start();
        await using var app = await MailApp.StartAsync(kind, server);
        var account = await TestAccounts.ApplicantAsync(app, email: "reader@people.example");
        var other = await app.PersonAsync("other@people.example");
        using var person = await SignedIn.AsAsync(app, account.UserName!);
        using var chosen = await person.SubmitAsync("/", new() { ["culture"] = "en" }, "form[action='/language']");
        await using (var db = app.Services.GetRequiredService<IReader>().Open()) Assert.Equal("en", (await db.Users.SingleAsync(a => a.Id == account.Id)).Language);

        // A revision of the matter whose closing letter was never translated.
        var bundle = JsonNode.Parse(app.Services.GetRequiredService<MatterLibrary>().Find("rural-dibao")!.Bundle)!.AsObject();
        Assert.True(bundle.Remove("templates/granted.en.mail"));
        var untranslated = MatterFolder.FromBundle(bundle.ToJsonString()).Revision!;
        await app.Services.GetRequiredService<IWriter>().WriteAsync((db, _) => Task.FromResult(db.Add(new PublishedRevision
        {
            Hash = untranslated.Hash, Matter = "rural-dibao", Bundle = untranslated.Bundle, Current = false, PublishedAt = app.Clock.GetUtcNow(),
        })));
        var older = app.Message(account.PersonId);
        older.Revision = untranslated.Hash;
        var messages = await app.WriteAsync(app.Message(account.PersonId), app.Message(other), older);
        Assert.Equal(3, (await app.Dispatcher.RunOnceAsync(default)).Sent);

        var letters = messages.Select(m => server.Messages.Single(r => r.Message.MessageId == m.MessageId).Message).ToList();
        Assert.Equal($"News of your case ({app.Case.Number})", letters[0].Subject);
        Assert.Contains("Your case is closed.", letters[0].TextBody, StringComparison.Ordinal);
        Assert.Contains("<html lang=\"en\">", letters[0].HtmlBody, StringComparison.Ordinal);
        Assert.Equal("en", letters[0].Body!.Headers[HeaderId.ContentLanguage]);
        Assert.All(letters.Skip(1), l => Assert.Equal($"您的办件有新进展（{app.Case.Number}）", l.Subject));
    }
}
