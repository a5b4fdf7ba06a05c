using System.Net;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
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
    public async Task Who_leads_the_county_begins_with_its_figures_unless_something_waits_for_them(string kind)
    {
        // Alone in its county: what waits for a post waits for all who hold it.
        await using var app = await Databases.StartAsync(kind);
        async Task<string> LandsAsync(Account account, string? at = null)
        {
            using var person = SignedIn.Nobody(app);
            using var onward = await person.SignInAsync(account.UserName!, TestAccounts.Password, at);
            return onward.Headers.Location!.ToString();
        }
        async Task<Guid> WaitsAsync(string role, string division, Guid? holder = null)
        {
            var @case = new Case { Matter = "so-renewal", Revision = "r", Status = "Reviewing", County = "341299", Number = $"341299-2026-{Random.Shared.Next(1_000_000):000000}" };
            var task = new WorkTask { CaseId = @case.Id, InstanceId = Guid.NewGuid(), BookmarkId = "b", ActivityId = "approve", Role = role, Division = division, TitleZh = "审批", TitleEn = "Approve", Outcomes = "[]", FinishLimit = "none", HolderId = holder };
            await app.Services.GetRequiredService<IWriter>().WriteAsync((db, _) => { db.AddRange(@case, task); return Task.FromResult(0); });
            return task.Id;
        }
        var (leader, supervisor, head) = (await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Leader, "341299")), await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Supervisor, "341299"), new HeldRole(Roles.Manager, "341299")), await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.DepartmentHead, "341299")));
        foreach (var leads in new[] { leader, supervisor, head }) Assert.Equal("/desk/overview", await LandsAsync(leads));
        Assert.Equal("/desk/overdue", await LandsAsync(leader, "/desk/overdue"));
        // Whoever works on cases, or looks after one township, has the queue, empty or not.
        foreach (var works in new HeldRole[][] { [new(Roles.CountyClerk, "341299")], [new(Roles.Leader, "341299"), new(Roles.CountyApprover, "341299")], [new(Roles.Supervisor, "341299101")], [new(Roles.Manager, "341299")], [] })
            Assert.Equal("/desk", await LandsAsync(await TestAccounts.OfficerAsync(app, null, works)));
        // What waits for the head's post calls to the queue; when it is done, to the figures.
        var task = await WaitsAsync(Roles.DepartmentHead, "341299");
        Assert.Equal(("/desk", "/desk/overview"), (await LandsAsync(head), await LandsAsync(leader)));
        await app.Services.GetRequiredService<IWriter>().WriteAsync((db, cancel) => db.Set<WorkTask>().Where(t => t.Id == task).ExecuteUpdateAsync(s => s.SetProperty(t => t.State, TaskState.Done), cancel));
        Assert.Equal("/desk/overview", await LandsAsync(head));
        await WaitsAsync(Roles.Leader, "341299", holder: Guid.NewGuid());
        Assert.Equal("/desk/overview", await LandsAsync(leader));
        await WaitsAsync(Roles.Leader, "341299", holder: leader.Id);
        Assert.Equal("/desk", await LandsAsync(leader));
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
