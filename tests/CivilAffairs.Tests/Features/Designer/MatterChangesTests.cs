using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Tests.Features.Matters;
using CivilAffairs.Web.Features.Designer.Changes;
using CivilAffairs.Web.Features.Designer.Drafts;
using CivilAffairs.Web.Features.Matters;

namespace CivilAffairs.Tests.Features.Designer;

/// <summary>Two versions as a list of changes in words. Each change is made to a shipped matter; nothing may go unsaid.</summary>
public sealed class MatterChangesTests
{
    private static readonly MatterRevision Dibao = ShippedMatters.Load("rural-dibao").Revision!;

    [Fact]
    public void The_same_is_no_change() => Assert.Empty(MatterChanges.Compare(Dibao, Dibao));

    [Theory]
    [InlineData("name.zh", "\"新名\"", "名称由“农村最低生活保障”改为“新名”。")]
    [InlineData("applicants.counterRoles", "[\"TCK\",\"CCK\"]", "申请规定：窗口岗位由")]
    [InlineData("applicants.agentAllowed", "null", "申请规定：")]
    [InlineData("publishing", "{\"secondPerson\":true}", "设置发布规定")]
    [InlineData("statistics", "[\"x\"]", "统计标签由")]
    public void A_property_of_the_matter_is_told_from_and_to(string path, string json, string said) => Says(said, Matter(m => Set(m, path, JsonNode.Parse(json))));

    [Fact]
    public void A_parameter_is_told_by_its_name_with_limits_in_words()
    {
        var changes = Matter(m => Find(m["parameters"]!, "key", "dibao.limit.total")["value"] = "25wd");
        Assert.Matches("^参数“.+”：值由“30 个工作日”改为“25 个工作日”。$", Assert.Single(changes).Text.Zh);
        Assert.Matches("^parameter “.+”: value from “30 working days” to “25 working days”\\.$", Assert.Single(changes).Text.En);
        Assert.Equal(ChangeKind.Changed, changes[0].Kind);
    }

    [Fact]
    public void What_is_added_and_removed_is_told_by_its_kind()
    {
        Says("删除编号“", Matter(m => m["numbering"]!.AsArray().RemoveAt(0)), ChangeKind.Removed);
        Says("新增角色“", Matter(m => m["roles"]!.AsArray().Add(new JsonObject { ["code"] = "REG", ["level"] = "county", ["does"] = Words("登记", "registers") })), ChangeKind.Added);
        Says("新增处理结果“搁置”", Matter(m => m["outcomes"] = With(m["outcomes"], "Shelve", new JsonObject { ["name"] = Words("搁置", "Shelve") })), ChangeKind.Added);
        Says("角色的顺序有调整", Matter(m => { var roles = m["roles"]!.AsArray(); var first = roles[0]; roles.RemoveAt(0); roles.Add(first); }));
        Says("编号规则“", Matter(m => m["numbering"]!.AsArray()[0]!["prefix"] = "新受"), prefix: "编号“");
    }

    [Fact]
    public void Questions_and_papers_of_the_form_are_told_by_their_labels()
    {
        Says("栏目“申请人”：新增问题“民族”。", Form(f => Fields(f).Add(new JsonObject { ["id"] = "nation", ["type"] = "text", ["label"] = Words("民族", "Ethnic group") })), ChangeKind.Added);
        Says("栏目“申请人”：删除问题“", Form(f => Fields(f).RemoveAt(1)), ChangeKind.Removed);
        Says("必填由“是”改为“否”", Form(f => Fields(f)[0]!["required"] = false), prefix: "栏目“申请人”的问题“");
        Says("题目由“", Form(f => Fields(f)[0]!["label"] = Words("姓名（身份证）", "Name on the card")));
        Says("新增材料“户口簿”。", Form(f => f["attachments"]!.AsArray().Add(new JsonObject { ["id"] = "book", ["label"] = Words("户口簿", "Booklet"), ["accept"] = new JsonArray("pdf"), ["source"] = "DB 10" })), ChangeKind.Added);
        Says("删除材料“", Form(f => f["attachments"]!.AsArray().RemoveAt(0)), ChangeKind.Removed);
        Says("任务表单“", Form(f => f["taskForms"]!.AsObject().First().Value!["fields"]!.AsArray().RemoveAt(0)), ChangeKind.Removed);
    }

    [Fact]
    public void Steps_are_told_by_what_the_diagram_calls_them()
    {
        var added = Flow(w => Steps(w).Add(Step("second", "二次审核")));
        Says("流程“apply”：新增步骤“二次审核”。", added, ChangeKind.Added);
        var task = Dibao.Workflows["apply"] is var json ? Steps(JsonNode.Parse(json)!).First(s => (string?)s!["type"] == "CivilAffairs.HumanTask")! : null!;
        var (id, shown) = ((string)task["id"]!, (string)task["metadata"]!["displayText"]!);
        Says($"流程“apply”：步骤“{shown}”改名为“新的名字”。", Flow(w => One(w, id)["metadata"]!["displayText"] = "新的名字"));
        Says($"流程“apply”：步骤“{shown}”的角色由“", Flow(w => One(w, id)["role"]!["expression"]!["value"] = "CAP"));
        Says($"步骤“{shown}”的办理结果由“", Flow(w => One(w, id)["outcomes"]!["expression"]!["value"] = "[\"Approve\"]"), prefix: "流程", orElse: "处理结果由“");
        Says("改为“5 个工作日”", Flow(w => One(w, id)["finishWithin"] = new JsonObject { ["typeName"] = "String", ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = "5wd" } }));
        var gone = Flow(w => { var steps = Steps(w); steps.Remove(steps.First(s => (string?)s!["id"] == id)); });
        Says($"流程“apply”：删除步骤“{shown}”。", gone, ChangeKind.Removed);
    }

    [Fact]
    public void Ways_between_steps_and_conditions_are_told()
    {
        Says("之后不再转到步骤“", Flow(w => w["root"]!["connections"]!.AsArray().RemoveAt(0)), ChangeKind.Removed);
        Says("之后转到步骤“", Flow(w => w["root"]!["connections"]!.AsArray()[0]!["target"]!["activity"] = (string)Steps(w)[5]!["id"]!));
        var decision = Steps(JsonNode.Parse(Dibao.Workflows["apply"])!).First(s => (string?)s!["type"] == "Elsa.FlowDecision")!;
        Says("的条件由“", Flow(w => One(w, (string)decision["id"]!)["condition"]!["expression"]!["value"] = "return false"));
        Says("新增变量“Extra”", Flow(w => w["variables"]!.AsArray().Add(new JsonObject { ["id"] = "var-Extra", ["name"] = "Extra", ["typeName"] = "Object" })), ChangeKind.Added);
        // Moving a box is no change of how cases are handled.
        Assert.Equal("流程“apply”只调整了位置、空格或者记录信息，不影响办理。", Assert.Single(Flow(w => Steps(w)[0]!["metadata"]!["designer"]!["position"]!["x"] = 999)).Text.Zh);
    }

    [Fact]
    public void Texts_are_told_with_the_lines_that_went_and_came()
    {
        var files = MatterBundle.Read(Dibao.Bundle);
        var name = files.Keys.First(f => f.EndsWith(".html", StringComparison.Ordinal));
        var lines = files[name].Split('\n');
        (lines[1], lines[3]) = ("<p>新的一行</p>", lines[3] + " 尾");
        var change = Assert.Single(Files(f => f[name] = string.Join('\n', lines)));
        Assert.Contains("增加 2 行，删除 2 行", change.Text.Zh, StringComparison.Ordinal);
        Assert.Equal(["- ", "+ ", "- ", "+ "], change.Lines.Select(l => l[..2]));
        Says("新增模板“new.mail”", Files(f => f["templates/new.mail"] = "x"), ChangeKind.Added);
        Says("删除案例“", Files(f => f.Remove(f.Keys.First(k => k.StartsWith("examples/", StringComparison.Ordinal)))), ChangeKind.Removed);
        Says("文件“notes.txt”", Files(f => f["notes.txt"] = "x"), ChangeKind.Added);
        // What cannot be read as what it should be is compared as text.
        Says("表单的文字有改动", Files(f => f["form.json"] = "{"));
    }

    [Theory, MemberData(nameof(ShippedMatters.Names), MemberType = typeof(ShippedMatters))]
    public void Nothing_goes_unsaid(string matter)
    {
        var revision = ShippedMatters.Load(matter).Revision!;
        var files = MatterBundle.Read(revision.Bundle);
        var tried = 0;
        foreach (var file in files.Keys.Where(f => f is "matter.json" or "form.json" || f.EndsWith(".workflow.json", StringComparison.Ordinal)).ToList())
        {
            // Every value of the file in turn, but not all of the long ones.
            var count = Values(JsonNode.Parse(files[file])).Count();
            for (var i = 0; i < count; i += Math.Max(1, count / 80))
            {
                var changed = JsonNode.Parse(files[file])!;
                var at = Values(changed).ElementAt(i);
                var path = at.GetPath();
                if (path.Contains("$schema", StringComparison.Ordinal)) continue;
                at.ReplaceWith(Other(at));
                var said = MatterChanges.Compare(files, new SortedDictionary<string, string>(files) { [file] = changed.ToJsonString() });
                Assert.True(said.Count > 0, $"{file} {path} is not told");
                Assert.All(said, s => Assert.DoesNotMatch(@"\{[0-4]\}|ERROR", s.Text.Zh));
                // That nothing of consequence changed is said of the diagram and the editor's records alone.
                if (said.Any(s => s.Text.En.Contains("cases are handled as before", StringComparison.Ordinal))) Assert.True(System.Text.RegularExpressions.Regex.IsMatch(file + path, @"\.workflow\.json.*(metadata\.designer|\.(nodeId|name|version|createdAt|toolVersion|isLatest|isPublished|isReadonly|isSystem)$|\$\.(id|options)|customProperties)"), $"{file} {path} is called layout");
                tried++;
            }
        }
        Assert.True(tried > 60);
    }

    private static IEnumerable<JsonValue> Values(JsonNode? node) => node switch
    {
        JsonValue value => [value],
        JsonObject map => map.SelectMany(p => Values(p.Value)),
        JsonArray list => list.SelectMany(Values),
        _ => [],
    };

    private static JsonNode Other(JsonValue value) => value.GetValueKind() switch
    {
        JsonValueKind.String => "§" + (string)value!,
        JsonValueKind.True or JsonValueKind.False => !(bool)value,
        _ => (double)value + 1,
    };

    private static void Says(string said, IReadOnlyList<MatterChange> changes, ChangeKind? kind = null, string? prefix = null, string? orElse = null)
    {
        Assert.True(changes.Any(c => (c.Text.Zh.Contains(said, StringComparison.Ordinal) || (prefix is not null && c.Text.Zh.StartsWith(prefix, StringComparison.Ordinal) && (orElse is null || c.Text.Zh.Contains(orElse, StringComparison.Ordinal))))
            && (kind is null || c.Kind == kind)), $"'{said}' is not in: {string.Join(" | ", changes.Select(c => c.Text.Zh))}");
        Assert.All(changes, c => Assert.NotEqual(c.Text.Zh, c.Text.En));
    }

    private static IReadOnlyList<MatterChange> Matter(Action<JsonObject> change) => Json("matter.json", change);
    private static IReadOnlyList<MatterChange> Form(Action<JsonObject> change) => Json("form.json", change);
    private static IReadOnlyList<MatterChange> Flow(Action<JsonObject> change) => Json("apply.workflow.json", change);

    private static IReadOnlyList<MatterChange> Json(string file, Action<JsonObject> change) => Files(f =>
    {
        var json = JsonNode.Parse(f[file])!.AsObject();
        change(json);
        f[file] = json.ToJsonString();
    });

    private static IReadOnlyList<MatterChange> Files(Action<SortedDictionary<string, string>> change)
    {
        var (before, after) = (MatterBundle.Read(Dibao.Bundle), MatterBundle.Read(Dibao.Bundle));
        change(after);
        return MatterChanges.Compare(before, after);
    }

    private static void Set(JsonObject root, string path, JsonNode? value)
    {
        var steps = path.Split('.');
        JsonNode at = root;
        foreach (var step in steps[..^1]) at = at[step]!;
        if (value is null) at.AsObject().Remove(steps[^1]);
        else at[steps[^1]] = value;
    }

    private static JsonObject Words(string zh, string en) => new() { ["zh"] = zh, ["en"] = en };
    private static JsonObject With(JsonNode? map, string key, JsonNode value) { var copy = map?.DeepClone().AsObject() ?? []; copy[key] = value; return copy; }
    private static JsonArray Fields(JsonObject form) => form["sections"]!.AsArray().First(s => (string?)s!["id"] == "applicant")!["fields"]!.AsArray();
    private static JsonObject Find(JsonNode list, string key, string value) => list.AsArray().OfType<JsonObject>().Single(i => (string?)i[key] == value);
    private static JsonArray Steps(JsonNode workflow) => workflow["root"]!["activities"]!.AsArray();
    private static JsonObject One(JsonNode workflow, string id) => Find(Steps(workflow), "id", id);
    private static JsonObject Step(string id, string name) => new() { ["id"] = id, ["type"] = "CivilAffairs.HumanTask", ["metadata"] = new JsonObject { ["displayText"] = name } };
}
