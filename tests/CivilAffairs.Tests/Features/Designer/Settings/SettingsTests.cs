using System.Text.Json.Nodes;
using CivilAffairs.Tests.Features.Matters;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Designer;
using CivilAffairs.Web.Features.Designer.Papers;
using CivilAffairs.Web.Features.Designer.Settings;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Designer.Settings;

/// <summary>Numbering, cadence, retention, tags and law of a draft: read and written without loss, refused by field.</summary>
public sealed class SettingsTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    [Theory, MemberData(nameof(ShippedMatters.Names), MemberType = typeof(ShippedMatters))]
    public void What_is_read_and_written_again_is_the_same_to_the_byte(string matter)
    {
        var text = File.ReadAllText(Repository.Path("workflows", matter, "matter.json"));
        var settings = MatterSettings.Read(JsonFile.Require("matter.json", text));
        Assert.Empty(SettingsFaults.Of(settings, settings, new Dictionary<string, string>()));
        Assert.Equal(text, SettingsCommands.Written(text, settings));
        // Through the page's fields as well.
        Assert.Equal(text, SettingsCommands.Written(text, SettingsEntry.Of(settings).Settings));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Settings_are_saved_by_their_fields_and_the_rest_stays(string kind)
    {
        var (commands, kit, open, _) = await StartAsync(kind);
        var by = await kit.ManagerAsync();
        var id = await kit.PublishedAsync(by, m =>
        {
            m["numbering"] = JsonNode.Parse("""[{"kind": "receipt", "prefix": "旧", "name": {"zh": "回执", "en": "Receipt", "ug": "x"}, "x-since": 2020}, {"kind": "spare", "prefix": "余", "name": {"zh": "备用", "en": "Spare"}}]""");
            m["x-own"] = 1.50m;
        });
        var before = await ReadAsync(open, by, id);
        var changed = before with
        {
            NameZh = "村规民约备案登记", Family = "relief", Statistics = ["villageRules.filed"],
            Numbering = [before.Numbering[0] with { Prefix = "村规备" }, new NumberRow(null, "refusal", "村规不备", "{prefix}{division}-{year}-{sequence:4}", "不予备案", "Refusal")],
            Retention = [new RetentionRow(null, ["Refused", "Withdrawn"], "10y", "decision", "L", "L"), before.Retention[0] with { Keep = "none" }],
            Law = [new LawRow(null, "《中华人民共和国村民委员会组织法》", "Organic Law of Villagers' Committees"), .. before.Law],
        };
        var key = DraftKit.Key();
        var saved = await commands.SaveAsync(by, id, changed, 0, key);
        Assert.Equal(saved, await commands.SaveAsync(by, id, changed, 0, key));
        var matter = JsonNode.Parse((await open.FindAsync(by, id))!.Files["matter.json"])!;
        Assert.Equal(("村规备", 2020, "x"), ((string?)matter["numbering"]![0]!["prefix"], (int)matter["numbering"]![0]!["x-since"]!, (string?)matter["numbering"]![0]!["name"]!["ug"]));
        Assert.Contains("\"x-own\": 1.50", (await open.FindAsync(by, id))!.Files["matter.json"], StringComparison.Ordinal);
        Assert.Equal(2, matter["numbering"]!.AsArray().Count);
        Assert.False(matter["numbering"]![0]!.AsObject().ContainsKey("format"));
        Assert.Equal(["Refused", "Withdrawn"], matter["retention"]![0]!["statuses"]!.AsArray().Select(s => (string)s!));
        Assert.False(matter["retention"]![1]!.AsObject().ContainsKey("statuses"));
        Assert.DoesNotContain(kit.Drafts.Check((await kit.Drafts.FindAsync(id))!).Faults, f => f.IsError);
        var again = await ReadAsync(open, by, id);
        Assert.Equal(changed.Statistics, again.Statistics);
        Assert.Equal([0, 1], again.Numbering.Select(n => n.At));
        Assert.Equal(saved.Version, (await commands.SaveAsync(by, id, again, saved.Version, DraftKit.Key())).Version);
        var stale = await Assert.ThrowsAsync<StaleVersionException>(() => commands.SaveAsync(by, id, again, 0, DraftKit.Key()));
        Assert.Equal(by.Name, stale.By);
        // Who manages a township, or looks at the county's work, changes nothing.
        foreach (var held in new[] { new HeldRole(Roles.Manager, "341299101"), new HeldRole(Roles.Supervisor, DraftKit.County) })
        {
            var stranger = new Viewer(by.AccountId, by.Name, AccountKind.Officer, [held]);
            await Assert.ThrowsAsync<NotAllowedException>(() => commands.SaveAsync(stranger, id, again with { NameZh = "别的" }, saved.Version, DraftKit.Key()));
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_cadence_is_a_parameter_within_what_the_law_leaves(string kind)
    {
        var (commands, kit, open, _) = await StartAsync(kind);
        var by = await kit.ManagerAsync();
        var dibao = MatterSettings.Read(JsonFile.Require("matter.json", File.ReadAllText(Repository.Path("workflows", "rural-dibao", "matter.json"))));
        Assert.Equal(["12M", "6M"], dibao.Reverification.Select(r => r.Interval));
        var id = DraftKit.NewId();
        var begun = await kit.Drafts.NewAsync(by, id, new Words { Zh = "低保", En = "Allowance" }, "rural-dibao", DraftKit.Key());
        var settings = await ReadAsync(open, by, id);
        var beyond = await Assert.ThrowsAsync<InvalidAnswersException>(() => commands.SaveAsync(by, id, settings with { Reverification = [settings.Reverification[0] with { Interval = "13M" }, settings.Reverification[1]] }, begun.Version, DraftKit.Key()));
        Assert.Equal(["reverification[0].interval"], beyond.Faults.Select(f => f.Path));
        var added = settings with { Reverification = [settings.Reverification[0] with { Interval = "9M" }, .. settings.Reverification.Skip(1), new CadenceRow(null, "elderly", "", "2y", "reverify", "高龄", "Elderly", "L", "L")] };
        await commands.SaveAsync(by, id, added, begun.Version, DraftKit.Key());
        var matter = JsonNode.Parse((await open.FindAsync(by, id))!.Files["matter.json"])!;
        var values = matter["parameters"]!.AsArray().ToDictionary(p => (string)p!["key"]!, p => p!["value"]!.ToString());
        Assert.Equal(("9M", "2y"), (values["dibao.reverify.stable"], values[$"{id}.reverify.elderly"]));
        Assert.DoesNotContain(kit.Drafts.Check((await kit.Drafts.FindAsync(id))!).Faults, f => f.IsError);
    }

    public static TheoryData<string> Wrongs => ["nameZh", "summaryEn", "family", "numbering[0].kind", "numbering[0].prefix", "numbering[0].format", "numbering[1].prefix", "numbering", "retention", "retention[0].keep", "retention[0].source", "retention[0].statuses", "statistics[1]", "law", "law[0].en", "reverification[0].workflow"];

    [Theory, MemberData(nameof(Wrongs))]
    public async Task What_is_wrong_is_told_by_its_field(string field)
    {
        var (commands, kit, open, _) = await StartAsync(Databases.Sqlite);
        var by = await kit.ManagerAsync();
        var good = (await ReadAsync(open, by, "rural-dibao")) with { Reverification = [] };
        var (first, keep) = (good.Numbering[0], good.Retention[0]);
        var wrong = field switch
        {
            "nameZh" => good with { NameZh = " " },
            "summaryEn" => good with { SummaryEn = "" },
            "family" => good with { Family = "other" },
            "numbering[0].kind" => good with { Numbering = [new NumberRow(null, "1 a", "甲", "", "甲", "A"), .. good.Numbering] },
            "numbering[0].prefix" => good with { Numbering = [first with { Prefix = "" }, .. good.Numbering.Skip(1)] },
            "numbering[0].format" => good with { Numbering = [first with { Format = "{prefix}{year}" }, .. good.Numbering.Skip(1)] },
            "numbering[1].prefix" => good with { Numbering = [first, good.Numbering[1] with { Prefix = first.Prefix }, .. good.Numbering.Skip(2)] },
            "numbering" => good with { Numbering = [.. good.Numbering.Where(n => n.Kind != "refusal")] },
            "retention" => good with { Retention = [] },
            "retention[0].keep" => good with { Retention = [keep with { Keep = "ten" }, .. good.Retention.Skip(1)] },
            "retention[0].source" => good with { Retention = [keep with { Source = "" }, .. good.Retention.Skip(1)] },
            "retention[0].statuses" => good with { Retention = [keep with { Statuses = ["Lost"] }, .. good.Retention.Skip(1)] },
            "statistics[1]" => good with { Statistics = ["a.b", "a.b"] },
            "law" => good with { Law = [] },
            "law[0].en" => good with { Law = [good.Law[0] with { En = "" }] },
            _ => good with { Reverification = [new CadenceRow(null, "x", "", "1y", "", "甲", "A", "L", "L")] },
        };
        var refused = await Assert.ThrowsAsync<InvalidAnswersException>(() => commands.SaveAsync(by, "rural-dibao", wrong, 0, DraftKit.Key()));
        Assert.Equal([field], refused.Faults.Select(f => f.Path));
        Assert.Null(await kit.Drafts.FindAsync("rural-dibao"));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_next_number_is_the_one_that_the_series_gives_and_a_look_raises_nothing(string kind)
    {
        var (_, _, _, app) = await StartAsync(kind);
        var preview = app.Services.GetRequiredService<NumberPreview>();
        var counters = await preview.ReadAsync();
        var year = counters.Year;
        Assert.Equal($"新{counters.County}〔{year}〕00001", counters.Next("新", "", byCounty: true)!.Value.Number);
        Assert.Equal($"新{counters.Township}〔{year}〕00001", counters.Next("新", null, byCounty: false)!.Value.Number);
        Assert.Null(counters.Next("新", "{prefix}", byCounty: true));
        Assert.Null(counters.Next("", null, byCounty: true));
        await app.Services.GetRequiredService<IWriter>().WriteAsync((db, _) => Task.FromResult(db.Add(new NumberCounter { Series = "村规备", Division = counters.County, Year = year, Next = 7 })));
        Assert.Equal($"村规备{counters.County}〔{year}〕00007", (await preview.ReadAsync()).Next("村规备", "", byCounty: false)!.Value.Number);
        Assert.Equal(7, (await preview.ReadAsync()).Rows.Single(r => r.Series == "村规备").Next);
    }

    private static async Task<MatterSettings> ReadAsync(OpenMatters open, Web.Platform.Security.Viewer by, string id) => MatterSettings.Read(JsonFile.Require("matter.json", (await open.FindAsync(by, id))!.Files["matter.json"]));

    private async Task<(SettingsCommands Commands, DraftKit Kit, OpenMatters Open, TestApp App)> StartAsync(string kind)
    {
        var app = await databases.GetAsync(kind);
        return (app.Services.GetRequiredService<SettingsCommands>(), new DraftKit(app), app.Services.GetRequiredService<OpenMatters>(), app);
    }
}
