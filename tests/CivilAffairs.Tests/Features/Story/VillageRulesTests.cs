using System.Text.Json.Nodes;
using CivilAffairs.Engine.Runtime;
using CivilAffairs.Tests.Features.Designer;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Designer;
using CivilAffairs.Web.Features.Designer.Drafts;
using CivilAffairs.Web.Features.Designer.Papers;
using CivilAffairs.Web.Features.Designer.Settings;
using CivilAffairs.Web.Features.Designer.TryOut;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Time;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Story;

/// <summary>The story's matter by itself: it passes the check, and each way a filing can go is gone.</summary>
public sealed class VillageRulesTests(SqliteApp sqlite) : IClassFixture<SqliteApp>
{
    [Fact]
    public async Task Village_rules_are_filed_returned_for_correction_or_refused()
    {
        var revision = await DesignedAsync();
        Assert.Equal("Registered: filing-receipt.html granted.mail", End(Play(revision, ("accept", "Accept"), ("review", "File"))));
        Assert.Equal("Registered: correction.mail filing-receipt.html granted.mail", End(Play(revision, ("accept", "Correct"), ("correct", "Resubmitted"), ("review", "File"))));
        Assert.Equal("Refused: refused.mail", End(Play(revision, ("accept", "Accept"), ("review", "Refuse"))));
        Assert.Equal("Accepted: ", End(Play(revision, ("accept", "Accept"))));

        var filed = Play(revision, ("accept", "Accept"), ("review", "File"));
        var shown = sqlite.Services.GetRequiredService<TryOutPapers>().Show(filed, filed.Papers.First(p => p.Template == VillageRules.Receipt), english: false);
        Assert.Null(shown.Fault);
        Assert.Contains("村规备341299101〔2026〕00001", shown.Html, StringComparison.Ordinal);
    }

    private async Task<MatterRevision> DesignedAsync()
    {
        var kit = new DraftKit(sqlite);
        var by = await kit.ManagerAsync();
        var (papers, settings, open) = (sqlite.Services.GetRequiredService<PaperCommands>(), sqlite.Services.GetRequiredService<SettingsCommands>(), sqlite.Services.GetRequiredService<OpenMatters>());
        var saved = await kit.Drafts.NewAsync(by, VillageRules.Id, new Words { Zh = "村规民约备案", En = "Filing of village rules" }, null, new NewMatterStart("register", new Words { Zh = "村民委员会", En = "The committee" }, "township"), DraftKit.Key());
        var files = (await open.FindAsync(by, VillageRules.Id))!.Files;
        saved = await kit.Drafts.SaveFilesAsync(by, VillageRules.Id, new Dictionary<string, string?> { ["form.json"] = VillageRules.Form(files["form.json"]), ["matter.json"] = VillageRules.Matter(files["matter.json"]), ["apply.workflow.json"] = VillageRules.Workflow(files["apply.workflow.json"]) }, saved.Version, DraftKit.Key());
        var read = MatterSettings.Read(JsonFile.Require("matter.json", (await open.FindAsync(by, VillageRules.Id))!.Files["matter.json"]));
        saved = await settings.SaveAsync(by, VillageRules.Id, read with { Numbering = [new NumberRow(null, "receipt", "村规备", "", "备案回执", "Filing receipts")] }, saved.Version, DraftKit.Key());
        saved = await papers.AddAsync(by, VillageRules.Id, new NewPaper("correction", "mail", "退回补正", "Return for correction", "granted.mail"), saved.Version, DraftKit.Key());
        saved = await papers.AddAsync(by, VillageRules.Id, new NewPaper("filing-receipt", "document", "备案回执", "Filing receipt"), saved.Version, DraftKit.Key());
        await papers.SaveAsync(by, VillageRules.Id, VillageRules.Receipt, new PaperContent("备案回执", "Filing receipt", false, VillageRules.ReceiptText), saved.Version, DraftKit.Key());
        var loaded = kit.Drafts.Check((await kit.Drafts.FindAsync(VillageRules.Id))!);
        Assert.Equal([], loaded.Faults.Where(f => f.IsError).Select(f => f.ToString()));
        return loaded.Revision!;
    }

    private TryOutPlay Play(MatterRevision revision, params (string Step, string Outcome)[] answers)
    {
        var form = JsonNode.Parse("""{"applicant": {"name": "张三", "idNumber": "34129919580419001X", "phone": "19900000001", "village": "341299101201"}, "rules": {"title": "青山村村规民约", "adoptedOn": "2026-02-20", "present": 86}}""")!.AsObject();
        var start = new TryOutStart("apply", new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.FromHours(8)), form);
        var inputs = answers.Select(a => TryOutInput.Of(a.Step, a.Step switch
        {
            "review" => new JsonObject { ["outcome"] = a.Outcome, ["opinion"] = "内容合法，程序完备" },
            "correct" => new JsonObject { ["outcome"] = a.Outcome, ["note"] = "已补正" },
            _ when a.Outcome == "Correct" => new JsonObject { ["outcome"] = a.Outcome, ["defects"] = "缺会议记录" },
            _ => new JsonObject { ["outcome"] = a.Outcome },
        }));
        return TryOutPlay.Run(new WorkflowEngine(), revision, start, inputs, sqlite.Services.GetRequiredService<Calendars>().Working);
    }

    /// <summary>State and papers by now.</summary>
    private static string End(TryOutPlay play)
    {
        Assert.Empty(play.FormFaults);
        Assert.True(play.Refusal is null, $"{play.Refusal?.Code} {play.Refusal?.Detail} {string.Join(' ', play.Refusal?.Faults.Select(f => f.Zh) ?? [])}");
        return $"{play.Case.Status}: {string.Join(' ', play.Papers.Select(p => p.Template))}";
    }
}
