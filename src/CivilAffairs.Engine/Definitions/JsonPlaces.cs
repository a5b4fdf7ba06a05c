using System.Text;
using System.Text.Json;
using CivilAffairs.Engine.Port;

namespace CivilAffairs.Engine.Definitions;

/// <summary>
/// On which line the parts of a JSON text stand; and where it is no JSON, in words: what the reader itself says of that is English, and
/// speaks of bytes and of types that nobody who wrote the text knows.
/// </summary>
public sealed class JsonPlaces
{
    private const int Around = 20;

    // Beyond every bound that a reader of ours has: what is too deep is told as such.
    private const int Deepest = 1000;

    private readonly byte[] bytes;
    private readonly Dictionary<string, int> lines = new(StringComparer.Ordinal);
    private int line = 1;
    private long counted;

    private JsonPlaces(string json)
    {
        bytes = Encoding.UTF8.GetBytes(json);
        IsOneLine = !json.TrimEnd().Contains('\n', StringComparison.Ordinal);
    }

    /// <summary>Why it is no JSON; null: it is.</summary>
    public LocalText? Fault { get; private set; }

    /// <summary>The innermost place that was being read when <see cref="Fault"/> was met; <c>$</c>: the whole.</summary>
    public string FaultPath { get; private set; } = "$";

    /// <summary>Written on one line: to name that line would say nothing.</summary>
    public bool IsOneLine { get; }

    /// <param name="lenient">Comments and commas behind the last item are let through, as in definitions.</param>
    /// <param name="deepest">So many levels there may be.</param>
    public static JsonPlaces Read(string json, bool lenient = false, int deepest = 64)
    {
        ArgumentNullException.ThrowIfNull(json);
        var places = new JsonPlaces(json);
        places.Walk(lenient, deepest);
        return places;
    }

    /// <summary>Line of <c>$.sections[0].id</c>, from 1; of what is not there, that of what it would stand in.</summary>
    public int LineOf(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        for (; path.Length > 1; path = path[..Math.Max(1, path.LastIndexOfAny(['.', '[']))])
            if (lines.TryGetValue(path, out var found)) return found;
        return lines.GetValueOrDefault("$", 1);
    }

    private void Walk(bool lenient, int deepest)
    {
        var open = new Stack<Level>();
        try
        {
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = Deepest, AllowTrailingCommas = lenient, CommentHandling = lenient ? JsonCommentHandling.Skip : JsonCommentHandling.Disallow });
            while (reader.Read())
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        var (name, at) = (reader.GetString()!, Line(reader.TokenStartIndex));
                        if (!open.Peek().Named(name) && Fault is null) Wrong(open.Peek().Place, $"第{at}行：“{name}”在同一处写了两次，只能留一个。", $"Line {at}: “{name}” is written twice in one place; keep one of them.");
                        lines.TryAdd(open.Peek().Place, at);
                        break;
                    case JsonTokenType.EndObject or JsonTokenType.EndArray:
                        open.Pop();
                        break;
                    default:
                        var place = open.TryPeek(out var level) ? level.Next() : "$";
                        lines.TryAdd(place, Line(reader.TokenStartIndex));
                        // Read here, so that half of a character is met here and not wherever it is used.
                        if (reader is { TokenType: JsonTokenType.String, ValueIsEscaped: true }) reader.GetString();
                        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) open.Push(new Level(place, reader.TokenType == JsonTokenType.StartArray));
                        if (open.Count > deepest && Fault is null) Wrong(place, $"第{line}行：套得太深，最多{deepest}层。", $"Line {line}: nested too deeply; {deepest} levels at most.");
                        break;
                }
        }
        catch (JsonException e)
        {
            if (Fault is null) NoJson(e, open.TryPeek(out var level) ? level.Place : "$");
        }
        catch (InvalidOperationException)
        {
            // Half of a character pair is JSON and no text.
            if (Fault is null) Wrong(open.TryPeek(out var level) ? level.Place : "$", $"第{line}行：有文字读不出来（“\\ud…”只是半个字符）。", $"Line {line}: a text can't be read (“\\ud…” is half of a character).");
        }
    }

    private void NoJson(JsonException e, string place)
    {
        var (at, from) = ((int)(e.LineNumber ?? 0) + 1, 0);
        for (var passed = 1; passed < at && from < bytes.Length; from++)
            if (bytes[from] == (byte)'\n') passed++;
        var met = Math.Clamp(from + (int)(e.BytePositionInLine ?? 0), 0, bytes.Length);
        var (text, rest) = (Encoding.UTF8.GetString(bytes, from, met - from), Encoding.UTF8.GetString(bytes, met, bytes.Length - met));
        if (bytes.AsSpan().IndexOfAnyExcept(" \t\r\n"u8) < 0)
            Wrong("$", "文件是空的。", "The file is empty.");
        else if (rest.Trim().Length == 0)
            Wrong(place, $"第{at}行：到了末尾还没有写完，缺少右引号、“}}”或者“]”。", $"Line {at}: the text ends before it is complete; a closing quotation mark, “}}” or “]” is missing.");
        else
        {
            var near = Near(text, rest);
            Wrong(place, $"第{at}行第{text.Length + 1}个字符（“{near}”附近）不合 JSON 的写法，请看这里或者前一行是否缺了、多了逗号、冒号、引号或者括号。",
                $"Line {at}, character {text.Length + 1} (near “{near}”): not as JSON is written; see whether a comma, colon, quotation mark or bracket is missing or too many here or on the line before.");
        }
    }

    private void Wrong(string place, string zh, string en) => (FaultPath, Fault) = (place, new LocalText(zh, en));

    private static string Near(string before, string after)
    {
        var (end, start) = (after.IndexOf('\n', StringComparison.Ordinal) is >= 0 and var found ? found : after.Length, before.TrimStart());
        var near = (start.Length > Around ? start[^Around..] : start) + after[..Math.Min(end, Around)];
        // No half of a pair at either end, and nothing that is not seen.
        return new string([.. near.Where(c => !char.IsControl(c) && !char.IsSurrogate(c))]).Trim();
    }

    private int Line(long to)
    {
        for (; counted < to; counted++)
            if (bytes[counted] == (byte)'\n') line++;
        return line;
    }

    /// <summary>An object or a list that is being read.</summary>
    private sealed class Level
    {
        private readonly HashSet<string> names = new(StringComparer.Ordinal);
        private readonly string path;
        private readonly bool isList;
        private int index;

        public Level(string path, bool isList) => (this.path, this.isList, Place) = (path, isList, path);

        public string Place { get; private set; }

        /// <returns>False: the name was there already.</returns>
        public bool Named(string name)
        {
            Place = $"{path}.{name}";
            return names.Add(name);
        }

        public string Next() => isList ? Place = $"{path}[{index++}]" : Place;
    }
}
