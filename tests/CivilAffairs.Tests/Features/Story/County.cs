using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Features.Jobs;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Security;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace CivilAffairs.Tests.Features.Story;

/// <summary>The real product on Kestrel with an empty county, its offices, and browsers for who plays a part in it.</summary>
internal sealed partial class County : IAsyncDisposable
{
    private const string Code = "341299";
    private readonly Browser browser;
    private readonly string? pictures;
    private readonly bool english;
    private readonly List<WatchedPage> opened = [];
    private readonly Dictionary<string, Queue<Account>> offices = [];

    private County(TestApp app, CaseStory story, Browser browser, string? pictures, bool english) =>
        (App, Story, this.browser, this.pictures, this.english) = (app, story, browser, pictures, english);

    public TestApp App { get; }
    public CaseStory Story { get; }
    public FormFile Form => Story.Revision.Form;

    /// <summary>None of its pages did anything wrong; what they did is named.</summary>
    public void AssertFaultless()
    {
        var faults = opened.SelectMany(p => p.Faults).Distinct().ToList();
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    /// <param name="pictures">Begin of the pictures' names; null: pages are not looked at.</param>
    /// <param name="english">Everybody reads English.</param>
    /// <param name="jobs">With the scheduled jobs, so that letters go out.</param>
    /// <param name="clock">Stands where the story puts it (<see cref="MoveAsync"/>); null: the product's own.</param>
    /// <param name="mail">Gets the letters; null: they stay in the mailbox.</param>
    public static async Task<County> OpenAsync(Browser browser, string kind, string? pictures = null, bool english = false, bool jobs = false, string matter = "rural-dibao", StandingClock? clock = null, SmtpServer? mail = null)
    {
        var settings = mail is null ? [] : Letters.Settings(mail);
        settings["Jobs:Enabled"] = jobs ? "true" : "false";
        var app = clock is null ? await Databases.StartAsync(kind, settings: settings) : await StoryApps.StartAsync(kind, settings, clock);
        app.UseKestrel(0);
        app.StartServer();
        // Its port is known only now: links in letters lead where its pages are.
        if (mail is not null) app.Services.GetRequiredService<IConfiguration>()["Site:Url"] = app.ClientOptions.BaseAddress.ToString();
        return new County(app, new CaseStory(app, matter), browser, pictures, english);
    }

    /// <summary>It is that time, and every job has run, as when a day begins.</summary>
    public async Task MoveAsync(DateTimeOffset to)
    {
        ((StoryApp)App).Clock.Put(to);
        var runner = App.Services.GetRequiredService<JobRunner>();
        foreach (var job in runner.Jobs) await runner.NowAsync(job.Id, default);
    }

    /// <summary>An example with its household in this county; in Latin letters where English is read, so that Chinese on a page is a fault of the page.</summary>
    public async Task<ExampleFile> PrepareAsync(string name)
    {
        var example = await Story.PrepareAsync(name);
        return english ? example with { Form = Latin(example.Form) } : example;
    }

    /// <summary>What the people of this county went through before: an example of another matter, with what came before it, played when it says.</summary>
    public async Task BeforeAsync(string matter, string name)
    {
        var earlier = new CaseStory(App, matter, Story.Number);
        var example = await earlier.PrepareAsync(name);
        foreach (var before in example.Before) await BeforeAsync(before.Matter, before.Example);
        if (english) example = example with { Form = Latin(example.Form) };
        await new StoryPlayer(App.Services, new StoryClock(example.At), (task, by) => CaseStory.Officer(by, task.Role, task.Division)).PlayAsync(earlier.Revision, example, earlier.Applicant, CaseStory.Forever);
    }

    /// <summary>What an officer enters according to the example, on the product's day.</summary>
    public JsonObject Answer(ExampleFile example, string task, int seat = 0)
    {
        var result = example.Answers[task][seat].Result!.DeepClone().AsObject();
        var today = Web.Platform.Time.BureauTime.Day(((TimeProvider)App.Services.GetService(typeof(TimeProvider))!).GetUtcNow());
        foreach (var day in result.Where(p => p.Value is JsonValue v && v.TryGetValue<string>(out var text) && DateOnly.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out _)).Select(p => p.Key).ToList())
            result[day] = today.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        return english ? Latin(result) : result;
    }

    /// <summary>Somebody's own browser.</summary>
    /// <param name="looked">Whether its pages are looked at.</param>
    public async Task<WatchedPage> BrowseAsync(bool javaScript = true, bool looked = true)
    {
        var home = App.ClientOptions.BaseAddress.ToString();
        var page = new WatchedPage(await browser.PageAsync(1440, home, javaScript), home, looked ? pictures : null, english);
        opened.Add(page);
        if (!english) return page;
        await page.Page.GotoAsync("/");
        await page.Page.Locator("form.language button").FollowAsync();
        return page;
    }

    /// <summary>The next officer of a role decides a task of the case, in their own browser.</summary>
    /// <param name="look">At the task in hand, before it is decided.</param>
    /// <param name="looked">Whether its pages are looked at.</param>
    /// <param name="entered">At the task with everything entered, before it is sent.</param>
    public async Task DecideAsync(string role, string number, string task, JsonObject result, string? asks = null, Func<IPage, Task>? look = null, bool looked = true, Func<IPage, Task>? entered = null)
    {
        var page = await BrowseAsync(looked: looked);
        var seat = new Seat(page, Form);
        await seat.SignInAsync(await OfficerAsync(role));
        if (task == "accept") await page.LookAsync("desk-queue");
        await seat.DecideAsync(number, task, result, asks, look, entered);
        await page.Page.Context.CloseAsync();
    }

    /// <summary>Two officers of each role, who take turns.</summary>
    public async Task<Account> OfficerAsync(string role)
    {
        var division = role switch { Roles.VillageWorker => Story.Village, Roles.Clerk or Roles.Investigator or Roles.TownshipReviewer => Story.Township, _ => Code };
        if (!offices.TryGetValue(role, out var office))
            offices[role] = office = new([await TestAccounts.OfficerAsync(App, null, new HeldRole(role, division)), await TestAccounts.OfficerAsync(App, null, new HeldRole(role, division))]);
        var next = office.Dequeue();
        office.Enqueue(next);
        return next;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var page in opened) await page.Page.Context.CloseAsync();
        await App.DisposeAsync();
    }

    private static JsonObject Latin(JsonObject data) => JsonNode.Parse(Han().Replace(data.ToJsonString(Readable), m => ((char)('a' + m.Value[0] % 26)).ToString()))!.AsObject();

    private static readonly System.Text.Json.JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [GeneratedRegex(@"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")] private static partial Regex Han();
}
