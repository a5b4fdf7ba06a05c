using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CivilAffairs.Web.Features.Matters;

namespace CivilAffairs.Web.Features.Designer.Drafts;

/// <summary>The files of a matter as one text, as drafts and revisions store them, and the bounds of what a bundle may hold.</summary>
public static partial class MatterBundle
{
    /// <summary>A matter has some two hundred files at most; a text of one is far below a megabyte of characters.</summary>
    public const int MostFiles = 1000, LongestFile = 1_000_000, LongestBundle = 8_000_000, LongestPath = 160;

    /// <returns>Path → text, in the order of paths.</returns>
    /// <exception cref="JsonException">The text is not a bundle.</exception>
    public static SortedDictionary<string, string> Read(string bundle) =>
        new(JsonSerializer.Deserialize<Dictionary<string, string>>(bundle) ?? throw new JsonException("The bundle is empty."), StringComparer.Ordinal);

    /// <summary>The same bytes for the same files, whoever writes them.</summary>
    public static string Write(IReadOnlyDictionary<string, string> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        return new JsonObject(files.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => KeyValuePair.Create(f.Key, (JsonNode?)JsonValue.Create(f.Value)))).ToJsonString(MatterJson.Options);
    }

    /// <summary>As a folder's file is read: without a byte-order mark, line ends <c>\n</c>. So a text gives the same hash from wherever it comes.</summary>
    public static string Tidy(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.TrimStart('\uFEFF').ReplaceLineEndings("\n");
    }

    /// <summary>Relative, with slashes, without anything that leads elsewhere or that a folder would leave out.</summary>
    public static bool IsPath(string path) => path is { Length: > 0 and <= LongestPath } && Safe().IsMatch(path);

    /// <summary>Text that can be written as UTF-8, without characters that no text file holds.</summary>
    public static bool IsText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.AsSpan().IndexOf('\0') >= 0) return false;
        for (var rest = text.AsSpan(); rest.Length > 0;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var consumed) != System.Buffers.OperationStatus.Done) return false;
            rest = rest[consumed..];
        }
        return true;
    }

    // Each part begins with a letter or digit of any script; no dot at its end, which Windows would lose.
    [GeneratedRegex(@"^(?:[\p{L}\p{Nd}](?:[\p{L}\p{Nd}_. \-（）()]*[\p{L}\p{Nd}_\-（）()])?)(?:/(?:[\p{L}\p{Nd}](?:[\p{L}\p{Nd}_. \-（）()]*[\p{L}\p{Nd}_\-（）()])?)){0,3}\z")]
    private static partial Regex Safe();
}
