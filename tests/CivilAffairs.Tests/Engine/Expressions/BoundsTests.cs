using CivilAffairs.Engine.Checks;
using CivilAffairs.Engine.Port;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Documents;

namespace CivilAffairs.Tests.Engine.Expressions;

/// <summary>What the whole process allocates is measured: nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(BoundsTests), DisableParallelization = true)]
public sealed class AloneInTheProcess;

/// <summary>No expression, however foolish, holds the bureau up: it ends in a fault, soon, and the process lives.</summary>
[Collection(nameof(BoundsTests))]
public sealed class BoundsTests
{
    public static TheoryData<string, string> Scripts => new()
    {
        { "endless loop", "while (true) {}" },
        { "endless loop in a callback", "Array(1000).fill(0).forEach(() => { while (true) {} })" },
        { "endless recursion", "const f = () => f() + 1; f()" },
        { "memory by doubling", "let s = 'x'; while (true) s += s; s" },
        { "memory at one stroke", "'x'.repeat(2 ** 28) + 'y'.repeat(2 ** 28)" },
        { "memory by padding", "'x'.padStart(2 ** 28) + 'y'.padEnd(2 ** 28)" },
        { "a huge array", "new Array(2 ** 31).fill(0)" },
        { "a growing list", "const a = []; for (;;) a.push('xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx')" },
        { "a regular expression that backtracks", "/^(a+)+$/.test('a'.repeat(40) + 'b')" },
        { "a circle as a result", "const a = {}; a.self = a; a" },
        { "deep parentheses", new string('(', 20_000) + "1" + new string(')', 20_000) },
        { "a deep list", new string('[', 20_000) + new string(']', 20_000) },
        { "a long chain of signs", new string('!', 50_000) + "1" },
        { "a long chain of choices", string.Concat(Enumerable.Repeat("1?", 20_000)) + "1" + string.Concat(Enumerable.Repeat(":1", 20_000)) },
        { "deep functions", string.Concat(Enumerable.Repeat("(() => ", 5_000)) + "1" + string.Concat(Enumerable.Repeat(")()", 5_000)) },
        { "a long sum", string.Concat(Enumerable.Repeat("1+", 16_000)) + "x" },
        { "as deep as statements allow", "let a = 1; for (let i = 0; i < 24000; i++) a = [a]; JSON.stringify(a)" },
        { "depth by a callback", "Array(100000).fill(0).reduce(a => [a], 1)" },
        { "depth by a built-in function", "Array(100000).fill(0).reduce(Array.of)" },
        { "depth turned into text", "let a = 1; for (let i = 0; i < 20000; i++) a = [a]; ('' + a).nothing.more" },
        { "depth flattened", "let a = 1; for (let i = 0; i < 20000; i++) a = [a]; a.flat(Infinity).nothing.more" },
        { "a chain of prototypes", "let o = {}; for (let i = 0; i < 20000; i++) o = Object.create(o); o.missing.more" },
        { "a chain of bindings", "let f = () => null; for (let i = 0; i < 20000; i++) f = f.bind(null); f().more" },
        { "a result that never ends", "const d = () => ({ get a() { return d() } }); d()" },
        { "a deep result", "let a = 1; for (let i = 0; i < 20000; i++) a = [a]; a" },
        { "compiled text", "new Function('while (true) {}')()" },
        { "the host's types", "System.IO.File.ReadAllText('/etc/hostname')" },
        { "reflection", "TimeSpan.Zero.GetType().Assembly.Location.length.toString() + DateTime.Zero" },
    };

    [Theory]
    [MemberData(nameof(Scripts))]
    public void A_script_ends_in_a_fault(string what, string script) => Ends(what, "js:" + script);

    public static TheoryData<string, string> Templates => new()
    {
        { "nested loops", "{% for a in (1..1000) %}{% for b in (1..1000) %}{% for c in (1..1000) %}x{% endfor %}{% endfor %}{% endfor %}" },
        { "a long range", "{% for a in (1..2000000000) %}x{% endfor %}" },
        { "a long range that is not walked", "{% assign a = (1..2000000000) %}{{ a.size }}{{ a | join: ',' }}" },
        { "memory by doubling", "{% assign s = 'xxxxxxxxxxxxxxxx' %}{% for i in (1..60) %}{% assign s = s | append: s %}{% endfor %}{{ s }}" },
        { "memory by capture", "{% assign s = 'xxxxxxxxxxxxxxxx' %}{% for i in (1..60) %}{% capture s %}{{ s }}{{ s }}{% endcapture %}{% endfor %}" },
        { "memory by replacing", "{% assign s = 'xxxxxxxxxxxxxxxx' %}{% for i in (1..60) %}{% assign s = s | replace: 'x', 'xxxxxxxx' %}{% endfor %}" },
        { "a long output", "{% assign s = 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' %}{% for i in (1..90000) %}{{ s }}{{ s }}{{ s }}{{ s }}{% endfor %}" },
        { "time by searching a long text", "{% assign s = 'xxxxxxxxxxxxxxxx' %}{% for i in (1..14) %}{% assign s = s | append: s %}{% endfor %}{% for i in (1..30000) %}{% if " + string.Concat(Enumerable.Repeat("s contains 'xxxxxxxxyxxxxxxxx' or ", 30)) + "false %}{% endif %}{% endfor %}" },
        { "deep conditions", string.Concat(Enumerable.Repeat("{% if true %}", 20_000)) + "x" + string.Concat(Enumerable.Repeat("{% endif %}", 20_000)) },
        { "deep parentheses", "{{ " + new string('(', 20_000) + "1" + new string(')', 20_000) + " }}" },
        { "text that does not parse", "{{ a | }}" },
    };

    [Theory]
    [MemberData(nameof(Templates))]
    public void A_template_ends_in_a_fault(string what, string template) => Ends(what, "liquid:" + template);

    [Fact]
    public void A_deep_document_template_or_form_expression_does_not_end_the_process()
    {
        var conditions = string.Concat(Enumerable.Repeat("{% if true %}", 10_000)) + "<p>x</p>" + string.Concat(Enumerable.Repeat("{% endif %}", 10_000));
        Assert.Throws<DocumentTemplateException>(() => DocumentRenderer.Check(conditions));
        Assert.Null(Record.Exception(() => DocumentRenderer.Check("<p>{{ " + new string('(', 5_000) + "1" + new string(')', 5_000) + " }}</p>")) as StackOverflowException);
        using var script = new FormScript(() => [], new Dictionary<string, System.Text.Json.Nodes.JsonNode?>(), new DateOnly(2026, 2, 11));
        Assert.Throws<FormScriptException>(() => script.Evaluate("[...Array(5000)].reduce(a => [a], 1).toString().nothing.more"));
    }

    [Theory]
    [InlineData("js:const a = []; for (let i = 0; i < 5000; i++) a.push(i * 2); a.reduce((x, y) => x + y, 0)", "24995000")]
    [InlineData("js:'宋'.repeat(3) + 'x'.padStart(3, '0') + 'y'.padEnd(2, '.')", "宋宋宋00xy.")]
    [InlineData("js:/^\\d{17}[\\dX]$/.test('341299195804190019')", "True")]
    [InlineData("liquid:{% for a in (1..500) %}{% if a == 500 %}{{ a }}{% endif %}{% endfor %}{% assign s = 'ab' | append: 'cd' | replace: 'b', 'x' %}{{ s }}", "500axcd")]
    public void What_is_sensible_stays_within_the_bounds(string text, string line) =>
        Assert.Equal([line], new Instance(new Flow().Add("Elsa.WriteLine", "w", ("text", text))).Last.Lines);

    private static void Ends(string what, string text)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var flow = new Flow().Add("Elsa.WriteLine", "w", ("text", text));
        DefinitionCheck.Run(flow.ToString());
        var result = new Instance(flow).Last;
        Assert.True(result.Status == InstanceStatus.Faulted, $"{what}: {result.Status}, {string.Concat(result.Lines).Length} characters");
        Assert.True(GC.GetTotalAllocatedBytes(precise: true) - before < 600_000_000, $"{what} took {(GC.GetTotalAllocatedBytes(precise: true) - before) / 1_000_000} MB");
    }
}
