using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CivilAffairs.Tests.Support;
using Xunit;

namespace CivilAffairs.Tests.Architecture;

/// <summary>What holds for the tree as a whole. Each guard is shown to be able to fail.</summary>
public sealed partial class TreeTests
{
    [Fact]
    public void Every_Chinese_text_has_its_English_twin_with_the_same_placeholders() =>
        Assert.Empty(Resources().SelectMany(file => Differences(Read(file), Read(file.Replace(".resx", ".en.resx", StringComparison.Ordinal)))));

    [Theory]
    [InlineData("A", "张三 {0}", "A", "somebody")]
    [InlineData("A", "张三", "B", "Zhang")]
    public void The_guard_sees_texts_that_differ(string key, string zh, string otherKey, string en) =>
        Assert.NotEmpty(Differences(new() { [key] = zh }, new() { [otherKey] = en }));

    [Fact]
    public void No_English_text_is_left_in_Chinese() =>
        Assert.Empty(Resources().SelectMany(file => Untranslated(Read(file.Replace(".resx", ".en.resx", StringComparison.Ordinal)))));

    [Fact]
    public void The_guard_sees_Chinese_among_English_but_for_the_name_of_the_language() =>
        Assert.Equal("B", Assert.Single(Untranslated(new() { ["A"] = "To do", ["B"] = "{0} 待办", ["OtherLanguage"] = "中文" })));

    /// <summary>Else people read the code: MF 15.</summary>
    [Fact]
    public void Every_law_that_a_matter_names_has_a_name_in_both_languages()
    {
        var named = Directory.EnumerateFiles(Repository.Path("workflows"), "*.json", SearchOption.AllDirectories).SelectMany(f => Laws(JsonNode.Parse(File.ReadAllText(f)))).ToHashSet();
        Assert.Superset(new HashSet<string> { "DB", "MF", "XK" }, named);
        var texts = Repository.Path("src", "CivilAffairs.Web", "Features", "Cases", "Words", "LimitTexts");
        Assert.Empty(named.Select(code => $"law.{code}").Except(Read($"{texts}.resx").Keys));
        Assert.Empty(named.Select(code => $"law.{code}").Except(Read($"{texts}.en.resx").Keys));
    }

    [Theory]
    [InlineData("""{"source": "L, ST 18, 19；QQ 15：local words"}""", "QQ ST")]
    [InlineData("""{"a": [{"source": {"typeName": "String", "expression": {"type": "Literal", "value": "S QQ2 4"}}}]}""", "QQ2")]
    public void The_guard_sees_the_laws_of_a_matter(string json, string laws) => Assert.Equal(laws, string.Join(' ', Laws(JsonNode.Parse(json)).Order()));

    [Fact]
    public void The_top_level_holds_only_what_was_agreed()
    {
        string[] agreed = [".ci", ".dockerignore", ".editorconfig", ".env", ".git", ".gitattributes", ".gitignore", "CivilAffairs.sln", "Directory.Build.props", "Directory.Packages.props",
            "Dockerfile", "LICENSE", "README.md", "README.zh-CN.md", "artifacts", "data", "docker-compose.yml", "docs", "global.json", "src", "tests", "workflows"];
        Assert.Empty(Directory.EnumerateFileSystemEntries(Repository.Root).Select(Path.GetFileName).Except(agreed));
    }

    [Fact]
    public void Lock_files_name_no_download_address() =>
        Assert.All(Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "package-lock.json", SearchOption.AllDirectories)
            .Where(f => !f.Contains("node_modules", StringComparison.Ordinal)), f => Assert.False(NamesAddress(File.ReadAllText(f)), f));

    [Fact]
    public void The_guard_sees_a_download_address() => Assert.True(NamesAddress("""{"resolved": "https://packages.example/x.tgz"}"""));

    private static bool NamesAddress(string lockFile) => Address().IsMatch(lockFile);

    private static IEnumerable<string> Resources() =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.resx", SearchOption.AllDirectories)
            .Where(f => !f.EndsWith(".en.resx", StringComparison.Ordinal) && !f.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private static Dictionary<string, string> Read(string file) => !File.Exists(file) ? []
        : XDocument.Load(file).Root!.Elements("data").ToDictionary(d => (string)d.Attribute("name")!, d => (string?)d.Element("value") ?? "");

    private static IEnumerable<string> Differences(Dictionary<string, string> zh, Dictionary<string, string> en)
    {
        foreach (var key in zh.Keys.Union(en.Keys))
            if (!zh.TryGetValue(key, out var chinese) || !en.TryGetValue(key, out var english)) yield return $"{key} is missing in one language";
            else if (!Places(chinese).SetEquals(Places(english))) yield return $"{key}: the placeholders differ";
    }

    private static IEnumerable<string> Untranslated(Dictionary<string, string> en) => en.Where(t => t.Key != "OtherLanguage" && Chinese().IsMatch(t.Value)).Select(t => t.Key);

    private static IEnumerable<string> Laws(JsonNode? node) => node switch
    {
        JsonObject parts => parts.SelectMany(p => p.Key == "source" ? Codes(p.Value as JsonValue ?? p.Value?["expression"]?["value"]) : Laws(p.Value)),
        JsonArray items => items.SelectMany(Laws),
        _ => [],
    };

    // S and L mark what is statutory and what is local; what a colon adds are words.
    private static IEnumerable<string> Codes(JsonNode? source) => source is JsonValue value && value.TryGetValue<string>(out var text)
        ? text.Split('：')[0].Split([',', '；', ' ']).Where(part => Law().IsMatch(part)) : [];

    private static HashSet<string> Places(string text) => [.. Placeholder().Matches(text).Select(m => m.Value)];

    [GeneratedRegex(@"\{\w+")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}")]
    private static partial Regex Chinese();

    [GeneratedRegex(@"^[A-Z]{2,4}\d?$")]
    private static partial Regex Law();

    [GeneratedRegex("\"resolved\"\\s*:\\s*\"https?:")]
    private static partial Regex Address();
}
