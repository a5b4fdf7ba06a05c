using System.Text;
using System.Text.Json.Nodes;
using CivilAffairs.Tests.Features.Registers;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;

namespace CivilAffairs.Tests.Features.Payments;

/// <summary>The life of a payment batch over HTTP, on both databases: made, checked by another, sent, answered by the bank, and what came back paid again.</summary>
[Collection(ApiStories.Name)]
public sealed class PaymentApiTests(StoryApps apps)
{
    private const string Card = "6228480438123456792";
    private static readonly Encoding Gb = CodePagesEncodingProvider.Instance.GetEncoding("gb18030")!;

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_batch_is_made_checked_sent_and_reconciled_and_what_came_back_is_paid_again(string kind)
    {
        var app = await apps.GetAsync(kind);
        var town = await PayTown.MakeAsync(app);
        var month = town.FirstMonth;
        town.Put(month, 8);
        var (maker, checker) = (await town.OfficerAsync("maker"), await town.OfficerAsync("checker"));

        // Looked at first: one is paid, two have no account.
        var preview = await maker.GetAsync($"/payments/preview?matter=rural-dibao&benefit=rural-dibao&month={month:yyyy-MM-dd}");
        Assert.Equal((1, 120_000L, 2), ((int)preview["regular"]!["count"]!, (long)preview["regular"]!["fen"]!, (int)preview["held"]![0]!["count"]!));
        // Two nodes at once, and the same again: one batch.
        var key = ApiCaller.NewKey();
        var body = new JsonObject { ["matter"] = "rural-dibao", ["benefit"] = "rural-dibao", ["month"] = $"{month:yyyy-MM-dd}" };
        var both = await Task.WhenAll(maker.SendAsync(HttpMethod.Post, "/payments", body.DeepClone(), key), checker.SendAsync(HttpMethod.Post, "/payments", body.DeepClone(), ApiCaller.NewKey()));
        Assert.Equal([201, 403], both.Select(a => (int)a.StatusCode).Order());
        var roster = await town.RosterAsync(month);
        Assert.Equal(3, await town.CountAsync(db => db.Set<PayLine>().CountAsync(l => l.RosterId == roster)));
        if ((int)both[0].StatusCode == 201)
            using (var again = await maker.SendAsync(HttpMethod.Post, "/payments", body.DeepClone(), key)) Assert.Equal(roster, (Guid)(await ApiCaller.JsonAsync(again))["id"]!);
        else (maker, checker) = (checker, maker);

        // The maker enters an account; the batch that was computed before is refused until it is computed anew.
        using (var wrong = await maker.PostAsync($"/payments/grants/{town.Second}/account", new JsonObject { ["kind"] = "card", ["number"] = "6228480438123456785", ["holder"] = "", ["bank"] = "青河农商行", ["reason"] = "见银行卡复印件" }))
            Assert.Equal(["holder", "number"], (await ApiCaller.RefusedAsync(wrong, 422))["errors"]!.AsObject().Select(e => e.Key).Order());
        await maker.DoAsync(HttpMethod.Post, $"/payments/grants/{town.Second}/account", new JsonObject { ["kind"] = "card", ["number"] = Card, ["holder"] = "李四", ["bank"] = "青河农商行", ["reason"] = "见银行卡复印件" });
        await RefusedAsync(maker, roster, "submit", 1, 403, "pay.moved");
        await maker.DoAsync(HttpMethod.Post, $"/payments/{roster}/recompute", new JsonObject { ["version"] = 1 });
        await RefusedAsync(maker, roster, "submit", 1, 412, "stale");
        await maker.DoAsync(HttpMethod.Post, $"/payments/{roster}/submit", new JsonObject { ["version"] = 2 });
        // Maker and checker differ; the checker says why it comes back; then it is approved and stands.
        await RefusedAsync(maker, roster, "approve", 3, 403, "pay.sameAsMaker");
        await RefusedAsync(checker, roster, "return", 3, 422, "invalid");
        await checker.DoAsync(HttpMethod.Post, $"/payments/{roster}/return", new JsonObject { ["version"] = 3, ["reason"] = "请核对李四的账户" });
        await maker.DoAsync(HttpMethod.Post, $"/payments/{roster}/submit", new JsonObject { ["version"] = 4 });
        await checker.DoAsync(HttpMethod.Post, $"/payments/{roster}/approve", new JsonObject { ["version"] = 5 });
        await RefusedAsync(maker, roster, "recompute", 6, 403, "pay.state");

        // Sent in the bank's layout, with every account in it; a second time it is not sent.
        var export = (Guid)(await maker.DoAsync(HttpMethod.Post, $"/payments/{roster}/send", new JsonObject { ["version"] = 6, ["layout"] = "rural-commercial" }))!["id"]!;
        var file = Gb.GetString(await maker.BytesAsync($"/payments/exports/{export}/file")).Split("\r\n");
        Assert.Equal(4, file.Length);
        Assert.EndsWith("|2|2000.00", file[0], StringComparison.Ordinal);
        Assert.Contains(file, l => l.Contains($"|{town.Account}|", StringComparison.Ordinal) && l.Contains("|1200.00|", StringComparison.Ordinal));
        using (var hidden = await checker.SendAsync(HttpMethod.Get, $"/payments/exports/{export}/file")) await ApiCaller.RefusedAsync(hidden, 404);
        using (var none = await maker.PostAsync($"/payments/{roster}/exports", new JsonObject { ["reason"] = "curious" })) await ApiCaller.RefusedAsync(none, 422);
        var book = (Guid)(await maker.DoAsync(HttpMethod.Post, $"/payments/{roster}/exports", new JsonObject { ["reason"] = "verify" }))!["id"]!;
        Assert.Contains((await maker.BytesAsync($"/payments/exports/{book}/file")).AsSheet(), row => row.ContainsValue(Card) && row.ContainsValue("李四"));

        // The bank: the first is paid, the second comes back, one row is nobody's.
        var sent = file[1..3].Select(l => l.Split('|')).ToList();
        string Row(string[] line, string code) => $"{line[0]}|{line[1]}|{line[2]}|{line[3]}|{line[5]}|{code}|{month.AddDays(8):yyyyMMdd}";
        var (first, second) = (sent.Single(l => l[2] == town.Account), sent.Single(l => l[2] == Card));
        var answer = $"S\r\n{Row(first, "0000")}\r\n{Row(second, "1002")}\r\n9|20990001000001|1||1.00|0000|20260101\r\n";
        var tried = await TryAsync(maker, roster, answer);
        Assert.Equal((1, 120_000L, 1, 80_000L, 1), ((int)tried["paid"]!, (long)tried["paidFen"]!, (int)tried["returned"]!, (long)tried["returnedFen"]!, (int)tried["refused"]!));
        Assert.Equal("row.reference", (string?)Assert.Single(await maker.GetListAsync($"/payments/results/{tried["id"]}/rows?outcome=Refused"))!["fault"]);
        Assert.Equal("Sent", await StateAsync(maker, roster));
        await maker.DoAsync(HttpMethod.Post, $"/payments/results/{tried["id"]}/apply", new JsonObject { ["version"] = 7 });
        await maker.DoAsync(HttpMethod.Post, $"/payments/results/{tried["id"]}/apply", new JsonObject { ["version"] = 7 });
        var again2 = await TryAsync(maker, roster, answer);
        Assert.Equal((0, 0, 2), ((int)again2["paid"]!, (int)again2["returned"]!, (int)again2["unchanged"]!));
        var settled = (await maker.GetAsync($"/payments/{roster}"))["roster"]!;
        Assert.Equal(("Settled", 120_000L, 80_000L, 50_000L, 0L, 250_000L), ((string)settled["state"]!, (long)settled["paid"]!["fen"]!, (long)settled["returned"]!["fen"]!, (long)settled["held"]!["fen"]!, (long)settled["payable"]!["fen"]!, (long)settled["due"]!["fen"]!));
        await checker.DoAsync(HttpMethod.Post, $"/payments/{roster}/close", new JsonObject { ["version"] = 8 });

        // Next month: until the account is mended, what came back waits; then it is paid again, once.
        var next = month.AddMonths(1);
        town.Put(next, 8);
        (maker, checker) = (await town.OfficerAsync("maker"), await town.OfficerAsync("checker"));
        Assert.Equal(["death", "noAccount", "returned"], await HeldAsync(town, maker, next, hold: true));
        await maker.DoAsync(HttpMethod.Post, $"/payments/grants/{town.Second}/account/confirm", new JsonObject { ["reason"] = "银行证明户名已更正" });
        var later = await PayTown.MakeAsync(maker, next);
        var lines = (await maker.GetAsync($"/payments/{later}/lines"))["items"]!.AsArray();
        Assert.Equal(["Regular Held 120000 0", "Regular Held 50000 0", "Regular Payable 80000 0", "Repaid Payable 80000 1"], lines.Select(l => $"{l!["kind"]} {l["state"]} {l["amountFen"]} {l["turn"]}").Order(StringComparer.Ordinal));
        Assert.DoesNotContain(lines, l => l!.ToJsonString().Contains("李四", StringComparison.Ordinal) || l.ToJsonString().Contains(Card, StringComparison.Ordinal));

        // A month is not paid twice, whoever tries: the row is there.
        await Assert.ThrowsAnyAsync<Exception>(() => app.Services.GetRequiredService<IWriter>().WriteAsync(async (db, cancel) =>
        {
            var line = await db.Set<PayLine>().AsNoTracking().FirstAsync(l => l.RosterId == roster, cancel);
            (line.Id, line.RosterId, line.Position) = (Guid.CreateVersion7(), later, 99);
            return db.Add(line);
        }));
        // The ledger adds up: the first is held from the second month on, what was paid stays paid.
        var ledger = (await maker.GetAsync($"/payments/grants/{town.Second}"))["months"]!.AsArray();
        Assert.Equal([(80_000L, 0L, 80_000L, 0L), (80_000L, 0L, 80_000L, 80_000L)], ledger.Select(m => ((long)m!["dueFen"]!, (long)m["paidFen"]!, (long)m["onTheWayFen"]!, (long)m["returnedFen"]!)));
        await using var read = app.Services.GetRequiredService<IReader>().Open();
        Assert.Equal(["made", "recompute", "submit", "return", "submit", "approve", "send", "result", "close"], await read.Set<AuditEntry>().Where(a => a.Chain == roster.ToString()).OrderBy(a => a.Sequence).Select(a => a.Action.Substring("payments.".Length)).ToListAsync());
        Assert.Empty(await read.VerifyAsync(default));
        // Nothing in clear where payments are kept.
        Assert.DoesNotContain(await read.Set<PayLine>().Where(l => l.RosterId == roster).ToListAsync(), l => l.AccountCipher is { } c && Encoding.UTF8.GetString(c).Contains(Card, StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Who_decided_a_case_or_entered_an_account_does_not_check_its_payment(string kind)
    {
        var app = await apps.GetAsync(kind);
        var town = await PayTown.MakeAsync(app);
        town.Put(town.FirstMonth, 8);
        var (maker, checker) = (await town.OfficerAsync("maker"), await town.OfficerAsync("checker"));
        await checker.DoAsync(HttpMethod.Post, $"/payments/grants/{town.Second}/account", new JsonObject { ["kind"] = "passbook", ["number"] = "12345678", ["holder"] = "李四", ["bank"] = "青河农商行", ["reason"] = "见存折" });
        var roster = await PayTown.MakeAsync(maker, town.FirstMonth);
        await maker.DoAsync(HttpMethod.Post, $"/payments/{roster}/submit", new JsonObject { ["version"] = 1 });
        await RefusedAsync(checker, roster, "approve", 2, 403, "pay.ownAccount");
        // A third officer, who decided the case as its approver.
        var third = await town.OfficerAsync("third");
        await app.Services.GetRequiredService<IWriter>().WriteAsync((db, cancel) => db.Set<WorkTask>().Where(t => t.CaseId == town.CaseId && t.Role == Roles.CountyApprover && t.State == TaskState.Done)
            .ExecuteUpdateAsync(s => s.SetProperty(t => t.ClosedById, town.AccountOf("third")), cancel));
        await RefusedAsync(third, roster, "approve", 2, 403, "pay.separated");
        // A benefit that ended since the batch was submitted is not paid for.
        var fourth = await town.OfficerAsync("fourth");
        await app.Services.GetRequiredService<IWriter>().WriteAsync((db, cancel) => db.Set<Grant>().Where(g => g.Id == town.Second).ExecuteUpdateAsync(s => s.SetProperty(g => g.LastMonth, town.FirstMonth.AddMonths(-1)), cancel));
        await RefusedAsync(fourth, roster, "approve", 2, 403, "pay.moved");
        // Another county pays and reads nothing of it.
        var stranger = await town.OfficerAsync("stranger", "341200");
        using var hidden = await stranger.SendAsync(HttpMethod.Get, $"/payments/{roster}");
        await ApiCaller.RefusedAsync(hidden, 404);
        await RefusedAsync(stranger, roster, "return", 2, 404, "notFound");
    }

    private static async Task<List<string>> HeldAsync(PayTown town, ApiCaller maker, DateOnly month, bool hold)
    {
        if (hold) await maker.DoAsync(HttpMethod.Post, $"/payments/grants/{town.First}/hold", new JsonObject { ["hold"] = "death", ["reason"] = "村里反映已去世，待核实" });
        var preview = await maker.GetAsync($"/payments/preview?matter=rural-dibao&benefit=rural-dibao&month={month:yyyy-MM-dd}");
        return [.. preview["held"]!.AsArray().Select(h => (string)h!["reason"]!)];
    }

    private static async Task<JsonObject> TryAsync(ApiCaller by, Guid roster, string text) => (await by.DoAsync(HttpMethod.Post, $"/payments/{roster}/results", content: ApiCaller.File(Gb.GetBytes(text), "result.txt")))!;

    private static async Task<string> StateAsync(ApiCaller by, Guid roster) => (string)(await by.GetAsync($"/payments/{roster}"))["roster"]!["state"]!;

    private static async Task RefusedAsync(ApiCaller by, Guid roster, string verb, int version, int status, string code)
    {
        using var answer = await by.PostAsync($"/payments/{roster}/{verb}", new JsonObject { ["version"] = version });
        await ApiCaller.RefusedAsync(answer, status, code);
    }
}
