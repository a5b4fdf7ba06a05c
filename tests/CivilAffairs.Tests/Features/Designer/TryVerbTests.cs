using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.CommandLine;

namespace CivilAffairs.Tests.Features.Designer;

/// <summary>The command line plays what the page plays.</summary>
public sealed class TryVerbTests
{
    private static readonly string Folder = Repository.Path("workflows", "rural-dibao");

    [Fact]
    public void An_example_is_played_to_its_end()
    {
        var (code, output, _) = Run("try", Folder, "granted");
        Assert.Equal(0, code);
        Assert.Contains("status: Paying", output, StringComparison.Ordinal);
        Assert.Contains("instance: Finished", output, StringComparison.Ordinal);
        Assert.Contains("document confirmation-notice.html", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Some_steps_of_it_say_what_waits()
    {
        var (code, output, _) = Run("try", Folder, "granted", "--steps", "1", "--json");
        var json = JsonNode.Parse(output)!;
        Assert.Equal((0, "Investigating"), (code, (string)json["status"]!));
        Assert.Contains(json["waits"]!.AsArray(), w => (string)w! == "visit");
    }

    [Theory]
    [InlineData("no-such-example")]
    [InlineData("granted", "--steps", "x")]
    [InlineData("granted", "--fast")]
    [InlineData]
    public void Words_that_are_off_are_said(params string[] words)
    {
        var (code, output, errors) = Run(["try", Folder, .. words]);
        Assert.Equal((2, ""), (code, output));
        Assert.NotEqual("", errors);
    }

    [Fact]
    public void An_answer_that_its_form_refuses_is_named_and_the_code_says_so()
    {
        var file = Path.GetTempFileName();
        var example = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "examples", "granted.json")))!;
        example["answers"]!["opinion"]![0]!["result"]!.AsObject().Remove("protectedPersons");
        File.WriteAllText(file, example.ToJsonString());
        var (code, _, errors) = Run("try", Folder, file);
        File.Delete(file);
        Assert.Equal(1, code);
        Assert.Contains("protectedPersons", errors, StringComparison.Ordinal);
    }

    private static (int? Code, string Output, string Errors) Run(params string[] args)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        return (Verbs.TryRun(args, output, errors), output.ToString(), errors.ToString());
    }
}
