using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Subjects;
using CivilAffairs.Web.Features.Registers.Import;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MiniExcelLibs;
using Xunit;

namespace CivilAffairs.Tests.Features.Registers;

/// <summary>A ledger in Excel is looked through row by row, taken over, and changes nothing when it comes again: over HTTP, on both databases.</summary>
[Collection(ApiStories.Name)]
public sealed class LedgerImportTests(StoryApps apps)
{
    private const string County = "341299";

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_ledger_is_checked_taken_over_and_changes_nothing_when_it_comes_again(string kind)
    {
        var (app, clerk) = await ClerkAsync(kind);
        string[] codes = [Codes.Next(), Codes.Next(), Codes.Next(), Codes.Next("52")];
        object?[][] table =
        [
            [codes[0], "青禾陶艺协会", "社会团体", "青河镇", "34129919580419001X", "a@example.com", $"旧{codes[0]}", "2022-11-20", "2026-11-19"],
            [codes[1].ToLowerInvariant(), "青禾剪纸协会", "association", "341299101201", "", "", $"旧{codes[1]}", new DateTime(2023, 5, 1), new DateTime(2028, 4, 30)],
            [codes[2][..17] + (codes[2][17] == 'A' ? 'B' : 'A'), "青禾竹编协会", "社会团体", "青河镇", "", "", "旧3", "2022-11-20", "2026-11-19"],
            [codes[3], "青禾养老院", "社会团体", "青河镇", "", "", "旧4", "2022-11-20", "2026-11-19"],
            [codes[0], "青禾陶艺协会", "社会团体", "青河镇", "", "", "旧5", "2022-11-20", "2026-11-19"],
            [Codes.Next(), "青禾民歌协会", "社会团体", "别处镇", "341299199002301126", "不是邮箱", "旧6", "2026-11-20", "2022-11-19"],
            [Codes.Next(), "青禾戏曲协会", "社会团体", "青河镇", 341299195804190012d, "", $"旧{codes[0]}", "2022年11月20日", "20261119"],
        ];
        var import = await CheckAsync(clerk, table);
        Assert.Equal((2, 0, 0, 5), Counts(import));
        var faults = await FaultsAsync(clerk, import);
        Assert.Equal(["4 统一社会信用代码 的最后一位", "5 统一社会信用代码 应以51开头", "6 统一社会信用代码 与第 2 行重复", "7 住所地 行政区划", "7 身份证号 日期", "7 邮箱 name@", "7 有效期自 今天", "7 有效期至 早于", "8 身份证号 文本格式", "8 证书编号 与第 2 行重复"],
            faults.OrderBy(f => f.Row).ThenBy(f => Array.IndexOf(Headers, f.Column)).Select(f => $"{f.Row} {f.Column} {Said(f.Zh)}"));
        // A dry run: the register is as it was.
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        var ledger = app.Services.GetRequiredService<SubjectLedger>();
        Assert.Null(await ledger.FindAsync(db, GuildMatter.Register, codes[0]));

        await clerk.DoAsync(HttpMethod.Post, $"/registers/imports/{Id(import)}/apply");
        var done = await clerk.GetAsync($"/registers/imports/{Id(import)}");
        Assert.Equal(("Applied", 2), ((string)done["state"]!, (int)done["applied"]!));
        var first = await ledger.FindAsync(db, GuildMatter.Register, codes[0]);
        Assert.Equal(("青禾陶艺协会", "341299101", null), (first!.Name, first.Township, first.Village));
        Assert.Equal((new DateOnly(2022, 11, 20), new DateOnly(2026, 11, 19), $"旧{codes[0]}", "青禾陶艺协会", null), (await db.Set<Certificate>().SingleAsync(c => c.SubjectId == first.Id)) is var held ? (held.ValidFrom, held.ValidTo!.Value, held.Number, held.HolderName, held.CaseId) : default);
        Assert.Equal("a@example.com", (string?)(await ledger.CurrentAsync(db, first))["email"]);
        // Nothing of the table is left beside the register.
        Assert.All(await db.Set<LedgerImportRow>().Where(r => r.ImportId == Id(import)).ToListAsync(), r => Assert.Null(r.Cipher));

        // Again, the whole table: what was taken over is known, the rest is as wrong as it was.
        var again = await CheckAsync(clerk, table);
        Assert.Equal((0, 0, 2, 5), Counts(again));
        await clerk.DoAsync(HttpMethod.Post, $"/registers/imports/{Id(again)}/apply");
        Assert.Equal(1, await db.Set<RegisterEntry>().CountAsync(e => e.SubjectId == first.Id));
        Assert.Equal(1, await db.Set<Certificate>().CountAsync(c => c.SubjectId == first.Id));

        // A changed row is a version of its day; an empty cell says nothing; a later certificate renews the one before.
        app.Clock.Put(app.Clock.GetUtcNow().AddDays(40));
        clerk = await AgainAsync(app, clerk);
        var later = await CheckAsync(clerk, [[codes[0], "青禾陶艺联合会", "社会团体", "青河镇", "", "", $"新{codes[0]}", "2026-02-20", "2030-02-19"]]);
        Assert.Equal((0, 1, 0, 0), Counts(later));
        await clerk.DoAsync(HttpMethod.Post, $"/registers/imports/{Id(later)}/apply");
        var lines = await db.Set<RegisterEntry>().Where(e => e.SubjectId == first.Id).OrderBy(e => e.ValidFrom).ToListAsync();
        Assert.Equal(["青禾陶艺协会", "青禾陶艺联合会"], lines.Select(l => (string)ledger.Fields(l)["name"]!));
        Assert.Equal("a@example.com", (string?)ledger.Fields(lines[1])["email"]);
        Assert.Equal(lines[0].ValidFrom.AddDays(40), lines[1].ValidFrom);
        Assert.Equal(held.Id, (await db.Set<Certificate>().SingleAsync(c => c.Number == $"新{codes[0]}")).RenewsId);
        // A ledger of before that day cannot put it back.
        var late = await CheckAsync(clerk, [[codes[0], "青禾陶艺社", "社会团体", "青河镇", "", "", $"新{codes[0]}", "2026-02-20", "2030-02-19"]], asOf: lines[0].ValidFrom.AddDays(5));
        Assert.Contains("较早日期", Assert.Single(await FaultsAsync(clerk, late)).Zh, StringComparison.Ordinal);
        var report = (await clerk.BytesAsync($"/registers/imports/{Id(late)}/report.xlsx")).AsSheet();
        Assert.Equal(("2", "不能导入", "统一社会信用代码"), (report[1]["A"], report[1]["B"], report[1]["C"]));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_was_being_taken_over_goes_on_after_a_failure_and_no_row_is_taken_twice(string kind)
    {
        var (app, clerk) = await ClerkAsync(kind);
        // More than two batches, with one row that somebody else enters in between.
        var codes = Enumerable.Range(0, 450).Select(_ => Codes.Next()).ToList();
        var import = await CheckAsync(clerk, [.. codes.Select((c, i) => new object?[] { c, $"协会{i}", "社会团体", "青河镇", "", "", $"批{c}", "2022-11-20", "2026-11-19" })]);
        Assert.Equal((450, 0, 0, 0), Counts(import));
        var imports = app.Services.GetRequiredService<LedgerImports>();
        var viewer = new Viewer(Guid.NewGuid(), "干部", AccountKind.Officer, [new HeldRole(Roles.OrganisationClerk, County)]);
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => imports.ApplyAsync(viewer, Id(import), null, _ => stop.Cancel(), stop.Token));
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        Assert.Equal(200, (await db.Set<LedgerImport>().SingleAsync(i => i.Id == Id(import))).Applied);
        await GuildMatter.EnterAsync(app, codes[300], new(2022, 11, 20), new(2026, 11, 19));
        // Two go on at once, as two nodes would.
        await Task.WhenAll(imports.GoOnAsync(Id(import), null, default), imports.GoOnAsync(Id(import), null, default));
        var done = await db.Set<LedgerImport>().SingleAsync(i => i.Id == Id(import));
        // What somebody else entered meanwhile has another certificate of the same days: judged again, the row is refused.
        Assert.Equal((ImportState.Applied, 449, 449, 0, 1), (done.State, done.Applied, done.New, done.Changed, done.Refused));
        var hashes = codes.Select(c => app.Services.GetRequiredService<SubjectLedger>().KeyHash(GuildMatter.Register, c)).ToList();
        Assert.Equal(450, await db.Set<RegisterSubject>().CountAsync(s => hashes.Contains(s.KeyHash)));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task One_that_cannot_go_on_holds_up_none_after_it(string kind)
    {
        var (app, clerk) = await ClerkAsync(kind);
        using var _ = clerk;
        var now = app.Clock.GetUtcNow();
        LedgerImport Stopped(string register, int minutes) =>
            new() { Register = register, Matter = "guild", Division = County, AsOf = new(2026, 2, 1), State = ImportState.Applying, SentBy = "干部", SentAt = now.AddMinutes(-minutes) };
        var (broken, whole) = (Stopped("not-there", 60), Stopped(GuildMatter.Register, 30));
        await app.Services.GetRequiredService<IWriter>().WriteAsync(async (w, token) =>
        {
            w.AddRange(broken, whole);
            return await w.SaveChangesAsync(token);
        }, default);
        await Assert.ThrowsAsync<AggregateException>(() => app.Services.GetServices<IJob>().Single(j => j.Id == "ledger-imports").RunAsync(default));
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        var states = await db.Set<LedgerImport>().Where(i => i.Id == broken.Id || i.Id == whole.Id).ToDictionaryAsync(i => i.Id, i => i.State);
        Assert.Equal((ImportState.Applying, ImportState.Applied), (states[broken.Id], states[whole.Id]));
        // Others run this job too.
        await app.Services.GetRequiredService<IWriter>().WriteAsync((w, token) => w.Set<LedgerImport>().Where(i => i.Id == broken.Id).ExecuteDeleteAsync(token), default);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Who_may_not_import_finds_nothing_and_a_wrong_file_is_told(string kind)
    {
        var (app, clerk) = await ClerkAsync(kind);
        var import = await CheckAsync(clerk, [[Codes.Next(), "青禾灯会", "社会团体", "青河镇", "", "", $"灯{Codes.Next()}", "2022-11-20", "2026-11-19"]]);
        var other = await ApiCaller.AsAsync(app, (await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.CountyApprover, County))).UserName!);
        foreach (var (method, path) in new[] { (HttpMethod.Get, ""), (HttpMethod.Get, "/rows"), (HttpMethod.Get, "/report.xlsx"), (HttpMethod.Post, "/apply"), (HttpMethod.Delete, "") })
            using (var hidden = await other.SendAsync(method, $"/registers/imports/{Id(import)}{path}", key: ApiCaller.NewKey())) await ApiCaller.RefusedAsync(hidden, 404);
        using (var hidden = await other.SendAsync(HttpMethod.Get, $"/registers/{GuildMatter.Register}/imports/template.xlsx")) await ApiCaller.RefusedAsync(hidden, 404);

        using (var text = await SendAsync(clerk, "不是表格"u8.ToArray())) await ApiCaller.RefusedAsync(text, 415);
        using (var missing = await SendAsync(clerk, Workbook([["统一社会信用代码", "名称"], [Codes.Next(), "甲"]])))
            Assert.Contains("住所地", (string)(await ApiCaller.RefusedAsync(missing, 422))["errors"]!["file"]![0]!, StringComparison.Ordinal);
        using (var future = await SendAsync(clerk, Workbook([Headers]), "2099-01-01")) Assert.NotNull((await ApiCaller.RefusedAsync(future, 422))["errors"]!["asOf"]);

        // The empty table that one may download is one that may be sent.
        var template = await clerk.BytesAsync($"/registers/{GuildMatter.Register}/imports/template.xlsx");
        Assert.Equal(Headers, template.AsSheet()[0].Values);
        using (var empty = await SendAsync(clerk, template)) Assert.Equal((0, 0, 0, 0), Counts(await ApiCaller.JsonAsync(empty)));

        await clerk.DoAsync(HttpMethod.Delete, $"/registers/imports/{Id(import)}");
        using (var gone = await clerk.PostAsync($"/registers/imports/{Id(import)}/apply")) await ApiCaller.RefusedAsync(gone, 403, "import.notReady");
    }

    private static readonly object?[] Headers = ["统一社会信用代码", "名称", "类型", "住所地", "身份证号", "邮箱", "证书编号", "有效期自", "有效期至"];

    private async Task<(StoryApp App, ApiCaller Clerk)> ClerkAsync(string kind)
    {
        var app = await apps.GetAsync(kind);
        await GuildMatter.PublishAsync(app);
        app.Clock.Put(new DateTimeOffset(2026, 2, 1, 2, 0, 0, TimeSpan.Zero));
        return (app, await ApiCaller.AsAsync(app, (await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.OrganisationClerk, County))).UserName!));
    }

    private static async Task<ApiCaller> AgainAsync(StoryApp app, ApiCaller clerk)
    {
        clerk.Dispose();
        return await ApiCaller.AsAsync(app, (await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.OrganisationClerk, County))).UserName!);
    }

    private static async Task<JsonObject> CheckAsync(ApiCaller clerk, object?[][] rows, DateOnly? asOf = null)
    {
        using var answer = await SendAsync(clerk, Workbook([Headers, .. rows]), asOf?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await ApiCaller.JsonAsync(answer);
    }

    private static async Task<HttpResponseMessage> SendAsync(ApiCaller clerk, byte[] file, string? asOf = null)
    {
        using var content = ApiCaller.File(file, "ledger.xlsx");
        return await clerk.SendAsync(HttpMethod.Post, $"/registers/{GuildMatter.Register}/imports{(asOf is null ? "" : $"?asOf={asOf}")}", key: ApiCaller.NewKey(), content: content);
    }

    private static byte[] Workbook(object?[][] rows)
    {
        using var bytes = new MemoryStream();
        bytes.SaveAs(rows.Select(r => r.Select((v, i) => (v, i)).ToDictionary(c => $"{(char)('A' + c.i)}", c => c.v)), printHeader: false);
        return bytes.ToArray();
    }

    private static async Task<List<(int Row, string Column, string Zh)>> FaultsAsync(ApiCaller clerk, JsonObject import) =>
        [.. (await clerk.GetListAsync($"/registers/imports/{Id(import)}/rows?outcome=refused")).SelectMany(r => r!["faults"]!.AsArray().Select(f => ((int)r["number"]!, (string)f!["column"]!, (string)f["zh"]!)))];

    private static (int, int, int, int) Counts(JsonObject i) => ((int)i["new"]!, (int)i["changed"]!, (int)i["unchanged"]!, (int)i["refused"]!);
    private static Guid Id(JsonObject import) => (Guid)import["id"]!;

    private static readonly string[] Words = ["的最后一位", "应以51开头", "与第 2 行重复", "行政区划", "今天", "早于", "日期", "name@", "文本格式"];

    /// <summary>The word by which a message is known.</summary>
    private static string Said(string message) => Words.FirstOrDefault(w => message.Contains(w, StringComparison.Ordinal)) ?? message;
}

/// <summary>Unified social credit codes of nobody, each new.</summary>
internal static class Codes
{
    private static int serial;

    public static string Next(string begin = "51")
    {
        var n = Interlocked.Increment(ref serial);
        var eight = $"MJ{"BCDEFGHJ"[n / 10_000]}B{n % 10_000:0000}";
        int[] weights = [3, 7, 9, 10, 5, 8, 4, 2];
        var sum = eight.Select((c, i) => weights[i] * (char.IsAsciiDigit(c) ? c - '0' : c - 'A' + 10)).Sum();
        var first = $"{begin}341299{eight}{(11 - sum % 11) switch { 10 => "X", 11 => "0", var digit => $"{digit}" }}";
        return first + CivilAffairs.Engine.Rules.Uscc.CheckCharacter(first);
    }
}

internal static class Sheets
{
    /// <summary>Rows of the first sheet, cells as text.</summary>
    public static List<Dictionary<string, string>> AsSheet(this byte[] workbook)
    {
        using var stream = new MemoryStream(workbook);
        return [.. stream.Query(useHeaderRow: false).Cast<IDictionary<string, object?>>().Select(r => r.ToDictionary(c => c.Key, c => c.Value?.ToString() ?? ""))];
    }
}
