using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using AngleSharp.Html.Parser;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Accounts.Recovery;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Accounts;

/// <summary>Who forgot the password sets a new one by a link in a letter, with a browser that has no JavaScript.</summary>
public sealed class RecoveryTests(RecoveryTests.World world) : IClassFixture<RecoveryTests.World>
{
    private const string Chosen = "another-long-one";

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_applicant_sets_a_new_password_once_and_is_free_of_the_lock(string kind)
    {
        var (app, server) = await world.GetAsync(kind);
        var number = TestAccounts.IdNumber();
        var address = $"{Guid.NewGuid():N}@people.example";
        var account = await TestAccounts.ApplicantAsync(app, number, email: address);
        using var person = SignedIn.Nobody(app);
        for (var i = 0; i < 5; i++) (await person.SignInAsync(number, "not the password")).Dispose();
        await AskAsync(person, number);
        await using (var db = app.Services.GetRequiredService<IReader>().Open())
        {
            // The outbox refers to the account and holds no secret.
            var waiting = await db.Set<OutboxMessage>().SingleAsync(m => m.AccountId == account.Id);
            Assert.Equal((null, null, null, null), (waiting.CaseId, waiting.Subject, waiting.Body, waiting.Address));
        }
        var link = await LinkAsync(app, server, address, "重新设置密码");

        using (var page = await person.PageAsync(link)) Assert.NotNull(page.QuerySelector("main form"));
        using var weak = await person.SubmitAsync(link, new() { ["Password"] = $"x{number}", ["Again"] = $"x{number}" });
        using (var page = await SignedIn.ReadAsync(weak))
        {
            Assert.Contains("身份证号", page.GetElementById("Password-error")!.TextContent, StringComparison.Ordinal);
            // The page still has what the link brought: nothing has to be opened again.
            using var done = await person.SendAsync(page, link, new() { ["Password"] = Chosen, ["Again"] = Chosen });
            Assert.Equal("/sign-in?newPassword=true", done.Headers.Location?.ToString());
        }
        Assert.Contains("新密码已保存", (await person.PageAsync("/sign-in?newPassword=true")).QuerySelector("[role=status]")!.TextContent, StringComparison.Ordinal);
        using var again = await SignedIn.AsAsync(app, number, Chosen);
        using var old = await person.SignInAsync(number, TestAccounts.Password);
        Assert.Equal(HttpStatusCode.OK, old.StatusCode);
        Assert.Equal(HttpStatusCode.Gone, (await person.GetAsync(link)).StatusCode);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_officer_with_a_handed_out_password_gets_the_letter_in_English_and_two_uses_at_once_are_one(string kind)
    {
        var (app, server) = await world.GetAsync(kind);
        var account = await TestAccounts.OfficerAsync(app);
        var address = $"{Guid.NewGuid():N}@office.example";
        await ChangeAsync(app, account.Id, a => (a.Email, a.Language, a.PasswordIsTemporary) = (address, "en", true));
        using SignedIn one = SignedIn.Nobody(app), two = SignedIn.Nobody(app);
        await AskAsync(one, account.UserName!);
        var link = await LinkAsync(app, server, address, "Set a new password");
        var answers = await Task.WhenAll(Set(one, $"{Chosen}-1"), Set(two, $"{Chosen}-2"));
        Assert.Equal([HttpStatusCode.Redirect, HttpStatusCode.Gone], answers.Select(a => a.StatusCode).Order());
        using var officer = await SignedIn.AsAsync(app, account.UserName!, answers[0].StatusCode == HttpStatusCode.Redirect ? $"{Chosen}-1" : $"{Chosen}-2");
        Assert.Equal(HttpStatusCode.OK, (await officer.GetAsync("/password")).StatusCode);
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        Assert.False((await db.Users.SingleAsync(a => a.Id == account.Id)).PasswordIsTemporary);

        async Task<HttpResponseMessage> Set(SignedIn who, string password)
        {
            using var page = await who.PageAsync(link);
            return await who.SendAsync(page, link, new() { ["Password"] = password, ["Again"] = password });
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_answer_does_not_tell_whether_there_is_an_account_and_nobody_is_flooded(string kind)
    {
        var (app, _) = await world.GetAsync(kind);
        var (known, disabled, silent) = (await TestAccounts.ApplicantAsync(app, email: "known@people.example"), await TestAccounts.OfficerAsync(app), await TestAccounts.ApplicantAsync(app));
        await ChangeAsync(app, disabled.Id, a => (a.Email, a.Disabled) = ("gone@office.example", true));
        var names = new[] { known.UserName!, known.UserName!, disabled.UserName!, silent.UserName!, "nobody-of-this-name" };
        var pages = await Task.WhenAll(names.Select(async name =>
        {
            using var person = SignedIn.Nobody(app);
            await AskAsync(person, name);
            using var page = await person.PageAsync("/forgot-password?sent=true");
            return page.QuerySelector("main")!.TextContent;
        }));
        Assert.Single(pages.Distinct());
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        var ids = new[] { known.Id, disabled.Id, silent.Id };
        Assert.Equal(known.Id, (await db.Set<OutboxMessage>().SingleAsync(m => m.AccountId != null && ids.Contains(m.AccountId.Value))).AccountId);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_link_that_is_too_old_changed_or_another_accounts_is_void(string kind)
    {
        var (app, server) = await world.GetAsync(kind);
        var address = $"{Guid.NewGuid():N}@people.example";
        var account = await TestAccounts.ApplicantAsync(app, email: address);
        var other = await TestAccounts.ApplicantAsync(app);
        using var person = SignedIn.Nobody(app);
        await AskAsync(person, account.UserName!);
        var link = await LinkAsync(app, server, address, "重新设置密码");
        Assert.Equal(HttpStatusCode.OK, (await person.GetAsync(link)).StatusCode);
        var until = long.Parse(link.Split("until=")[1].Split('&')[0], System.Globalization.CultureInfo.InvariantCulture);
        foreach (var wrong in new[] { link.Replace($"until={until}", $"until={until + 3600}", StringComparison.Ordinal), link.Replace($"{account.Id}", $"{other.Id}", StringComparison.Ordinal), link[..^4], link.Split("&token")[0], "/reset-password", "/reset-password?account=x&until=y&token=%21" })
            Assert.Equal(HttpStatusCode.Gone, (await person.GetAsync(wrong)).StatusCode);
        using var open = await person.PageAsync(link);
        app.Clock.Forward(PasswordLinks.Lifetime + TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.Gone, (await person.GetAsync(link)).StatusCode);
        using var late = await person.SendAsync(open, link, new() { ["Password"] = Chosen, ["Again"] = Chosen });
        Assert.Equal(HttpStatusCode.Gone, late.StatusCode);
        using var unchanged = await SignedIn.AsAsync(app, account.UserName!);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Another_program_does_the_same_over_the_API(string kind)
    {
        var (app, server) = await world.GetAsync(kind);
        var address = $"{Guid.NewGuid():N}@people.example";
        var account = await TestAccounts.ApplicantAsync(app, email: address);
        using var person = SignedIn.Nobody(app);
        using (var unnamed = await person.Client.PostAsJsonAsync("/api/v1/password-links", new { userName = "" })) Assert.Equal(HttpStatusCode.UnprocessableEntity, unnamed.StatusCode);
        using (var asked = await person.Client.PostAsJsonAsync("/api/v1/password-links", new { userName = account.UserName })) Assert.Equal(HttpStatusCode.NoContent, asked.StatusCode);
        var link = Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery((await LinkAsync(app, server, address, "重新设置密码")).Split('?')[1]);
        foreach (var (password, expected) in new[] { ("short", HttpStatusCode.UnprocessableEntity), (Chosen, HttpStatusCode.NoContent), (Chosen, HttpStatusCode.Gone) })
        {
            using var answer = await person.Client.PutAsJsonAsync("/api/v1/password-links",
                new { account = link["account"].ToString(), until = long.Parse(link["until"]!, System.Globalization.CultureInfo.InvariantCulture), token = link["token"].ToString(), password });
            Assert.Equal(expected, answer.StatusCode);
        }
        using var again = await SignedIn.AsAsync(app, account.UserName!, Chosen);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task One_address_may_ask_ten_times_in_ten_minutes(string kind)
    {
        await using var app = await Databases.StartAsync(kind);
        using var person = SignedIn.Nobody(app);
        using var page = await person.PageAsync("/forgot-password");
        var answers = await Task.WhenAll(Enumerable.Range(0, 11).Select(i => person.SendAsync(page, "/forgot-password", new() { ["UserName"] = $"nobody{i}" })));
        Assert.Equal((10, 1), (answers.Count(a => a.StatusCode == HttpStatusCode.Redirect), answers.Count(a => a.StatusCode == HttpStatusCode.TooManyRequests)));
        using var english = SignedIn.Nobody(app);
        english.Client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        Assert.Equal("Set a new password", (await english.PageAsync("/forgot-password")).QuerySelector("h1")!.TextContent);
    }

    private static async Task AskAsync(SignedIn person, string name)
    {
        using var answer = await person.SubmitAsync("/forgot-password", new() { ["UserName"] = name });
        Assert.Equal((HttpStatusCode.Redirect, "/forgot-password?sent=true"), (answer.StatusCode, answer.Headers.Location?.ToString()));
    }

    /// <summary>Sends what waits, and reads the link out of the letter's HTML.</summary>
    private static async Task<string> LinkAsync(MailApp app, SmtpServer server, string address, string subject)
    {
        await app.Dispatcher.RunOnceAsync(default);
        var letter = Assert.Single(server.Messages, m => m.Recipients.Contains(address)).Message;
        Assert.Equal(subject, letter.Subject);
        var link = new HtmlParser().ParseDocument(letter.HtmlBody!).QuerySelector("a")!.GetAttribute("href")!;
        Assert.Contains(link, letter.TextBody, StringComparison.Ordinal);
        return new Uri(link).PathAndQuery;
    }

    private static Task<int> ChangeAsync(MailApp app, Guid id, Action<Account> change) => app.Services.GetRequiredService<IWriter>().WriteAsync(async (db, cancel) =>
    {
        change(await db.Users.SingleAsync(a => a.Id == id, cancel));
        return 0;
    });

    /// <summary>One app and one mail server for each database.</summary>
    public sealed class World : IAsyncLifetime
    {
        private readonly ConcurrentDictionary<string, (MailApp App, SmtpServer Server)> all = new();

        public async Task<(MailApp App, SmtpServer Server)> GetAsync(string kind)
        {
            if (all.TryGetValue(kind, out var one)) return one;
            var server = SmtpServer.Start();
            return all[kind] = (await MailApp.StartAsync(kind, server), server);
        }

        public Task InitializeAsync() => Task.CompletedTask;

        public async Task DisposeAsync()
        {
            foreach (var (app, server) in all.Values)
            {
                await app.DisposeAsync();
                await server.DisposeAsync();
            }
        }
    }
}
