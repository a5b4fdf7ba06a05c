using System.Globalization;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.CommandLine;
using Xunit;

namespace CivilAffairs.Tests.Features.CommandLine;

public sealed class VerbsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("civilaffairs-verbs").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Run_prints_the_lines_and_last_the_status()
    {
        var file = Write("a.json", new Flow().Add("Elsa.WriteLine", "w", ("text", "你好")));
        Assert.Equal((0, "你好\nstatus: Finished\n"), Call("run", file));
    }

    [Fact]
    public void Run_takes_ready_answers_before_timers_and_leaves_the_unanswered_waiting()
    {
        var flow = new Flow().Variable("R").Add("Elsa.Start", "s").Add("Elsa.Delay", "d", ("timeSpan", "00:00:01")).Add("Elsa.RunTask", "t", ("taskName", "ask"), ("result", "-> R"))
            .Add("Elsa.WriteLine", "late", ("text", "timer")).Add("Elsa.WriteLine", "early", ("text", "js:getR()")).Add("Elsa.Event", "e", ("eventName", "Never"))
            .Connect("s", "d").Connect("s", "t").Connect("s", "e").Connect("d", "late").Connect("t", "early");
        Assert.Equal((0, "yes\ntimer\nstatus: Suspended\n"), Call("run", Write("b.json", flow), "--answer", "t=yes"));
    }

    [Fact]
    public void Run_exits_with_one_when_the_instance_faults() =>
        Assert.Equal((1, "status: Faulted\n"), Call("run", Write("c.json", new Flow().Add("Elsa.Fault", "f", ("message", "no")))));

    [Fact]
    public void Check_prints_one_line_a_fault_and_exits_with_one()
    {
        Write("bad.workflow.json", new Flow().Add("Elsa.Delay", "d", ("timeSpan", "soon")));
        var (code, text) = Call("check", folder);
        Assert.Equal(1, code);
        Assert.Contains(": d: ", Assert.Single(text.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    [Fact]
    public void Check_is_silent_and_content_with_a_sound_folder()
    {
        Write("good.workflow.json", new Flow().Add("Elsa.WriteLine", "w", ("text", "x")));
        Assert.Equal((0, ""), Call("check", folder));
    }

    [Fact]
    public void Conform_goes_on_past_what_it_cannot_read_and_tells_what_it_did_not_compare()
    {
        Write("a.json", new Flow().Add("Elsa.WriteLine", "w", ("text", "x")));
        File.WriteAllText(Path.Combine(folder, "a.expected.json"), "{ not json");
        File.WriteAllText(Path.Combine(folder, "b.json"), "nor this");
        File.WriteAllText(Path.Combine(folder, "b.expected.json"), "{}");
        File.WriteAllText(Path.Combine(folder, "c.expected.json"), "{}");
        Write("d.json", new Flow().Add("Elsa.WriteLine", "w", ("text", "x")));
        File.WriteAllText(Path.Combine(folder, "d.expected.json"), """{"lines":["x"],"defect":"path-enumeration","status":"Faulted"}""");
        Write("e.json", new Flow().Add("Elsa.WriteLine", "w", ("text", "x")));
        var (code, text) = Call("conform", folder);
        Assert.Equal(1, code);
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["a: crashed", "b: crashed", "c: crashed", "note d", "note e", "1 passed, 3 failed"], lines.Select((line, i) => i < 3 ? line[..10] : i < 5 ? line[..6] : line));
    }

    [Fact]
    public void A_script_is_replayed_and_no_more()
    {
        var file = Write("s.json", new Flow().Add("Elsa.RunTask", "t", ("taskName", "t")).Add("Elsa.Delay", "d", ("timeSpan", "00:00:01")).Add("Elsa.WriteLine", "w", ("text", "late")).Connect("t", "d").Connect("d", "w"));
        var script = Path.Combine(folder, "script.json");
        File.WriteAllText(script, """{"answers":[{"activityId":"t","kind":"task"}]}""");
        Assert.Equal((0, "status: Suspended\n"), Call("run", file, "--script", script));
        Assert.Equal((0, "late\nstatus: Finished\n"), Call("run", file, "--answer", "t="));
    }

    [Fact]
    public void Conform_counts_a_difference_as_failed()
    {
        Write("x.json", new Flow().Add("Elsa.WriteLine", "w", ("text", "x")));
        File.WriteAllText(Path.Combine(folder, "x.expected.json"), """{"status":"Finished","lines":["y"]}""");
        var (code, text) = Call("conform", folder);
        Assert.Equal(1, code);
        Assert.EndsWith("0 passed, 1 failed\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("conform")]
    [InlineData("nonsense")]
    [InlineData("check", "/no/such/folder")]
    public void A_call_whose_words_are_off_says_so_and_exits_with_two(params string[] args) => Assert.Equal((2, ""), Call(args));

    [Fact]
    public void Without_a_verb_the_server_starts() => Assert.Null(Verbs.TryRun(["--urls", "http://127.0.0.1:0"], TextWriter.Null, TextWriter.Null));

    private string Write(string name, Flow flow)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, flow.ToString());
        return path;
    }

    private static (int Code, string Text) Call(params string[] args)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        using var errors = new StringWriter(CultureInfo.InvariantCulture);
        var code = Verbs.TryRun(args, output, errors);
        if (code == 2) Assert.NotEmpty(errors.ToString());
        return (code!.Value, output.ToString());
    }
}
