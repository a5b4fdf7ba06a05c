using System.Text;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Payments;
using CivilAffairs.Web.Features.Cases.Payments.Layouts;
using CivilAffairs.Web.Features.Matters;
using Xunit;

namespace CivilAffairs.Tests.Features.Payments;

/// <summary>Banks' layouts are data: those that the product brings write and read to the byte, and a wrong one is named and not offered.</summary>
public sealed class PayLayoutTests
{
    private static readonly PayLayouts All = PayLayouts.Load([Repository.Path("src", "CivilAffairs.Web", "Data", "payments")]);
    private static readonly PayHead Head = new("20260007", new DateOnly(2026, 5, 1), new DateOnly(2026, 5, 9), 2, 200_050, "农村低保金");

    private static readonly PayOut[] Lines =
    [
        new("20260007000001", new StoredAccount("6228480438123456784", "张三", "青河农商行"), "34129919580419001X", 120_050, new DateOnly(2026, 5, 1)),
        new("20260007000003", new StoredAccount("12345678", "欧阳小明", "青河农商行"), null, 80_000, new DateOnly(2026, 4, 1)),
    ];

    private static async Task<byte[]> WriteAsync(string id, params PayOut[] lines)
    {
        using var to = new MemoryStream();
        await PayFile.WriteAsync(to, All.Find(id)!, Head, lines.ToAsyncEnumerable(), default);
        return to.ToArray();
    }

    private static string Text(byte[] bytes) => CodePagesEncodingProvider.Instance.GetEncoding("gb18030")!.GetString(bytes);

    [Fact]
    public async Task A_file_with_bars_and_one_of_fixed_widths_are_written_as_their_layouts_say()
    {
        Assert.Empty(All.Faults);
        Assert.Equal("""
            H|20260007|20260509|2|2000.50
            1|20260007000001|6228480438123456784|张三|青河农商行|1200.50|202605|农村低保金
            2|20260007000003|12345678|欧阳小明|青河农商行|800.00|202604|农村低保金

            """.ReplaceLineEndings("\r\n"), Text(await WriteAsync("rural-commercial", Lines)));
        var rows = Text(await WriteAsync("agricultural-fixed", Lines)).Split('\n');
        Assert.Equal("220260007000001      6228480438123456784             张三".PadRight(53 + 58) + "00000000012005034129919580419001X202605", rows[0]);
        Assert.Equal("900000002000000000000200050", rows[2]);
        // Widths are the bank's bytes: a Chinese character has two.
        Assert.All(rows[..2], row => Assert.Equal(1 + 20 + 32 + 60 + 15 + 18 + 6, CodePagesEncodingProvider.Instance.GetEncoding("gb18030")!.GetByteCount(row)));
        Assert.Equal("AGENTPAY20260007.dat", PayFile.NameOf(All.Find("agricultural-fixed")!, Head));
    }

    [Fact]
    public async Task The_schema_knows_the_layouts_and_refuses_what_the_check_refuses()
    {
        var schema = await NJsonSchema.JsonSchema.FromFileAsync(Repository.Path("src", "CivilAffairs.Web", "Features", "Cases", "Payments", "Layouts", "Schemas", "layout.schema.json"));
        foreach (var file in Directory.EnumerateFiles(Repository.Path("src", "CivilAffairs.Web", "Data", "payments"), "*.layout.json"))
        {
            var json = await File.ReadAllTextAsync(file);
            Assert.Empty(schema.Validate(json));
            Assert.NotEmpty(schema.Validate(json.Replace("\"gb18030\"", "\"latin1\"", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task What_does_not_fit_is_refused_and_never_cut()
    {
        Assert.Equal("holder", (await Assert.ThrowsAsync<PayFieldException>(() => WriteAsync("agricultural-fixed", Lines[0] with { Account = Lines[0].Account with { Holder = new string('张', 31) } }))).Field);
        Assert.Equal("bank", (await Assert.ThrowsAsync<PayFieldException>(() => WriteAsync("rural-commercial", Lines[0] with { Account = Lines[0].Account with { Bank = "青河|农商行" } }))).Field);
    }

    [Theory]
    [InlineData("\"gb18030\"", "\"latin1\"", "$.file.encoding")]
    [InlineData("\"separator\": \"|\"", "\"separator\": \"||\"", "$.file.separator")]
    [InlineData("\"field\": \"reference\"", "\"field\": \"refrence\"", "$.columns[1].field")]
    [InlineData("\"unit\": \"yuan\" },\n    { \"field\": \"month\"", "\"unit\": \"jiao\" },\n    { \"field\": \"month\"", "$.columns[5].unit")]
    [InlineData("\"paidCodes\": [\"0000\"]", "\"paidCodes\": [\"1001\"]", "$.result.reasons")]
    [InlineData("\"missing\": \"open\"", "\"missing\": \"lost\"", "$.result.missing")]
    [InlineData("\"id\": \"rural-commercial\"", "\"id\": 7", "$.id")]
    public void A_wrong_layout_is_named_by_its_place(string right, string wrong, string path)
    {
        var json = File.ReadAllText(Repository.Path("src", "CivilAffairs.Web", "Data", "payments", "rural-commercial.layout.json"));
        Assert.Contains(right, json, StringComparison.Ordinal);
        var faults = new List<MatterFault>();
        Assert.Null(PayLayouts.Read("x.layout.json", json.Replace(right, wrong, StringComparison.Ordinal), faults));
        Assert.Contains(faults, f => f.Path == path);
    }

    [Fact]
    public void A_result_counts_only_where_reference_sum_and_account_are_those_that_were_sent()
    {
        Assert.Equal(["1 Paid", "2 Returned 1002", "3 Refused row.twice", "4 Refused row.amount", "5 Refused row.amount", "6 Refused row.account", "7 Refused row.reference", "8 Refused row.code", "9 Refused row.held", "10 Refused row.date", "11 Refused row.columns", "12 Unchanged", "13 Refused row.returned", "14 Returned 1003"],
            Judged("rural-commercial", """
                S|||||||
                1|20260007000001|6228480438123456784||1200.50|0000|20260510
                2|20260007000002|12345678||800.00|1002|20260510
                2|20260007000002|12345678||800.00|0000|20260510
                3|20260007000003|||799.99|0000|20260510
                3|20260007000004|||800.001|0000|20260510
                3|20260007000005|12345679||800.00|0000|20260510
                3|20260008000005|||800.00|0000|20260510
                3|20260007000006|||800.00|0001|20260510
                3|20260007000007|||800.00|0000|20260510
                3|20260007000008|||800.00|0000|20260512
                3|2026000700
                4|20260007000009|||800.00|0000|20260510
                5|20260007000010|||800.00|0000|20260510
                6|20260007000011|||800.00|1003|20260510
                """, -1));
        // The bank names returns alone: what it leaves out is paid; unless a line could not be understood.
        const string returns = "20260007000002      0000000000800000120260510";
        Assert.Contains("2 Paid", Judged("agricultural-fixed", returns));
        Assert.Equal(["1 Returned 01", "2 Refused row.columns"], Judged("agricultural-fixed", returns + "\n2026"));
    }

    private static List<string> Judged(string layout, string file, int shift = 0)
    {
        var states = new[] { PayLineState.Payable, PayLineState.Payable, PayLineState.Payable, PayLineState.Payable, PayLineState.Payable, PayLineState.Payable, PayLineState.Held, PayLineState.Payable, PayLineState.Paid, PayLineState.Returned, PayLineState.Paid };
        var sent = states.Select((s, i) => new SentLine(Guid.NewGuid(), $"20260007{i + 1:000000}", i == 0 ? 120_050 : 80_000, s, i == 0 ? "6228480438123456784" : "12345678")).ToDictionary(s => s.Id);
        var format = All.Find(layout)!.Result;
        var answers = PayAnswers.Read(format, CodePagesEncodingProvider.Instance.GetEncoding("gb18030")!.GetBytes(file.ReplaceLineEndings("\r\n")))!;
        var roster = new PayRoster { Matter = "m", Benefit = "b", County = "341299", Digest = "", MadeBy = "", ChangedBy = "" };
        return PayResults.Judge(format, roster, answers, sent, new DateOnly(2026, 5, 11)).ConvertAll(r => $"{r.Number + shift} {r.Outcome}{(r.Code ?? r.Fault) switch { null => "", var why => " " + why }}");
    }
}
