using System.Net;
using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;

namespace CivilAffairs.Tests.Features.Tools;

/// <summary>The worked examples of the bureau's arithmetic, asked by nobody in particular over the API.</summary>
[Collection(ApiStories.Name)]
public sealed class ToolApiTests(StoryApps apps)
{
    [Theory]
    [InlineData("34129919580419001X", true, "1958-04-19", "male", null)]
    [InlineData("34129919350718102x", true, "1935-07-18", "female", null)]
    [InlineData("３４１２９９ 19580419 001x", true, "1958-04-19", "male", null)]
    [InlineData("341299196203050121", false, null, null, "最后一位应为0")]
    [InlineData("341299199002301126", false, null, null, "不是有效的出生日期")]
    [InlineData("", false, null, null, "应为18位")]
    public async Task An_identity_number(string value, bool valid, string? born, string? sex, string? reason)
    {
        var answer = await AskAsync("/tools/resident-id", new JsonObject { ["value"] = value });
        Assert.Equal((valid, born, sex), ((bool)answer["valid"]!, (string?)answer["born"], (string?)answer["sex"]));
        Reason(answer, reason);
        // What was asked is not repeated.
        if (value.Length > 0) Assert.DoesNotContain(value, answer.ToJsonString(), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("51341299MJ0A12341C", "社会团体", true, "社会团体", null)]
    [InlineData("51341299mj0a12341c", null, true, "社会团体", null)]
    [InlineData("51341299MJ0A12341D", "社会团体", false, null, "最后一位应为C")]
    [InlineData("91341299MJ0A123418", "社会团体", false, null, "应以51开头")]
    [InlineData("91341299MJ0A123418", null, true, null, null)]
    [InlineData("51341299MJ0A12341C", "民非", false, null, "应以52开头")]
    [InlineData("51341299MI0A12341C", "社会团体", false, null, "不含I")]
    public async Task A_credit_code(string value, string? kind, bool valid, string? found, string? reason)
    {
        var answer = await AskAsync("/tools/credit-code", new JsonObject { ["value"] = value, ["kind"] = kind });
        Assert.Equal((valid, found), ((bool)answer["valid"]!, (string?)answer["kind"]));
        Reason(answer, reason);
    }

    [Fact]
    public async Task Cards()
    {
        var disabled = await AskAsync("/tools/disability-card", new JsonObject { ["value"] = "34129919580419001X41" });
        Assert.Equal((true, "肢体", 1), ((bool)disabled["valid"]!, (string?)disabled["kind"], (int)disabled["level"]!));
        Assert.False((bool)(await AskAsync("/tools/disability-card", new JsonObject { ["value"] = "34129919580419001X81" }))["valid"]!);
        Assert.True((bool)(await AskAsync("/tools/bank-card", new JsonObject { ["value"] = "6228480438123456784" }))["valid"]!);
        var wrong = await AskAsync("/tools/bank-card", new JsonObject { ["value"] = "6228480438123456785" });
        Assert.False((bool)wrong["valid"]!);
        Reason(wrong, "校验码不对");
    }

    [Theory]
    [InlineData("start=2026-02-11&workdays=3", "2026-02-14")]
    [InlineData("start=2026-02-11&workdays=30", "2026-03-31")]
    [InlineData("start=2026-02-11&workdays=45", "2026-04-22")]
    [InlineData("start=2026-09-18&workdays=10", "2026-10-09")]
    [InlineData("start=2026-09-24&workdays=5", "2026-10-09")]
    [InlineData("start=2025-09-22&workdays=20", "2025-10-24")]
    [InlineData("start=2025-09-22&workdays=40", "2025-11-21")]
    [InlineData("start=2026-04-30&workdays=3", "2026-05-08")]
    [InlineData("start=2026-02-12&days=7&plain=true", "2026-02-19")]
    [InlineData("start=2026-09-30&days=3&plain=true", "2026-10-03")]
    [InlineData("start=2026-03-02&days=60", "2026-05-06")]
    [InlineData("start=2026-04-01&days=60", "2026-06-01")]
    [InlineData("start=2026-04-01&months=6", "2026-10-08")]
    [InlineData("start=2026-09-18&days=15", "2026-10-08")]
    [InlineData("start=2026-02-11&workdays=0", "2026-02-11")]
    public async Task A_deadline(string query, string date) => Assert.Equal(date, (string?)(await GetAsync($"/tools/deadline?{query}"))["date"]);

    [Fact]
    public async Task A_deadline_names_the_days_it_skips()
    {
        Assert.Equal(["2026-05-01", "2026-05-02", "2026-05-03", "2026-05-04", "2026-05-05"], Days((await GetAsync("/tools/deadline?start=2026-03-02&days=60"))["skipped"]));
        Assert.Equal(["2026-05-01", "2026-05-02", "2026-05-03", "2026-05-04", "2026-05-05"], Days((await GetAsync("/tools/deadline?start=2026-04-30&workdays=3"))["skipped"]));
        Assert.Empty(Days((await GetAsync("/tools/deadline?start=2026-02-12&days=7&plain=true"))["skipped"]));
    }

    [Theory]
    [InlineData("start=2026-02-11", "workdays", "只须给出一个")]
    [InlineData("start=2026-02-11&workdays=3&days=3", "days", "只须给出一个")]
    [InlineData("start=2026-02-11&workdays=-1", "workdays", "整数")]
    [InlineData("start=2026-02-11&days=99999999", "days", "整数")]
    [InlineData("start=9999-12-31&days=5", "start", "太远")]
    [InlineData("start=9999-12-31&months=5", "start", "太远")]
    [InlineData("start=2300-01-01&workdays=3", "start", "2300年")]
    [InlineData("start=2300-01-01&days=3", "start", "2300年")]
    public async Task A_deadline_that_cannot_be_told_says_why(string query, string field, string reason)
    {
        using var answer = await SendAsync(HttpMethod.Get, $"/tools/deadline?{query}");
        var problem = await ApiCaller.RefusedAsync(answer, 400);
        Assert.Contains(reason, problem.ToJsonString(Readable), StringComparison.Ordinal);
        Assert.Contains($"\"{field}\"", problem.ToJsonString(Readable), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-01-15", "2026-02-14", "2026-02-15", "2026-03-16")]
    [InlineData("2026-01-16", "2026-02-24", "2026-02-25", "2026-03-26")]
    [InlineData("2026-09-02", "2026-10-08", "2026-10-09", "2026-11-09")]
    public async Task A_divorce_s_days(string receipt, string end, string open, string last)
    {
        var answer = await GetAsync($"/tools/divorce-window?receipt={receipt}");
        Assert.Equal((end, open, last), ((string?)answer["end"], (string?)answer["open"], (string?)answer["last"]));
    }

    [Fact]
    public async Task A_certificate_s_days()
    {
        var answer = await GetAsync("/tools/certificate?issued=2022-11-20&years=4");
        Assert.Equal(("2026-11-19", "2026-10-20", "2026-10-20"), ((string?)answer["expires"], (string?)answer["applyBy"], (string?)answer["applyByPractical"]));
        Assert.Equal(["2026-08-21", "2026-09-20", "2026-10-20", "2026-11-12", "2026-11-19"], Days(answer["reminders"]));
        using var wrong = await SendAsync(HttpMethod.Get, "/tools/certificate?issued=2022-11-20&years=0");
        await ApiCaller.RefusedAsync(wrong, 400);
        // Another matter's certificates have other days, and a matter without any says so.
        using var none = await SendAsync(HttpMethod.Get, "/tools/certificate?issued=2022-11-20&years=4&matter=rural-dibao");
        await ApiCaller.RefusedAsync(none, 404);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_household_asks_what_it_may_expect(string kind)
    {
        using var nobody = ApiCaller.Nobody(await apps.GetAsync(kind));
        async Task<JsonObject> Ask(int members, long incomeYuan)
        {
            var rows = new JsonArray([.. Enumerable.Range(0, members).Select(i => (JsonNode)new JsonObject { ["wages"] = i == 0 ? incomeYuan * 100 : 0 })]);
            using var answer = await nobody.SendAsync(HttpMethod.Post, "/tools/estimate/rural-dibao", new JsonObject { ["members"] = rows });
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return await ApiCaller.JsonAsync(answer);
        }
        var four = await Ask(4, 21_600);
        Assert.Equal((true, 1200m), ((bool)four["eligible"]!, (decimal)four["amount"]!));
        Assert.Contains(four["steps"]!.AsArray(), s => (string?)s!["label"] == "计入的家庭年收入" && (decimal)s["value"]! == 21_600m && (string?)s["source"] == "DB 13");
        Assert.All(four["steps"]!.AsArray(), s => Assert.False(string.IsNullOrEmpty((string?)s!["source"])));
        // Equal to the standard is not below it.
        var two = await Ask(2, 18_000);
        Assert.False((bool)two["eligible"]!);
        Assert.Null(two["amount"]);
        Assert.True((bool)(await Ask(2, 17_999))["eligible"]!);
        // One exact division, rounded up once.
        Assert.Equal(84m, (decimal)(await Ask(2, 17_000))["amount"]!);

        using var none = await nobody.SendAsync(HttpMethod.Post, "/tools/estimate/rural-dibao", new JsonObject());
        Assert.Contains("家庭人口", (await ApiCaller.RefusedAsync(none, 422)).ToJsonString(Readable), StringComparison.Ordinal);
        using var text = await nobody.SendAsync(HttpMethod.Post, "/tools/estimate/rural-dibao", new JsonObject { ["members"] = new JsonArray(new JsonObject { ["wages"] = "很多" }) });
        Assert.Contains("members[0].wages", (await ApiCaller.RefusedAsync(text, 422)).ToJsonString(Readable), StringComparison.Ordinal);
        using var other = await nobody.SendAsync(HttpMethod.Post, "/tools/estimate/marriage", new JsonObject());
        await ApiCaller.RefusedAsync(other, 404);
    }

    [Fact]
    public async Task Answers_come_in_english_too_and_too_many_questions_are_refused()
    {
        using var nobody = ApiCaller.Nobody(await apps.GetAsync(Databases.Sqlite));
        using var english = await nobody.SendAsync(HttpMethod.Post, "/tools/resident-id", new JsonObject { ["value"] = "341299196203050121" }, language: "en");
        Assert.Equal("The check digit is wrong: the last character must be 0.", (string?)(await ApiCaller.JsonAsync(english))["reason"]);
        for (var i = 1; i < 120; i++)
        {
            using var more = await nobody.SendAsync(HttpMethod.Get, "/tools/deadline?start=2026-02-11&workdays=3");
            Assert.Equal(HttpStatusCode.OK, more.StatusCode);
        }
        using var refused = await nobody.SendAsync(HttpMethod.Get, "/tools/deadline?start=2026-02-11&workdays=3");
        await ApiCaller.RefusedAsync(refused, 429, "tooMany");
    }

    private static readonly System.Text.Json.JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static void Reason(JsonObject answer, string? reason)
    {
        if (reason is null) Assert.Null(answer["reason"]);
        else Assert.Contains(reason, (string?)answer["reason"], StringComparison.Ordinal);
    }

    private static IEnumerable<string?> Days(JsonNode? days) => days!.AsArray().Select(d => (string?)d);

    private Task<JsonObject> GetAsync(string path) => OkAsync(SendAsync(HttpMethod.Get, path));

    private Task<JsonObject> AskAsync(string path, JsonObject body) => OkAsync(SendAsync(HttpMethod.Post, path, body));

    private static async Task<JsonObject> OkAsync(Task<HttpResponseMessage> sent)
    {
        using var answer = await sent;
        Assert.True(answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync());
        return await ApiCaller.JsonAsync(answer);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, JsonObject? body = null)
    {
        using var nobody = ApiCaller.Nobody(await apps.GetAsync(Databases.Sqlite));
        return await nobody.SendAsync(method, path, body);
    }
}
