using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Matters;

namespace CivilAffairs.Tests.Features.Matters;

public sealed class MatterFolderTests : IDisposable
{
    private readonly string folder = Path.Combine(Directory.CreateTempSubdirectory("matter-").FullName, "rural-dibao");

    public MatterFolderTests() => Copy(Repository.Path("workflows", "rural-dibao"), folder);

    [Theory]
    [MemberData(nameof(ShippedMatters.Names), MemberType = typeof(ShippedMatters))]
    public void A_shipped_matter_has_no_faults_and_no_notes(string matter) =>
        Assert.Empty(ShippedMatters.Load(matter).Faults.Select(f => f.ToString()));

    [Fact]
    public void The_bundle_gives_back_the_same_revision()
    {
        var revision = MatterFolder.Load(folder).Revision!;
        var again = MatterFolder.FromBundle(revision.Bundle);
        Assert.Empty(again.Faults);
        Assert.Equal(revision.Hash, again.Revision!.Hash);
        Assert.Equal(revision.Bundle, again.Revision.Bundle);
        Assert.Equal(revision.Templates, again.Revision.Templates);
        Assert.Equal(revision.Workflows, again.Revision.Workflows);
    }

    [Theory]
    [InlineData("form.json")]
    [InlineData("apply.workflow.json")]
    [InlineData("templates/refusal-decision.html")]
    public void Any_changed_file_is_another_revision(string file)
    {
        var before = MatterFolder.Load(folder).Revision!.Hash;
        File.AppendAllText(Path.Combine(folder, file), "\n");
        Assert.NotEqual(before, MatterFolder.Load(folder).Revision!.Hash);
    }

    [Fact]
    public void Line_ends_of_a_checkout_do_not_make_another_revision()
    {
        var before = MatterFolder.Load(folder).Revision!.Hash;
        var form = Path.Combine(folder, "form.json");
        File.WriteAllText(form, File.ReadAllText(form).ReplaceLineEndings("\r\n"));
        Assert.Equal(before, MatterFolder.Load(folder).Revision!.Hash);
    }

    [Fact]
    public void What_is_not_known_is_kept_and_noted()
    {
        Replace("matter.json", "\"family\": \"relief\"", "\"colour\": \"red\", \"family\": \"relief\"");
        var loaded = MatterFolder.Load(folder);
        var note = Assert.Single(loaded.Faults);
        Assert.Equal(("matter.json", "$.colour", false), (note.File, note.Path, note.IsError));
        Assert.True(loaded.IsPublishable);
        Assert.Equal("red", loaded.Revision!.Matter.Unknown!["colour"].GetString());
    }

    [Theory]
    [InlineData("form.json", "\"type\": \"personName\"", "\"type\": \"nickname\"", "$.sections[0].fields[0].type", "nickname")]
    [InlineData("form.json", "form.members.length === 1\"", "form.members.length ===\"", "$.sections[5].showWhen", "表达式")]
    [InlineData("form.json", "\"id\": \"idNumber\"", "\"id\": \"name\"", "$.sections[0].fields[1].id", "两次")]
    [InlineData("form.json", "\"place\": \"applicant.hukouDivision\"", "\"place\": \"applicant.village\"", "$.place", "applicant.village")]
    [InlineData("form.json", "\"place\": \"applicant.hukouDivision\"", "\"place\": \"applicant.name\"", "$.place", "division")]
    [InlineData("form.json", "\"role\": \"applicant\"", "\"role\": \"member\"", "$.parties", "申请人")]
    [InlineData("form.json", "\"idNumber\": \"agentIdNumber\"", "\"idNumber\": \"gone\"", "$.parties[1].idNumber", "applicant.gone")]
    [InlineData("form.json", "\"until\": \"agentUntil\"", "\"until\": \"gone\"", "$.parties[1].until", "applicant.gone")]
    [InlineData("form.json", "\"mayWithdraw\": \"agentMayWithdraw\"", "\"mayWithdraw\": \"agentUntil\"", "$.parties[1].mayWithdraw", "boolean")]
    [InlineData("form.json", "\"role\": \"agent\"", "\"role\": \"guardian\"", "$.parties[1]", "guardian")]
    [InlineData("form.json", "\"relation\": \"spouse\"", "\"kin\": \"spouse\"", "$.parties[2].where", "members.kin")]
    [InlineData("form.json", "\"wages\",", "\"health\",", "$.household.income", "money")]
    [InlineData("form.json", "\"section\": \"members\",\n    \"income\"", "\"section\": \"applicant\",\n    \"income\"", "$.household.section", "applicant")]
    [InlineData("matter.json", "\"value\": 900000", "\"value\": 9000.5", "$.parameters[0].value", "9000.5")]
    [InlineData("matter.json", "\"mark\": \"L\",\n      \"source\": \"SAL 18", "\"mark\": \"X\",\n      \"source\": \"SAL 18", "$.parameters[0].mark", "X")]
    [InlineData("matter.json", "\"mark\": \"L\",\n      \"source\": \"L\"", "\"mark\": \"X\",\n      \"source\": \"L\"", "$.separation[0].mark", "X")]
    [InlineData("matter.json", "\"mark\": \"L\",\n      \"source\": \"L, DB", "\"source\": \"L, DB", "$.separation[1].mark", "性质")]
    [InlineData("matter.json", "\"source\": \"SAL 44\"\n    },\n    {\n      \"roles\"", "\"source\": \" \"\n    },\n    {\n      \"roles\"", "$.separation[3].source", "依据")]
    [InlineData("matter.json", "\"mark\": \"S\",\n      \"source\": \"DB 11\"", "\"source\": \"DB 11\"", "$.registers[0].mark", "性质")]
    [InlineData("matter.json", "\"source\": \"DB 11\"", "\"source\": \"\"", "$.registers[0].source", "依据")]
    [InlineData("matter.json", "\"mark\": \"S\",\n    \"source\": \"FY", "\"mark\": \"s\",\n    \"source\": \"FY", "$.review.mark", "s")]
    [InlineData("matter.json", "\"source\": \"FY 62, SS 46\"", "\"source\": \"\"", "$.review.source", "依据")]
    [InlineData("matter.json", "\"from\": \"end\",\n      \"mark\": \"L\"", "\"from\": \"end\",\n      \"mark\": \"local\"", "$.retention[1].mark", "local")]
    [InlineData("matter.json", "\"fees\": []", "\"fees\": [{\"name\": {\"zh\": \"x\", \"en\": \"x\"}, \"fen\": 1}]", "$.fees[0].mark", "性质")]
    [InlineData("matter.json", "\"workflow\": \"reverify\"", "\"workflow\": \"gone\"", "$.reverification[0].workflow", "gone")]
    [InlineData("apply.workflow.json", "\"value\": \"reverify\"", "\"value\": \"gone\"", "reverify", "gone")]
    [InlineData("matter.json", "\"code\": \"CHK\",\n      \"level\": \"county\"", "\"code\": \"CHK\",\n      \"level\": \"township\"", null, "CHK")]
    [InlineData("matter.json", "\"key\": \"dibao.limit.service\",\n      \"type\": \"limit\",\n      \"value\": \"3wd\"", "\"key\": \"dibao.limit.service\",\n      \"type\": \"limit\",\n      \"value\": \"none\"", null, "其值为不设期限")]
    [InlineData("matter.json", "\"code\": \"FIN\"", "\"code\": \"XYZ\"", null, "XYZ")]
    [InlineData("matter.json", "\"family\": \"relief\"", "\"family\": \"magic\"", "$.family", "magic")]
    [InlineData("matter.json", "\"id\": \"rural-dibao\"", "\"id\": \"other\"", "$.id", "文件夹")]
    [InlineData("matter.json", "\"key\": \"dibao.limit.check\"", "\"key\": \"dibao.limit.checks\"", null, "dibao.limit.check")]
    [InlineData("matter.json", "\"file\": \"accepted.mail\"", "\"file\": \"gone.mail\"", "$.templates[11].file", "gone.mail")]
    [InlineData("apply.workflow.json", "\"value\": \"acceptance-notice.html\"", "\"value\": \"gone.html\"", "acceptanceNotice", "gone.html")]
    [InlineData("apply.workflow.json", "\"value\": \"opinion\"", "\"value\": \"gone\"", "opinion", "gone")]
    [InlineData("apply.workflow.json", "\"type\": \"Elsa.Start\"", "\"type\": \"Elsa.RunTask\"", "start", "RunTask")]
    [InlineData("matter.json", "\"id\": \"relatives\"", "\"id\": \"others\"", null, "没有台账“relatives”")]
    [InlineData("matter.json", "\"CCK\",\n        \"CAP\",", "\"XXX\",", "$.registers[0].readers", "XXX")]
    [InlineData("matter.json", "\"workflow\": \"review\"", "\"workflow\": \"gone\"", "$.review.workflow", "gone")]
    [InlineData("matter.json", "\"SUP\",\n      \"CAP\"", "\"SUP\",\n      \"LDR\"", "$.review.roles", "LDR")]
    [InlineData("matter.json", "[\n      \"SUP\",\n      \"CAP\"\n    ]", "[]", "$.review.roles", "重新审查")]
    [InlineData("review.workflow.json", "\\\"confirm\\\", ", "\\\"confirms\\\", ", "reviewGranted", "confirms")]
    [InlineData("reverify.workflow.json", "\"value\": \"reverifyContinue\"", "\"value\": \"gone\"", "confirmAmount", "gone")]
    [InlineData("form.json", "\"id\": \"wages\",", "\"id\": \"wages\", \"prefill\": \"1\",", "$.sections[1].fields[10].prefill", "预填")]
    [InlineData("form.json", "\"prefill\": \"found.reOpinion?.members", "\"prefill\": \"found.?members", "$.taskForms.reOpinion.fields[2].prefill", "表达式")]
    [InlineData("reverify.workflow.json", "\"name\": \"amountFen\"", "\"name\": \"category\"", "$.inputs", "category")]
    [InlineData("apply.workflow.json", "getFact('hukouType')", "getFact('gone')", "eligibility", "gone")]
    public void A_wrong_file_is_told_by_file_place_and_sentence(string file, string from, string to, string? path, string said)
    {
        Replace(file, from, to);
        Assert.Contains(MatterFolder.Load(folder).Faults, f => f.IsError && (path is null || (f.File == file && f.Path == path)) && f.Text.Zh.Contains(said, StringComparison.Ordinal));
    }

    [Fact]
    public void Text_that_people_type_cannot_be_marked_for_the_workflow()
    {
        Replace("form.json", "\"id\": \"defects\",", "\"id\": \"defects\", \"flow\": true,");
        Assert.Contains(MatterFolder.Load(folder).Faults, f => f.Path == "$.taskForms.accept.fields[1].flow");
    }

    [Theory]
    [InlineData("matter.json", "{")]
    [InlineData("form.json", "{\"sections\": 5}")]
    [InlineData("form.json", "null")]
    [InlineData("matter.json", "{\"id\": \"x\"}")]
    public void A_file_that_cannot_be_read_is_told_not_thrown(string file, string json)
    {
        File.WriteAllText(Path.Combine(folder, file), json);
        var loaded = MatterFolder.Load(folder);
        Assert.Null(loaded.Revision);
        Assert.False(loaded.IsPublishable);
        Assert.Contains(loaded.Faults, f => f.File == file);
    }

    [Fact]
    public void A_file_that_is_missing_or_no_text_is_told()
    {
        File.Delete(Path.Combine(folder, "form.json"));
        File.WriteAllBytes(Path.Combine(folder, "templates", "accepted.mail"), [0xff, 0xfe, 0x00]);
        var faults = MatterFolder.Load(folder).Faults;
        Assert.Contains(faults, f => f.File == "form.json");
        Assert.Contains(faults, f => f.File == "templates/accepted.mail");
    }

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);

    private void Replace(string file, string from, string to)
    {
        var path = Path.Combine(folder, file);
        var text = File.ReadAllText(path);
        var at = text.IndexOf(from, StringComparison.Ordinal);
        Assert.True(at >= 0, $"{file} does not contain {from}");
        File.WriteAllText(path, text[..at] + to + text[(at + from.Length)..]);
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }
}
