using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace CivilAffairs.Web.Features.Matters;

/// <summary>Reads one JSON file of a matter, and says where it is wrong instead of throwing.</summary>
public static class MatterJson
{
    /// <summary>Duplicate properties are refused: the reader would silently take the last.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        PropertyNameCaseInsensitive = false,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    /// <returns>Null where the file cannot be read; then <paramref name="faults"/> says why.</returns>
    public static T? Read<T>(string file, string json, List<MatterFault> faults) where T : MatterPart
    {
        ArgumentNullException.ThrowIfNull(faults);
        try
        {
            var part = JsonSerializer.Deserialize<T>(json, Options);
            if (part is null) faults.Add(new MatterFault(file, "$", MatterMessages.Text("file.empty")));
            // A hole in a list would be met everywhere: such a file counts as unread.
            else if (!NoteUnknown(file, "$", part, faults)) return null;
            return part;
        }
        catch (JsonException e)
        {
            faults.Add(new MatterFault(file, e.Path ?? "$", MatterMessages.Text("file.wrong", (e.LineNumber ?? 0) + 1, e.Message)));
            return null;
        }
    }

    /// <returns>False: a list of parts has a hole, which is noted as an error.</returns>
    private static bool NoteUnknown(string file, string path, MatterPart part, List<MatterFault> faults)
    {
        var whole = true;
        foreach (var name in part.Unknown?.Keys.Where(n => n != "$schema") ?? [])
            faults.Add(new MatterFault(file, $"{path}.{name}", MatterMessages.Text("file.unknownProperty", name), IsError: false));
        foreach (var property in part.GetType().GetProperties().Where(p => p.CanRead && p.GetIndexParameters().Length == 0 && p.Name != nameof(MatterPart.Unknown)))
        {
            var name = JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            switch (property.GetValue(part))
            {
                case MatterPart child:
                    whole &= NoteUnknown(file, $"{path}.{name}", child, faults);
                    break;
                case JsonNode or JsonElement or string:
                    break;
                case IDictionary map:
                    foreach (DictionaryEntry entry in map)
                        if (entry.Value is MatterPart value) whole &= NoteUnknown(file, $"{path}.{name}.{entry.Key}", value, faults);
                    break;
                case IEnumerable<MatterPart> list:
                    foreach (var (item, i) in list.Select((item, i) => ((MatterPart?)item, i)))
                        if (item is not null) whole &= NoteUnknown(file, $"{path}.{name}[{i}]", item, faults);
                        else
                        {
                            faults.Add(new MatterFault(file, $"{path}.{name}[{i}]", MatterMessages.Text("file.nullItem")));
                            whole = false;
                        }
                    break;
            }
        }
        return whole;
    }
}
