using System.Globalization;
using System.Text.Json.Nodes;
using CivilAffairs.Web.Platform.Documents;
using Xunit;

namespace CivilAffairs.Tests.Platform.Documents;

public sealed class TemplateErrorTests
{
    [Theory]
    [InlineData("{% assign a = (1..2000000000) %}{{ a.size }}")]
    [InlineData("{% for a in (1..2000000000) %}x{% endfor %}")]
    public void A_range_is_refused_before_its_numbers_are_made(string liquid) =>
        Assert.Equal("TooManySteps", Assert.Throws<DocumentTemplateException>(() =>
            Samples.Renderer.Render($"<p>{liquid}</p>", new System.Text.Json.Nodes.JsonObject(), System.Globalization.CultureInfo.GetCultureInfo("zh-CN"))).Key);

    [Theory]
    [InlineData("<p>一</p>\n<p>二</p>\n<blink>三</blink>", "UnknownElement", 3)]
    [InlineData("<p>一</p>\n{% if false %}\n<script>x</script>\n{% endif %}", "UnknownElement", 3)]
    [InlineData("<p>一</p>\n<div class=\"hero\">二</div>", "UnknownClass", 2)]
    [InlineData("<p>一</p>\n<p onclick=\"x\">二</p>", "UnknownAttribute", 2)]
    [InlineData("<ul>\n<p>二</p></ul>", "Misplaced", 2)]
    [InlineData("<p>一</p>\n\n{% if x %}<p>二</p>", "Liquid", null)]
    [InlineData("<p>一</p>\n<p>{{ absent }}</p>", "UnknownName", 2)]
    [InlineData("<p>一</p>\n<p>{{ person.absent }}</p>", "UnknownName", 2)]
    [InlineData("<p>一</p>\n<p>{{ absent | zh_date }}</p>", "UnknownName", 2)]
    [InlineData("<p>一</p>\n<p>{{ name | zh_date }}</p>", "BadFilterInput", 2)]
    [InlineData("<p>一</p>\n<p>{{ name | raw }}</p>", "UnknownFilter", 2)]
    [InlineData("<p>一</p>\n<p>{{ name | shout }}</p>", "UnknownFilter", 2)]
    [InlineData("<p>一</p>\n<table><tbody><tr><td><p>二</p></td></tr></tbody></table>", "Misplaced", 2)]
    [InlineData("<p>一</p>\n<p><strong>二</p>", "Markup", 2)]
    public void A_fault_names_its_line(string template, string key, int? line)
    {
        var fault = Assert.Throws<DocumentTemplateException>(() => Samples.Lay(template, """{"name":"李","person":{"age":1}}"""));
        Assert.Equal(key, fault.Key);
        if (line is not null) Assert.Equal(line, fault.Line);
        Assert.NotNull(fault.Line);
        Assert.Contains(fault.Line.Value.ToString(CultureInfo.InvariantCulture), fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_absent_name_may_be_asked_about()
    {
        var text = Text.Of(Samples.Lay("<p>{% if absent %}有{% else %}没有{% endif %}{{ absent | default: '无' }}{% if name == absent %}等{% endif %}</p>", """{"name":"李"}"""));
        Assert.StartsWith("没有无", text, StringComparison.Ordinal);
        Assert.DoesNotContain("等", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_message_holds_no_value_of_the_data()
    {
        var fault = Assert.Throws<DocumentTemplateException>(() => Samples.Lay("<p>{{ id | zh_date }}</p>", """{"id":"341299199001010011"}"""));
        Assert.DoesNotContain("341299", fault.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{% for i in (1..100000) %}{% for j in (1..100000) %}{% endfor %}{% endfor %}")]
    [InlineData("{% for i in (1..100000) %}<p>字字字字字字字字</p>{% endfor %}")]
    [InlineData("{% assign s = 'xxxxxxxxxx' %}{% for i in (1..60) %}{% assign s = s | append: s %}{% endfor %}")]
    [InlineData("{% assign s = 'xxxxxxxxxx' %}{% for i in (1..60) %}{% capture s %}{{ s }}{{ s }}{% endcapture %}{% endfor %}")]
    [InlineData("{% assign s = 'xxxxxxxxxx' %}{% for i in (1..9) %}{% assign s = s | replace: 'x', s %}{% endfor %}")]
    [InlineData("<table><tbody>{% for i in (1..3000) %}<tr><td>a</td></tr>{% endfor %}</tbody></table>")]
    [InlineData("{% for i in (1..3000) %}<p>字</p>{% endfor %}")]
    public void A_runaway_template_is_stopped(string template)
    {
        var fault = Assert.Throws<DocumentTemplateException>(() => Samples.Lay(template));
        Assert.True(fault.Key is "TooManySteps" or "TooLong" or "TooManyRows" or "TooManyPages", fault.Message);
    }

    [Fact]
    public void Time_is_limited_within_a_loop()
    {
        // The clock goes on by a second each time it is asked: a hundred turns take more than five seconds and less than five minutes.
        const string Template = "{% for i in (1..10) %}{% for j in (1..10) %}{% endfor %}{% endfor %}好";
        string Render(TimeSpan time) => new TemplateText(DocumentLimits.Default with { Time = time }, new AskedClock()).Render(Template, null, CultureInfo.InvariantCulture);
        Assert.Contains("5", Assert.Throws<SlowRenderingException>(() => Render(TimeSpan.FromSeconds(5))).Message, StringComparison.Ordinal);
        Assert.Equal("好", Render(TimeSpan.FromMinutes(5)));
    }

    private sealed class AskedClock : TimeProvider
    {
        private long asked;
        public override long GetTimestamp() => ++asked * TimestampFrequency;
    }

    [Fact]
    public void Time_is_limited()
    {
        var renderer = Samples.Make(DocumentLimits.Default with { Time = TimeSpan.Zero });
        Assert.Throws<SlowRenderingException>(() => renderer.Render("<p>一</p>", new JsonObject(), Samples.Chinese));
        // Whoever has time is given more.
        Assert.Equal(1, renderer.Render("<p>一</p>", new JsonObject(), Samples.Chinese, unhurried: true).PageCount);
    }

    [Fact]
    public void The_sentence_is_in_the_reader_s_language()
    {
        var before = CultureInfo.CurrentUICulture;
        try
        {
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
            Assert.Equal("Template line 1: Document templates do not know the element <blink>.", Assert.Throws<DocumentTemplateException>(() => DocumentRenderer.Check("<blink></blink>")).Message);
            CultureInfo.CurrentUICulture = Samples.Chinese;
            Assert.Equal("模板第 1 行：文书模板不支持元素 <blink>。", Assert.Throws<DocumentTemplateException>(() => DocumentRenderer.Check("<blink></blink>")).Message);
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }
}
