using System.Globalization;
using System.Text.Json.Nodes;
using CivilAffairs.Tests.Features.Story;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Features.Jobs;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Reminders;
using CivilAffairs.Web.Platform.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Seat = CivilAffairs.Tests.Features.Story.Seat;

namespace CivilAffairs.Tests.Features.Registers;

/// <summary>The real product on Kestrel with a clock that is put where the story is, its organisations, and browsers for who plays a part.</summary>
internal sealed class OrganisationTown : IAsyncDisposable
{
    private readonly StoryApp app;
    private readonly Browser browser;
    private readonly string? pictures;
    private readonly bool english;
    private readonly List<WatchedPage> opened = [];
    private readonly Dictionary<string, Queue<Account>> offices = [];

    private OrganisationTown(StoryApp app, Browser browser, Organisations organisations, FormFile form, string? pictures, bool english) =>
        (this.app, this.browser, Organisations, Form, this.pictures, this.english) = (app, browser, organisations, form, pictures, english);

    public Organisations Organisations { get; }
    public FormFile Form { get; }

    /// <param name="pictures">Begin of the pictures' names; null: pages are not looked at.</param>
    public static async Task<OrganisationTown> OpenAsync(Browser browser, string kind, string matter, string? pictures = null, bool english = false)
    {
        var app = new StoryApp(await Databases.FreshAsync(kind), new StandingClock());
        app.UseKestrel(0);
        app.StartServer();
        return new OrganisationTown(app, browser, await Organisations.InAsync(app), app.Services.GetRequiredService<MatterLibrary>().Find(matter)!.Form, pictures, english);
    }

    /// <summary>It is that time, and what is done every day was done.</summary>
    public async Task OnAsync(string instant)
    {
        app.Clock.Put(DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture));
        await app.Services.GetRequiredService<JobRunner>().TickAsync("case-timers");
        await app.Services.GetRequiredService<ExpiryWatch>().RunAsync(default);
    }

    /// <summary>Somebody's own browser.</summary>
    public async Task<WatchedPage> BrowseAsync()
    {
        var home = app.ClientOptions.BaseAddress.ToString();
        var watched = new WatchedPage(await browser.PageAsync(1440, home), home, pictures, english);
        opened.Add(watched);
        if (!english) return watched;
        await watched.Page.GotoAsync("/");
        await watched.Page.ClickAsync("form.language button");
        return watched;
    }

    /// <summary>An officer of the county, before their queue; two of each role take turns.</summary>
    public async Task<WatchedPage> SeatAsync(string role)
    {
        if (!offices.TryGetValue(role, out var office))
            offices[role] = office = new([await TestAccounts.OfficerAsync(app, null, new HeldRole(role, "341299")), await TestAccounts.OfficerAsync(app, null, new HeldRole(role, "341299"))]);
        var next = office.Dequeue();
        office.Enqueue(next);
        var watched = await BrowseAsync();
        await new Seat(watched, Form).SignInAsync(next);
        return watched;
    }

    /// <summary>At a time, the next officer of a role decides a task of the case.</summary>
    /// <param name="look">At the case, before it is decided.</param>
    public async Task DecideAsync(string instant, string role, string number, string task, JsonObject result, Func<IPage, Task>? look = null)
    {
        app.Clock.Put(DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture));
        var watched = await SeatAsync(role);
        await watched.LookAsync("queue");
        await watched.Page.Locator("tr", new() { HasText = number }).Locator("a.number").First.ClickAsync();
        await watched.Page.Locator(".claim").ClickAsync();
        if (look is not null) await look(watched.Page);
        await new Seat(watched, Form).DecideHereAsync(task, result);
        await watched.Page.Context.CloseAsync();
    }

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
    }
}
