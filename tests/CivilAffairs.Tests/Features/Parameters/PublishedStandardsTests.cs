using System.Net;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Parameters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Parameters;

/// <summary>Everybody reads what holds in a place on a day, and what held before; nobody reads what is planned, who set it and why.</summary>
public sealed class PublishedStandardsTests
{
    private const string Key = "dibao.rural.standard";

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task By_place_and_day_with_their_source_and_nothing_that_is_planned(string kind)
    {
        await using var app = new StoryApp(await Databases.FreshAsync(kind), new StandingClock());
        app.Clock.Put(new(2026, 8, 3, 1, 0, 0, TimeSpan.Zero));
        const string township = "341299101";
        var writer = app.Services.GetRequiredService<IWriter>();
        await County.WriteAsync(writer);
        await app.Services.GetRequiredService<DivisionDirectory>().RefreshAsync(default);
        await writer.WriteAsync((db, _) =>
        {
            db.Add(Value("", "960000", new(2026, 1, 1), "皖民〔2025〕9号"));
            db.Add(Value("", "990000", new(2026, 7, 1), "皖民〔2026〕5号"));
            db.Add(Value("", "1200000", new(2027, 1, 1), "尚未公布的文件"));
            db.Add(Value(township, "1000000", new(2026, 7, 1), "镇政发〔2026〕2号"));
            return Task.FromResult(0);
        });
        using var anybody = SignedIn.Nobody(app);
        async Task<string> RowAsync(string query)
        {
            using var page = await anybody.PageAsync($"/standards{query}");
            return page.QuerySelectorAll("tr").Single(r => r.QuerySelector($"a[href='/standards/{Key}']") is not null).TextContent;
        }
        var now = await RowAsync("");
        Assert.All(["¥9,900.00", "皖民〔2026〕5号", "2026年7月1日"], t => Assert.Contains(t, now, StringComparison.Ordinal));
        Assert.Contains("¥9,600.00", await RowAsync("?day=2026-06-30"), StringComparison.Ordinal);
        Assert.Contains("¥9,000.00", await RowAsync("?day=2025-12-31"), StringComparison.Ordinal);
        Assert.Contains("¥10,000.00", await RowAsync($"?place={township}"), StringComparison.Ordinal);
        Assert.Contains("¥9,600.00", await RowAsync($"?place={township}&day=2026-06-30"), StringComparison.Ordinal);
        foreach (var (query, told) in new[] { ("?day=2027-01-01", "到今天为止"), ("?day=bald", "写得不对"), ("?place=341298001", "没有这个地点") })
            using (var wrong = await anybody.PageAsync($"/standards{query}"))
            {
                Assert.Contains(told, wrong.QuerySelector(".summary")!.TextContent, StringComparison.Ordinal);
                Assert.Empty(wrong.QuerySelectorAll("table"));
            }
        using (var all = await anybody.PageAsync("/standards"))
        {
            // A figure of how the office works is not published; one that several matters use stands once.
            Assert.DoesNotContain("抽查比例", all.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
            Assert.All(all.QuerySelectorAll("main td a").Select(a => a.GetAttribute("href")).GroupBy(h => h), g => Assert.Single(g));
        }
        using var history = await anybody.PageAsync($"/standards/{Key}");
        var text = history.QuerySelector("main")!.TextContent;
        Assert.All(["¥9,900.00", "¥9,600.00", "¥9,000.00", "¥10,000.00", "2026年6月30日", "2025年12月31日"], t => Assert.Contains(t, text, StringComparison.Ordinal));
        Assert.All(["12,000", "尚未公布", "内部说明"], t => Assert.DoesNotContain(t, text, StringComparison.Ordinal));
        foreach (var path in (string[])["/standards/dibao.sample.percent", "/standards/nothing"])
            using (var none = await anybody.GetAsync(path)) Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        var english = anybody.Client;
        english.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        Assert.Contains("Published standards", await english.GetStringAsync(new Uri("/standards", UriKind.Relative)), StringComparison.Ordinal);
    }

    private static ParameterValue Value(string scope, string fen, DateOnly from, string source) => new() { Key = Key, Scope = scope, Value = fen, ValidFrom = from, Source = source, Reason = "内部说明" };
}
