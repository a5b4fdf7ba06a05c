using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;

namespace CivilAffairs.Tests.Features.Payments;

/// <summary>
/// A county of a test's own with three grants of the rural allowance: one of a case that was played, with the account of its
/// application, and two of an imported ledger, of which nobody knows the account.
/// </summary>
internal sealed class PayTown
{
    private static int counties;
    private readonly TestApp app;
    private readonly Dictionary<string, (string UserName, Guid Id)> officers = [];

    private PayTown(TestApp app) => this.app = app;

    /// <summary>Unassigned, and no other test's.</summary>
    public string County { get; } = $"3413{Interlocked.Increment(ref counties) % 90 + 10:00}";
    public Guid CaseId { get; private set; }
    public DateOnly FirstMonth { get; private set; }

    /// <summary>1,200 yuan of the case, 800 and 500 of the ledger.</summary>
    public Guid First { get; private set; }
    public Guid Second { get; private set; }
    public Guid Third { get; private set; }

    /// <summary>As the application has it.</summary>
    public string Account { get; private set; } = "";

    public static async Task<PayTown> MakeAsync(TestApp app)
    {
        var (town, story) = (new PayTown(app), new CaseStory(app));
        town.CaseId = await story.PlayAsync("granted");
        town.Account = (string)story.Revision.Examples["granted.json"].Form["account"]!["number"]!;
        await using (var db = story.Open())
        {
            var grant = await db.Set<Grant>().SingleAsync(g => g.CaseId == town.CaseId);
            (town.First, town.FirstMonth) = (grant.Id, grant.FirstMonth);
        }
        Grant Ledger(string name, long fen) => new()
        {
            Matter = "rural-dibao", Benefit = "rural-dibao", HolderName = name, County = town.County, Township = town.County + "101", AmountFen = fen, Persons = 1, FirstMonth = town.FirstMonth, Parameters = "[]", OccurredOn = town.FirstMonth.AddDays(-5),
        };
        var (second, third) = (Ledger("李四", 80_000), Ledger("赵六", 50_000));
        (town.Second, town.Third) = (second.Id, third.Id);
        await app.Services.GetRequiredService<IWriter>().WriteAsync(async (db, cancel) =>
        {
            db.AddRange(second, third);
            return await db.Set<Grant>().Where(g => g.Id == town.First).ExecuteUpdateAsync(s => s.SetProperty(g => g.County, town.County), cancel);
        });
        return town;
    }

    /// <summary>The clock of a story's app to a day of a month, at nine in the morning.</summary>
    public void Put(DateOnly month, int day) => ((StoryApp)app).Clock.Put(new DateTimeOffset(month.AddDays(day).ToDateTime(new TimeOnly(1, 0)), TimeSpan.Zero));

    public async Task<ApiCaller> OfficerAsync(string who, string? county = null) => await ApiCaller.AsAsync(app, (await AccountAsync(who, county)).UserName);

    public Guid AccountOf(string who) => officers[who].Id;

    public async Task<(string UserName, Guid Id)> AccountAsync(string who, string? county = null)
    {
        if (officers.TryGetValue(who, out var known)) return known;
        var account = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Payments, county ?? County));
        return officers[who] = (account.UserName!, account.Id);
    }

    public static async Task<Guid> MakeAsync(ApiCaller by, DateOnly month) =>
        (Guid)(await by.DoAsync(HttpMethod.Post, "/payments", new JsonObject { ["matter"] = "rural-dibao", ["benefit"] = "rural-dibao", ["month"] = $"{month:yyyy-MM-dd}" }))!["id"]!;

    public Task<Guid> RosterAsync(DateOnly month) => CountAsync(db => db.Set<PayRoster>().Where(r => r.County == County && r.Month == month).Select(r => r.Id).SingleAsync());

    public async Task<T> CountAsync<T>(Func<CivilAffairsDb, Task<T>> ask)
    {
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        return await ask(db);
    }
}
