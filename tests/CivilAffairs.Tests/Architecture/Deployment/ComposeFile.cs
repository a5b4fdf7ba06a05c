using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace CivilAffairs.Tests.Architecture.Deployment;

/// <summary>What the checks need of a <c>docker-compose.yml</c>, every scalar as text.</summary>
internal sealed partial record ComposeFile(IReadOnlyDictionary<string, ComposeService> Services, IReadOnlyCollection<string> Volumes)
{
    internal static ComposeFile Parse(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        var root = (YamlMappingNode)stream.Documents[0].RootNode;
        return new ComposeFile(
            Map(root, "services").ToDictionary(s => s.Key, s => ComposeService.Read((YamlMappingNode)s.Value)),
            [.. Map(root, "volumes").Select(v => v.Key)]);
    }

    /// <summary>The value as it is when the environment says nothing: <c>${A:-b}</c> is b, <c>${A:?…}</c> stays as <c>${A}</c>.</summary>
    internal static string Resolve(string value) =>
        Reference().Replace(value, m => m.Groups["how"].Value == "-" ? m.Groups["rest"].Value : $"${{{m.Groups["name"].Value}}}");

    /// <summary>The variable that the value wholly consists of and that the environment must set; null for any other value.</summary>
    internal static string? Required(string value) =>
        Reference().Match(value) is { Success: true } m && m.Length == value.Length && m.Groups["how"].Value == "?" ? m.Groups["name"].Value : null;

    internal static IEnumerable<KeyValuePair<string, YamlNode>> Map(YamlMappingNode parent, string key) =>
        parent.Children.TryGetValue(new YamlScalarNode(key), out var node) && node is YamlMappingNode map
            ? map.Children.Select(c => KeyValuePair.Create(((YamlScalarNode)c.Key).Value!, c.Value)) : [];

    [GeneratedRegex(@"\$\{(?<name>\w+)(:(?<how>[-?])(?<rest>[^}]*))?\}")]
    private static partial Regex Reference();
}

/// <summary>One service. Environment values and ports are as written, with their references to the environment.</summary>
internal sealed record ComposeService(
    string? Image, string? Build, IReadOnlyDictionary<string, string> Environment, IReadOnlyList<string> Ports,
    IReadOnlyList<(string Volume, string Target)> Mounts, IReadOnlyDictionary<string, string?> DependsOn, IReadOnlyList<string> Healthcheck)
{
    /// <summary>The value with its defaults put in; null where the service does not set it.</summary>
    internal string? Setting(string key) => Environment.TryGetValue(key, out var value) ? ComposeFile.Resolve(value) : null;

    internal static ComposeService Read(YamlMappingNode node) => new(
        Text(node, "image"), Text(node, "build"),
        ComposeFile.Map(node, "environment").ToDictionary(e => e.Key, e => ((YamlScalarNode)e.Value).Value ?? ""),
        List(node, "ports"),
        [.. List(node, "volumes").Select(v => v.Split(':')).Select(v => (v[0], v[1]))],
        ComposeFile.Map(node, "depends_on").ToDictionary(d => d.Key, d => Text((YamlMappingNode)d.Value, "condition")),
        ComposeFile.Map(node, "healthcheck").Where(h => h.Key == "test").SelectMany(h => (YamlSequenceNode)h.Value).Select(t => ((YamlScalarNode)t).Value!).ToList());

    private static string? Text(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(new YamlScalarNode(key), out var value) ? ((YamlScalarNode)value).Value : null;

    private static IReadOnlyList<string> List(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(new YamlScalarNode(key), out var value) ? [.. ((YamlSequenceNode)value).Select(v => ((YamlScalarNode)v).Value!)] : [];
}
