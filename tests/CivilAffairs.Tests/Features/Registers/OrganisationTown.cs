using System.Globalization;
using System.Text.Json.Nodes;
using CivilAffairs.Tests.Features.Story;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Features.Jobs;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Reminders;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Seat = CivilAffairs.Tests.Features.Story.Seat;

namespace CivilAffairs.Tests.Features.Registers;

/// <summary>The real product on Kestrel with a clock that is put where the story is, its organisations, and browsers for who plays a part.</summary>
internal sealed class OrganisationTown : IAsyncDisposable
{
    private readonly StoryApp app;
    private readonly SmtpServer mail;
    private readonly Browser browser;
    private readonly string? pictures;
    private readonly bool english;
    private readonly List<WatchedPage> opened = [];
    private readonly Dictionary<string, Queue<Account>> offices = [];

    private OrganisationTown(StoryApp app, SmtpServer mail, Browser browser, Organisations organisations, string? pictures, bool english) =>
        (this.app, this.mail, this.browser, Organisations, this.pictures, this.english, Letters) = (app, mail, browser, organisations, pictures, english, new Letters(app, mail));

    public Organisations Organisations { get; }
    public FormFile Renewal => FormOf("so-renewal");

    /// <summary>What its mail server has received.</summary>
    public Letters Letters { get; }

    /// <summary>Where its pages are.</summary>
    public string Home => app.ClientOptions.BaseAddress.ToString();

    /// <param name="pictures">Begin of the pictures' names; null: pages are not looked at.</param>
    public static async Task<OrganisationTown> OpenAsync(Browser browser, string kind, string? pictures = null, bool english = false)
    {
        var mail = SmtpServer.Start();
        var app = await StoryApps.StartAsync(kind, Letters.Settings(mail));
        app.UseKestrel(0);
        app.StartServer();
        // Its port is known only now: links in letters and codes lead where its pages are.
        app.Services.GetRequiredService<IConfiguration>()["Site:Url"] = app.ClientOptions.BaseAddress.ToString();
        return new OrganisationTown(app, mail, browser, await Organisations.InAsync(app), pictures, english);
    }

    /// <summary>It is that time, and what is done every day was done.</summary>
    public async Task OnAsync(string instant)
    {
        app.Clock.Put(DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture));
        await app.Services.GetRequiredService<JobRunner>().TickAsync("case-timers");
        await app.Services.GetRequiredService<ExpiryWatch>().RunAsync(default);
    }

    /// <summary>Somebody's own browser.</summary>
    /// <param name="looked">Whether its pages are looked at.</param>
    public async Task<WatchedPage> BrowseAsync(bool looked = true)
    {
        var watched = new WatchedPage(await browser.PageAsync(1440, Home), Home, looked ? pictures : null, english);
        opened.Add(watched);
        if (!english) return watched;
        await watched.Page.GotoAsync("/");
        await watched.Page.Locator("form.language button").FollowAsync();
        return watched;
    }

    /// <summary>An officer of the county, before their queue; two of each role take turns.</summary>
    public async Task<WatchedPage> SeatAsync(string role, bool looked = true)
    {
        var next = await OfficerAsync(role);
        var watched = await BrowseAsync(looked);
        await new Seat(watched, Renewal).SignInAsync(next);
        return watched;
    }

    /// <summary>The next of two officers of a role.</summary>
    /// <param name="email">From now on theirs.</param>
    public async Task<Account> OfficerAsync(string role, string? email = null)
    {
        if (!offices.TryGetValue(role, out var office))
            offices[role] = office = new([await TestAccounts.OfficerAsync(app, null, new HeldRole(role, "341299")), await TestAccounts.OfficerAsync(app, null, new HeldRole(role, "341299"))]);
        var next = office.Dequeue();
        office.Enqueue(next);
        if (email is not null) await app.Services.GetRequiredService<IWriter>().WriteAsync((db, cancel) => db.Users.Where(a => a.Id == next.Id).ExecuteUpdateAsync(s => s.SetProperty(a => a.Email, email), cancel));
        return next;
    }

    /// <summary>At a time, the next officer of a role decides a task of the case.</summary>
    /// <param name="look">At the case, before it is decided.</param>
    /// <param name="looked">Whether its pages are looked at.</param>
    /// <param name="asks">Id of the form if it is another than the task's.</param>
    public async Task DecideAsync(string instant, string role, string number, string task, JsonObject result, Func<IPage, Task>? look = null, bool looked = true, string? asks = null)
    {
        app.Clock.Put(DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture));
        var watched = await SeatAsync(role, looked);
        await watched.LookAsync("queue");
        await watched.Page.Locator("tr", new() { HasText = number }).Locator("a.number").First.ClickAsync();
        await watched.Page.Locator(".claim").ClickAsync();
        if (look is not null) await look(watched.Page);
        await new Seat(watched, new[] { Renewal, FormOf("so-rectification") }.FirstOrDefault(f => f.TaskForms.ContainsKey(asks ?? task)) ?? Renewal).DecideHereAsync(task, result, asks);
        await watched.Page.Context.CloseAsync();
    }

    private FormFile FormOf(string matter) => app.Services.GetRequiredService<MatterLibrary>().Find(matter)!.Form;

    /// <summary>None of its pages did anything wrong; what they did is named.</summary>
    public void AssertFaultless()
    {
        var faults = opened.SelectMany(p => p.Faults).Distinct().ToList();
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var page in opened) await page.Page.Context.CloseAsync();
        await app.DisposeAsync();
        await mail.DisposeAsync();
    }

    /// <summary>From the page of organisations to the receipt: what the register knows is there already, and one answer is new.</summary>
    /// <returns>The case's number.</returns>
    public async Task<string> ApplyAsync(WatchedPage representative, Organisation of)
    {
        var page = representative.Page;
        await representative.LookAsync("organisations");
        await page.ClickAsync(".card form button.primary");
        await page.AtAsync("my/drafts/*");
        await representative.LookAsync("draft");
        var answers = new JsonObject
        {
            ["organisation"] = new JsonObject { ["address"] = english ? "Stone Bridge 2" : "青河镇石桥村新址" }, ["people"] = new JsonObject(), ["contact"] = new JsonObject(),
            ["standing"] = new JsonObject { ["inspection"] = "passed", ["changes"] = english ? "Moved." : "住所已变更。" }, ["declaration"] = new JsonObject { ["truthful"] = true, ["signature"] = of.Representative.Name },
        };
        var household = new Household(representative, Renewal, answers);
        await page.Locator(".tasks a").First.FollowAsync();
        foreach (var section in Renewal.Sections) await household.FillAsync(section, answers[section.Id]!.AsObject(), section.Id);
        await page.Locator(".actions a.primary").Or(page.Locator("button[name=go][value=on]")).First.FollowAsync();
        if (await page.Locator("form.send").CountAsync() == 0) await page.Locator(".actions a.primary").FollowAsync();
        await representative.LookAsync("check-answers");
        await page.Locator("form.send button[type=submit]").FollowAsync();
        await representative.LookAsync("receipt");
        return await page.Locator(".done-panel .number").InnerTextAsync();
    }

    /// <summary>Both officers on site, the head of department and who decides: the organisation gets its new certificate.</summary>
    /// <param name="days">Of acceptance, site check, review and decision.</param>
    public async Task RenewAsync(string number, string[] days, Func<IPage, Task>? look = null, bool looked = true)
    {
        var visit = new JsonObject { ["outcome"] = "Conforms", ["visitedOn"] = days[1], ["atAddress"] = true, ["sealKept"] = true, ["found"] = english ? "As applied." : "与申请一致。" };
        await DecideAsync($"{days[0]}T10:00:00+08:00", Roles.OrganisationClerk, number, "accept", new JsonObject { ["outcome"] = "Accept" }, look, looked);
        foreach (var hour in new[] { "10", "11" }) await DecideAsync($"{days[1]}T{hour}:00:00+08:00", Roles.OrganisationClerk, number, "siteCheck", visit, looked: looked && hour == "10");
        await DecideAsync($"{days[2]}T10:00:00+08:00", Roles.DepartmentHead, number, "review", new JsonObject { ["outcome"] = "Agree", ["reason"] = english ? "Agreed." : "同意。" }, looked: looked);
        await DecideAsync($"{days[3]}T10:00:00+08:00", Roles.CountyApprover, number, "confirm", new JsonObject { ["outcome"] = "Renew" }, looked: looked);
    }
}
