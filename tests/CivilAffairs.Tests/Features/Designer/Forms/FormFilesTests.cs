using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Designer;
using CivilAffairs.Web.Features.Designer.Forms;

namespace CivilAffairs.Tests.Features.Designer.Forms;

/// <summary>What the editors write is what was changed, and nothing else: for every matter of the product.</summary>
public sealed class FormFilesTests
{
    public static TheoryData<string> Matters => [.. Directory.EnumerateDirectories(Repository.Path("workflows")).Select(d => Path.GetFileName(d)!).Order(StringComparer.Ordinal)];

    public static IReadOnlyDictionary<string, string> Files(string matter)
    {
        var root = Repository.Path($"workflows/{matter}");
        return Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories).ToDictionary(f => Path.GetRelativePath(root, f).Replace('\\', '/'), File.ReadAllText);
    }

    public static JsonObject Form(string matter) => JsonFile.Read(Files(matter)["form.json"]).Root!;

    [Theory, MemberData(nameof(Matters))]
    public void What_nobody_changed_is_written_as_it_was_to_the_letter(string matter)
    {
        foreach (var (file, text) in Files(matter).Where(f => f.Key.EndsWith(".json", StringComparison.Ordinal) && !f.Key.Contains('/', StringComparison.Ordinal)))
        {
            var root = JsonFile.Read(text).Root!;
            Assert.Equal(text, JsonFile.Write(root, text));
            // Not because the old text was handed back: written anew it is the same.
            Assert.Equal(text, JsonFile.Write(root, null));
        }
        var (texts, faults) = LimitTable.Write(Files(matter), LimitTable.Read(Files(matter)), new HashSet<string>());
        Assert.Empty(texts);
        Assert.Empty(faults);
        // Each task of the files once, wherever the ways lead.
        Assert.Equal(Files(matter).Where(f => f.Key.EndsWith(".workflow.json", StringComparison.Ordinal)).Sum(f => System.Text.RegularExpressions.Regex.Count(f.Value, "\"CivilAffairs\\.(HumanTask|ApplicantTask)\"")), LimitTable.Read(Files(matter)).Count);
        Assert.NotEmpty(LimitTable.Read(Files(matter)));
        Assert.Empty(FormFindings.Of(Form(matter)));
    }

    [Theory, MemberData(nameof(Matters))]
    public void A_new_question_is_all_that_differs_and_goes_again_without_a_trace(string matter)
    {
        var before = Files(matter)["form.json"];
        var root = Form(matter);
        root["ours"] = new JsonObject { ["kept"] = 1.50m };
        root["sections"]![0]!["fields"]![0]!["ours"] = "kept";
        var unknown = JsonFile.Write(root, before);
        var added = FormEdits.AddField(root, FormSpot.Section(0));
        Assert.Empty(FormFindings.New(JsonFile.Read(unknown).Root!, root, FormFindings.Of));
        var (was, now) = (unknown.Split('\n'), JsonFile.Write(root, unknown).Split('\n'));
        // One run of new lines; every line that was there is there still, in its order.
        var same = was.Zip(now).TakeWhile(p => p.First == p.Second).Count();
        var tail = was.Reverse().Zip(now.Reverse()).TakeWhile(p => p.First == p.Second).Count();
        Assert.InRange(same + tail, was.Length - 1, int.MaxValue);
        Assert.Equal(8, now.Length - was.Length);
        FormEdits.Remove(root, added);
        Assert.Equal(unknown, JsonFile.Write(root, unknown));
        Assert.Contains("1.50", unknown, StringComparison.Ordinal);
    }

    [Fact]
    public void Parts_are_moved_copied_and_given_to_another_section()
    {
        var root = Form("rural-dibao");
        var phone = FormSpot.Section(0, 2);
        Assert.Equal("phone", (string?)phone.In(root)!["id"]);
        var up = FormEdits.Move(root, phone, -1);
        Assert.Equal(("phone", 1), ((string?)up.In(root)!["id"], up.Field));
        Assert.Equal(FormSpot.Section(0, 0), FormEdits.Move(root, FormSpot.Section(0, 0), -1));
        var copy = FormEdits.Duplicate(root, up);
        Assert.Equal(("phone2", "手机号（副本）"), ((string?)copy.In(root)!["id"], (string?)copy.In(root)!["label"]!["zh"]));
        var moved = FormEdits.MoveTo(root, copy, 1);
        Assert.Equal((1, "phone2"), (moved.Index, (string?)moved.In(root)!["id"]));
        var section = FormEdits.Move(root, FormSpot.Section(0), 1);
        Assert.Equal(("applicant", 1), ((string?)section.In(root)!["id"], section.Index));
        var paper = FormEdits.AddAttachment(root, FormSpot.Attachment(0));
        Assert.Equal(1, paper.Index);
        Assert.Equal("paper2", (string?)FormEdits.AddAttachment(root, paper).In(root)!["id"]);
        Assert.Empty(FormFindings.New(Form("rural-dibao"), root, FormFindings.Of));
    }

    [Fact]
    public void A_deadline_is_changed_in_its_workflow_and_nothing_else()
    {
        var files = Files("rural-dibao");
        var lines = LimitTable.Read(files);
        // As a case goes: what is asked first comes first.
        Assert.Equal(["accept", "visit", "opinion", "confirm"], lines.Where(l => l is { File: "apply.workflow.json", Activity: "accept" or "visit" or "opinion" or "confirm" }).Select(l => l.Activity));
        Assert.Equal("农村低保申请", LimitTable.Names(files)["apply.workflow.json"]);
        var opinion = lines.Single(l => l is { File: "apply.workflow.json", Activity: "opinion" });
        Assert.Equal(("提出初审意见", "TRV", "township", LimitValue.Absent, new LimitValue(LimitValue.Parameter, "dibao.limit.opinion"), "DB 18, 19"), (opinion.Step, opinion.Role, opinion.Level, opinion.Start, opinion.Finish, opinion.Source));
        var (texts, faults) = LimitTable.Write(files, [opinion with { Start = new(LimitValue.Limit, "2wd"), Finish = new(LimitValue.Parameter, "dibao.limit.county"), Source = "DB 18" }], new HashSet<string> { "dibao.limit.county" });
        Assert.Empty(faults);
        var (was, now) = (JsonNode.Parse(files["apply.workflow.json"])!, JsonNode.Parse(texts["apply.workflow.json"]!)!);
        var (before, after) = (Activity(was), Activity(now));
        Assert.Equal(("2wd", "getParameter('dibao.limit.county')", "DB 18"), ((string?)after["startWithin"]!["expression"]!["value"], (string?)after["finishWithin"]!["expression"]!["value"], (string?)after["source"]!["expression"]!["value"]));
        after.Remove("startWithin");
        foreach (var input in new[] { "finishWithin", "source" }) after[input] = before[input]!.DeepClone();
        Assert.True(JsonNode.DeepEquals(was, now));
        Assert.Equal((opinion with { Start = new(LimitValue.Limit, "2wd"), Finish = new(LimitValue.Parameter, "dibao.limit.county"), Source = "DB 18" }), LimitTable.Read(files.ToDictionary(f => f.Key, f => texts.GetValueOrDefault(f.Key) ?? f.Value)).Single(l => l is { File: "apply.workflow.json", Activity: "opinion" }));

        (texts, faults) = LimitTable.Write(files, [opinion with { Start = new(LimitValue.Limit, "两天"), Finish = LimitValue.Absent }, opinion with { Activity = "nobody" }, opinion with { File = "matter.json" }], new HashSet<string>());
        Assert.Equal(["apply.workflow.json opinion.start", "apply.workflow.json opinion.finish", "apply.workflow.json nobody", "matter.json"], faults.Select(f => f.Path));
        Assert.Contains("两天", faults[0].Zh, StringComparison.Ordinal);
    }

    private static JsonObject Activity(JsonNode definition) => CivilAffairs.Web.Features.Matters.WorkflowReferences.Activities(definition).Single(a => (string?)a["id"] == "opinion" && (string?)a["type"] == "CivilAffairs.HumanTask");
}
