using System.Net;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Accounts;

public sealed class SignInTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_officer_signs_in_by_user_name_and_out_again(string kind)
    {
        var app = await databases.GetAsync(kind);
        var account = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Clerk, "341299101"));
        using var person = await SignedIn.AsAsync(app, account.UserName!);
        using var page = await person.PageAsync("/");
        Assert.Contains(account.DisplayName, page.QuerySelector("header")!.TextContent, StringComparison.Ordinal);
        using var left = await person.SendAsync(page, "/", [], "form[action='/sign-out']");
        Assert.Equal(HttpStatusCode.Redirect, left.StatusCode);
        using var after = await person.PageAsync("/");
        Assert.DoesNotContain(account.DisplayName, after.QuerySelector("header")!.TextContent, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_applicant_signs_in_by_mobile_or_ID_number_as_people_type_them(string kind)
    {
        var app = await databases.GetAsync(kind);
        var number = TestAccounts.IdNumber();
        await TestAccounts.ApplicantAsync(app, number, mobile: "13912340001");
        foreach (var typed in new[] { number, $"{number[..6]} {number[6..14]} {number[14..]}".ToLowerInvariant(), "13912340001", "139-1234-0001" })
        {
            using var person = await SignedIn.AsAsync(app, typed);
        }
        await TestAccounts.ApplicantAsync(app, mobile: "13912340001");
        using var nobody = SignedIn.Nobody(app);
        using var refused = await nobody.SignInAsync("13912340001", TestAccounts.Password);
        Assert.Equal(HttpStatusCode.OK, refused.StatusCode);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Five_wrong_passwords_lock_the_account_even_for_the_right_one(string kind)
    {
        var app = await databases.GetAsync(kind);
        var account = await TestAccounts.OfficerAsync(app);
        using var person = SignedIn.Nobody(app);
        for (var i = 1; i <= 5; i++)
        {
            using var wrong = await person.SignInAsync(account.UserName!, "not the password");
            using var page = await SignedIn.ReadAsync(wrong);
            Assert.Contains(i < 5 ? "账号或密码不正确" : "账号已锁定", page.QuerySelector(".summary")!.TextContent, StringComparison.Ordinal);
            Assert.Equal(account.UserName, page.QuerySelector("#UserName")!.GetAttribute("value"));
            Assert.Null(page.QuerySelector("#Password")!.GetAttribute("value"));
        }
        using var locked = await person.SignInAsync(account.UserName!, TestAccounts.Password);
        Assert.Equal(HttpStatusCode.OK, locked.StatusCode);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_form_without_its_token_is_refused_and_the_way_back_stays_on_this_site(string kind)
    {
        var app = await databases.GetAsync(kind);
        var account = await TestAccounts.OfficerAsync(app);
        using var person = SignedIn.Nobody(app);
        using var forged = new FormUrlEncodedContent(new Dictionary<string, string> { ["UserName"] = account.UserName!, ["Password"] = TestAccounts.Password });
        using var refused = await person.Client.PostAsync(new Uri("/sign-in", UriKind.Relative), forged);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        using var elsewhere = await person.SignInAsync(account.UserName!, TestAccounts.Password, "https://elsewhere.example/");
        Assert.Equal("/desk", elsewhere.Headers.Location!.ToString());
        using var onward = await person.SignInAsync(account.UserName!, TestAccounts.Password, "/desk?queue=1");
        Assert.Equal("/desk?queue=1", onward.Headers.Location!.ToString());
        var cookie = Assert.Single(onward.Headers.GetValues("Set-Cookie"), c => c.StartsWith("civilaffairs=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_viewer_has_only_the_postings_of_today_and_a_disabled_account_is_nobody(string kind)
    {
        var app = await databases.GetAsync(kind);
        var account = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Clerk, "341299101"));
        var today = TimeProvider.System.Today();
        var writer = app.Services.GetRequiredService<IWriter>();
        await writer.WriteAsync((db, _) =>
        {
            db.Add(new Posting { AccountId = account.Id, Role = Roles.Leader, Division = "341299", From = today.AddDays(-9), To = today.AddDays(-1) });
            db.Add(new Posting { AccountId = account.Id, Role = Roles.Supervisor, Division = "341299", From = today.AddDays(1) });
            db.Add(new Posting { AccountId = account.Id, Role = Roles.Payments, Division = "341299", From = today.AddDays(-9), To = today });
            return Task.FromResult(0);
        });
        var source = app.Services.GetRequiredService<IViewerSource>();
        var viewer = await source.FindAsync(account.Id);
        Assert.Equal([Roles.Payments, Roles.Clerk], viewer!.Held.Select(h => h.Role).Order());
        await writer.WriteAsync((db, cancel) => db.Users.Where(a => a.Id == account.Id).ExecuteUpdateAsync(a => a.SetProperty(x => x.Disabled, true), cancel));
        Assert.Null(await source.FindAsync(account.Id));
        using var person = SignedIn.Nobody(app);
        using var refused = await person.SignInAsync(account.UserName!, TestAccounts.Password);
        Assert.Equal(HttpStatusCode.OK, refused.StatusCode);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_page_speaks_English_and_lists_no_demo_accounts_outside_Development(string kind)
    {
        await using var app = await Databases.StartAsync(kind, settings: new Dictionary<string, string> { ["environment"] = "Production" });
        using var person = SignedIn.Nobody(app);
        person.Client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        using var page = await person.PageAsync("/sign-in");
        Assert.Equal("Sign in", page.QuerySelector("h1")!.TextContent);
        Assert.Null(page.QuerySelector(".demo"));
    }
}
