using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

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
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
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
        catch (JsonException)
        {
            faults.AddRange(MatterShape.Faults(file, json, typeof(T)));
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
                        // Parameters and inputs of an example may be null; nothing else may.
                        else if (entry.Value is null && property.PropertyType.GetGenericArguments()[^1] != typeof(JsonNode)) Hole($"{path}.{name}.{entry.Key}");
                        else if (entry.Value is IEnumerable<object?> many and not JsonNode) Items(many, $"{path}.{name}.{entry.Key}");
                    break;
                case IEnumerable<object?> list:
                    Items(list, $"{path}.{name}");
                    break;
            }
        }
        return whole;

        void Items(IEnumerable<object?> list, string at)
        {
            foreach (var (item, i) in list.Select((item, i) => (item, i)))
                if (item is null) Hole($"{at}[{i}]");
                else if (item is MatterPart child) whole &= NoteUnknown(file, $"{at}[{i}]", child, faults);
        }

        void Hole(string at)
        {
            faults.Add(new MatterFault(file, at, MatterMessages.Text("file.nullItem")));
            whole = false;
        }
    }
}
