using System.Globalization;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.CommandLine;

namespace CivilAffairs.Tests.Features.CommandLine;

/// <summary><c>check</c> over a whole matter: silent on the shipped one, and one deliberate violation for each kind of file.</summary>
public sealed class CheckVerbTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("civilaffairs-check").FullName;
    private readonly string matter;

    public CheckVerbTests()
    {
        matter = Path.Combine(root, "rural-dibao");
        var from = Repository.Path("workflows", "rural-dibao");
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(matter, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void The_shipped_matters_have_no_fault() => Assert.Equal((0, ""), Call("check", Repository.Path("workflows")));

    [Theory]
    [InlineData("form.json", "\"type\": \"personName\"", "\"type\": \"nickname\"", "$.sections[0].fields[0].type")]
    [InlineData("matter.json", "\"code\": \"CHK\"", "\"code\": \"CCC\"", "apply.workflow.json: check:")]
    [InlineData("matter.json", "\"kind\": \"mail\"", "\"kind\": \"notice\"", "templates/accepted.mail")]
    [InlineData("matter.json", "\"kind\": \"document\"", "\"kind\": \"poster\"", "$.templates[0].kind")]
    [InlineData("matter.json", "\"apply\": \"apply.workflow.json\"", "\"apply\": \"gone.workflow.json\"", "gone.workflow.json")]
    [InlineData("apply.workflow.json", "\"value\": \"public-notice.html\"", "\"value\": \"confirmation-notice.html\"", "publicNotice")]
    [InlineData("apply.workflow.json", "\"Elsa.FlowJoin\"", "\"Elsa.FlowKnot\"", "apply.workflow.json: examineJoin:")]
    [InlineData("templates/acceptance-notice.html", "</h1>", "</h1><video></video>", "templates/acceptance-notice.html: -: 模板第 1 行")]
    [InlineData("templates/acceptance-notice.html", "{{ number }}", "{{ number", "templates/acceptance-notice.html")]
    [InlineData("templates/accepted.mail", "--- html", "--- htm", "templates/accepted.mail")]
    [InlineData("templates/accepted.mail", "{{ office.name }}", "{{ office.name", "templates/accepted.mail")]
    [InlineData("templates/accepted.en.mail", "--- html", "--- htm", "templates/accepted.en.mail")]
    [InlineData("templates/accepted.en.mail", "{{ office.name }}", "{{ office.name", "templates/accepted.en.mail")]
    [InlineData("examples/granted.json", "\"workflow\": \"apply\"", "\"workflow\": \"gone\"", "examples/granted.json")]
    public void A_violation_in_any_file_is_one_line_and_exit_code_one(string file, string from, string to, string said)
    {
        var path = Path.Combine(matter, file);
        var text = File.ReadAllText(path);
        var at = text.IndexOf(from, StringComparison.Ordinal);
        Assert.True(at >= 0, $"{file} does not contain {from}");
        File.WriteAllText(path, text[..at] + to + text[(at + from.Length)..]);
        var (code, lines) = Call("check", root);
        Assert.Equal(1, code);
        Assert.Contains(lines.Split('\n'), line => line.Contains(said, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("form.json", "\"type\": \"personName\"", "\"type\": 7", "form.json: $.sections[0].fields[0].type: 第", "应是以下之一：", "must be one of:")]
    [InlineData("matter.json", "\"roles\": [", "\"roles\": {}, \"x-roles\": [", "matter.json: $.roles: 第", "应是列表", "must be a list")]
    [InlineData("matter.json", "\"roles\": [", "\"roles\" [", "matter.json: $.applicants: 第", "不合 JSON 的写法", "not as JSON is written")]
    [InlineData("apply.workflow.json", "\"root\": {", "\"root\" {", "apply.workflow.json: -: 这不是流程定义。第", "不合 JSON 的写法", "not as JSON is written")]
    [InlineData("examples/granted.json", "\"workflow\": \"apply\"", "\"workflow\": null", "examples/granted.json: $.workflow: 第", "现在是空（null）", "it is empty (null)")]
    public void Another_kind_of_value_is_told_by_line_in_the_language_asked_for(string file, string from, string to, string line, string zh, string en)
    {
        var path = Path.Combine(matter, file);
        File.WriteAllText(path, new System.Text.RegularExpressions.Regex(System.Text.RegularExpressions.Regex.Escape(from)).Replace(File.ReadAllText(path), to, 1));
        var (code, said) = Call("check", root);
        Assert.Equal(1, code);
        Assert.Contains(said.Split('\n'), l => l.Contains(line, StringComparison.Ordinal) && l.Contains(zh, StringComparison.Ordinal));
        var english = Call("check", root, "--en").Item2;
        Assert.Contains(english.Split('\n'), l => l.Contains(en, StringComparison.Ordinal));
        Assert.DoesNotMatch("System\\.|JSON value|could not be converted|LineNumber|BytePosition|Exception", said + english);
    }

    [Fact]
    public void A_template_fault_is_told_in_the_language_asked_for()
    {
        File.AppendAllText(Path.Combine(matter, "templates", "public-notice.html"), "<video></video>\n");
        Assert.Contains("模板第", Call("check", matter).Text, StringComparison.Ordinal);
        Assert.Contains("Template line", Call("check", matter, "--en").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_English_letter_without_its_Chinese_one_is_told()
    {
        File.Copy(Path.Combine(matter, "templates", "accepted.en.mail"), Path.Combine(matter, "templates", "surprise.en.mail"));
        Assert.Contains("surprise.en.mail", Call("check", matter).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_workflow_that_matter_json_does_not_list_is_told()
    {
        File.Copy(Path.Combine(matter, "apply.workflow.json"), Path.Combine(matter, "other.workflow.json"));
        Assert.Contains("other.workflow.json", Call("check", matter).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_single_definition_is_checked_with_the_roles_and_parameters_of_its_matter()
    {
        var file = Path.Combine(matter, "apply.workflow.json");
        Assert.Equal((0, ""), Call("check", file));
        File.WriteAllText(Path.Combine(matter, "matter.json"), File.ReadAllText(Path.Combine(matter, "matter.json")).Replace("\"code\": \"VIL\"", "\"code\": \"VIX\"", StringComparison.Ordinal));
        Assert.Contains(": neighbours: ", Call("check", file).Text, StringComparison.Ordinal);
    }

    private static (int Code, string Text) Call(params string[] args)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        using var errors = new StringWriter(CultureInfo.InvariantCulture);
        var code = Verbs.TryRun(args, output, errors);
        Assert.Empty(errors.ToString());
        return (code!.Value, output.ToString());
    }
}
