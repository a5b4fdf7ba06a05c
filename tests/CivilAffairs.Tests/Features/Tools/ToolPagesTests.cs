using System.Net;
using AngleSharp.Dom;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;

namespace CivilAffairs.Tests.Features.Tools;

/// <summary>The worked examples of domain §B, asked by people on the public pages: no account, no JavaScript, nothing kept.</summary>
[Collection(ApiStories.Name)]
public sealed class ToolPagesTests(StoryApps apps)
{
    [Theory]
    [InlineData("resident-id", "34129919580419001X", "号码正确", "1958年4月19日", "男")]
    [InlineData("resident-id", "34129919350718102x", "号码正确", "1935年7月18日", "女")]
    [InlineData("resident-id", "341299196203050121", "最后一位应为0")]
    [InlineData("resident-id", "341299199002301126", "不是有效的出生日期")]
    [InlineData("credit-code", "51341299MJ0A12341C", "号码正确", "社会团体")]
    [InlineData("credit-code", "51341299MJ0A12341D", "最后一位应为C")]
    [InlineData("credit-code", "91341299MJ0A123418", "应以51开头")]
    [InlineData("credit-code", "51341299MI0A12341C", "不含I")]
    [InlineData("disability-card", "34129919580419001X41", "号码正确", "肢体", "1 级")]
    [InlineData("bank-card", "6228480438123456784", "号码正确", "19")]
    [InlineData("bank-card", "6228480438123456785", "校验码不对")]
    public async Task Numbers_are_checked_and_never_shown_again(string tool, string value, params string[] told)
    {
        var fields = new Dictionary<string, string> { ["a-value"] = value };
        if (tool == "credit-code") fields["a-kind"] = "association";
        var (found, html) = await AskAsync(tool, fields);
        Assert.All(told, t => Assert.Contains(t, found, StringComparison.Ordinal));
        Assert.DoesNotContain(value, html, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("2026-02-11", 3, "workdays", false, "2026年2月14日")]
    [InlineData("2026-02-11", 30, "workdays", false, "2026年3月31日")]
    [InlineData("2026-02-11", 45, "workdays", false, "2026年4月22日")]
    [InlineData("2026-09-18", 10, "workdays", false, "2026年10月9日")]
    [InlineData("2026-09-24", 5, "workdays", false, "2026年10月9日")]
    [InlineData("2025-09-22", 20, "workdays", false, "2025年10月24日")]
    [InlineData("2025-09-22", 40, "workdays", false, "2025年11月21日")]
    [InlineData("2026-04-30", 3, "workdays", false, "2026年5月8日")]
    [InlineData("2026年2月12日", 7, "days", true, "2026年2月19日")]
    [InlineData("2026-03-02", 60, "days", false, "2026年5月6日")]
    [InlineData("2026-04-01", 60, "days", false, "2026年6月1日")]
    [InlineData("2026-04-01", 6, "months", false, "2026年10月8日")]
    [InlineData("2026-09-18", 15, "days", false, "2026年10月8日")]
    public async Task Limits(string start, int count, string unit, bool plain, string last)
    {
        var (found, _) = await AskAsync("deadline", new() { ["a-start"] = start, ["a-count"] = $"{count}", ["a-unit"] = unit, ["a-plain"] = plain ? "true" : "false" });
        Assert.Contains($"最后一天是{last}", found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_days_skipped_are_told_and_what_is_wrong_stands_beside_its_question()
    {
        var (found, _) = await AskAsync("deadline", new() { ["a-start"] = "2026-03-02", ["a-count"] = "60", ["a-unit"] = "days" });
        Assert.Contains("5 天：2026年5月1日 – 2026年5月5日", found, StringComparison.Ordinal);
        await RefusedAsync("deadline", new() { ["a-start"] = "", ["a-count"] = "60", ["a-unit"] = "days" }, "a-start", "起算事件的日期");
        await RefusedAsync("deadline", new() { ["a-start"] = "2300-01-01", ["a-count"] = "3", ["a-unit"] = "workdays" }, "a-start", "2300年");
        await RefusedAsync("deadline", new() { ["a-start"] = "2026-01-01", ["a-count"] = "99999999", ["a-unit"] = "days" }, "a-count", "整数");
        await RefusedAsync("certificate", new() { ["a-issued"] = "2022-11-20", ["a-years"] = "0" }, "a-years", "1至100年");
    }

    [Theory]
    [InlineData("2026-01-15", "2026年2月14日", "2026年2月15日", "2026年3月16日")]
    [InlineData("2026-01-16", "2026年2月24日", "2026年2月25日", "2026年3月26日")]
    [InlineData("2026-09-02", "2026年10月8日", "2026年10月9日", "2026年11月9日")]
    public async Task A_divorce_s_days(string receipt, params string[] days)
    {
        var (found, _) = await AskAsync("divorce-window", new() { ["a-receipt"] = receipt });
        Assert.All(days, day => Assert.Contains(day, found, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_certificate_s_days()
    {
        var (found, _) = await AskAsync("certificate", new() { ["a-issued"] = "2022-11-20", ["a-years"] = "4" });
        Assert.All(["有效期至2026年11月19日", "2026年10月20日", "2026年8月21日、2026年9月20日、2026年10月20日、2026年11月12日、2026年11月19日"], t => Assert.Contains(t, found, StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_household_works_out_what_it_may_expect_row_by_row(string kind)
    {
        using var nobody = SignedIn.Nobody(await apps.GetAsync(kind));
        const string path = "/tools/estimate/rural-dibao";
        using var blank = await nobody.PageAsync(path);
        Assert.Single(blank.QuerySelectorAll("fieldset.row"));
        using var two = await PostAsync(nobody, blank, path, new() { ["a-members-0-wages"] = "21,600", ["go"] = "add-members" });
        Assert.Equal("21600", two.QuerySelector("#a-members-0-wages")!.GetAttribute("value"));
        Assert.Null(two.QuerySelector(".found"));
        using var three = await PostAsync(nobody, two, path, new() { ["go"] = "add-members" });
        using var five = await PostAsync(nobody, await PostAsync(nobody, three, path, new() { ["go"] = "add-members" }), path, new() { ["go"] = "add-members" });
        using var four = await PostAsync(nobody, five, path, new() { ["go"] = "remove-members-4" });
        Assert.Equal(4, four.QuerySelectorAll("fieldset.row").Length);
        // B17: (36,000 − 21,600) / 12; income that the law leaves out changes nothing (B20).
        using var found = await PostAsync(nobody, four, path, new() { ["a-members-1-excluded"] = "3000", ["a-members-2-basicPension"] = "2400", ["go"] = "on" });
        Assert.Contains("可能符合条件", found.QuerySelector(".found")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("¥1,200.00", found.QuerySelector(".found .amount")!.TextContent, StringComparison.Ordinal);
        Assert.Contains(found.QuerySelectorAll(".worked tr"), r => r.TextContent.Contains("计入的家庭年收入", StringComparison.Ordinal) && r.TextContent.Contains("¥21,600.00", StringComparison.Ordinal) && r.TextContent.Contains("第 13 条", StringComparison.Ordinal));
        // B19: equal to the standard is not below it.
        using var refused = await PostAsync(nobody, two, path, new() { ["a-members-0-wages"] = "18000", ["go"] = "on" });
        Assert.Contains("可能不符合条件", refused.QuerySelector(".found")!.TextContent, StringComparison.Ordinal);
        Assert.Null(refused.QuerySelector(".found .amount"));
        using var wrong = await PostAsync(nobody, two, path, new() { ["a-members-0-wages"] = "很多", ["go"] = "on" });
        Assert.NotNull(wrong.QuerySelector(".summary a[href='#a-members-0-wages']"));
        Assert.NotNull(wrong.QuerySelector("#a-members-0-wages-error"));
    }

    [Fact]
    public async Task Every_estimate_has_a_page_and_who_somebody_is_never_comes_back()
    {
        var app = await apps.GetAsync(Databases.Sqlite);
        app.Clock.Put(new(2026, 8, 1, 1, 0, 0, TimeSpan.Zero));
        using var nobody = SignedIn.Nobody(app);
        using (var index = await nobody.PageAsync("/tools"))
            foreach (var link in index.QuerySelectorAll("main .rows a"))
                using (var page = await nobody.PageAsync(link.GetAttribute("href")!)) Assert.NotNull(page.QuerySelector("main form[method=post]"));
        // B27: level 1 in a 低保 household gets both; with 特困 neither. A question that the answers bring up is asked before anything is told.
        const string path = "/tools/estimate/disability-subsidies";
        Dictionary<string, string> Person(string tekun) => new()
        {
            ["a-applicant-idNumber"] = "34129919580419001X", ["a-disability-card"] = "34129919580419001X41", ["a-claim-living"] = "true", ["a-claim-care"] = "true", ["a-situation-inDibao"] = "true", ["a-situation-inTekun"] = tekun,
            ["a-situation-workInjuryCare"] = "false", ["a-situation-child"] = "none", ["go"] = "on",
        };
        using var start = await nobody.PageAsync(path);
        using var more = await PostAsync(nobody, start, path, Person("false"));
        Assert.NotNull(more.QuerySelector("#a-claim-longCare"));
        Assert.Null(more.QuerySelector(".found"));
        foreach (var (tekun, told) in new[] { ("false", "¥205.00"), ("true", "可能不符合条件") })
        {
            var answers = Person(tekun);
            answers["a-claim-longCare"] = "true";
            using var found = await PostAsync(nobody, more, path, answers);
            Assert.Contains(told, found.QuerySelector(".found")!.TextContent, StringComparison.Ordinal);
            Assert.DoesNotContain("34129919580419001X", found.DocumentElement.OuterHtml, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_page_that_is_forged_or_unknown_is_refused_and_pages_count_with_the_API()
    {
        var app = await apps.GetAsync(Databases.Sqlite);
        using var nobody = SignedIn.Nobody(app);
        nobody.Client.DefaultRequestHeaders.Add(StoryApp.AddressHeader, "10.77.0.1");
        using var content = new FormUrlEncodedContent(new Dictionary<string, string> { ["a-value"] = "341299196203050121" });
        using (var forged = await nobody.Client.PostAsync(new Uri("/tools/resident-id", UriKind.Relative), content)) Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        foreach (var path in (string[])["/tools/nothing", "/tools/estimate/marriage", "/tools/estimate/nothing"])
            using (var none = await nobody.GetAsync(path)) Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        HttpStatusCode last;
        var asked = 4;
        do
        {
            using var answer = await nobody.GetAsync(asked % 2 == 0 ? "/api/v1/tools/deadline?start=2026-02-11&workdays=3" : "/tools/deadline");
            (last, asked) = (answer.StatusCode, asked + 1);
        }
        while (last == HttpStatusCode.OK && asked < 300);
        Assert.Equal((HttpStatusCode.TooManyRequests, 121), (last, asked));
    }

    private async Task<(string Found, string Html)> AskAsync(string tool, Dictionary<string, string> fields)
    {
        using var page = await SentAsync(tool, fields);
        Assert.Null(page.QuerySelector(".summary"));
        return (page.QuerySelector(".found")!.TextContent, page.DocumentElement.OuterHtml);
    }

    private async Task RefusedAsync(string tool, Dictionary<string, string> fields, string input, string told)
    {
        using var page = await SentAsync(tool, fields);
        Assert.Null(page.QuerySelector(".found"));
        Assert.Contains(told, page.QuerySelector($".summary a[href='#{input}']")!.TextContent, StringComparison.Ordinal);
        Assert.Contains(told, page.QuerySelector($"#{input}-error")!.TextContent, StringComparison.Ordinal);
    }

    private async Task<IDocument> SentAsync(string tool, Dictionary<string, string> fields)
    {
        using var nobody = SignedIn.Nobody(await apps.GetAsync(Databases.Sqlite));
        nobody.Client.DefaultRequestHeaders.Add(StoryApp.AddressHeader, $"10.78.{Random.Shared.Next(256)}.{Random.Shared.Next(256)}");
        using var answer = await nobody.SubmitAsync($"/tools/{tool}", fields);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        Assert.Contains("no-store", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        return await SignedIn.ReadAsync(answer);
    }

    private static async Task<IDocument> PostAsync(SignedIn person, IDocument page, string path, Dictionary<string, string> fields)
    {
        using var answer = await person.SendAsync(page, path, fields);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        return await SignedIn.ReadAsync(answer);
    }
}
