using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace CivilAffairs.Engine.Definitions;

/// <summary>Small reading helpers for JSON that people and editors wrote.</summary>
internal static class Json
{
    /// <summary>Chinese stays readable in stored and printed JSON.</summary>
    internal static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>As System.Text.Json prints values for people in Elsa: Chinese stays, quotes and angle brackets are escaped.</summary>
    internal static readonly JsonSerializerOptions Printed = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    internal static string? Text(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    internal static string Write(JsonNode? node) => node?.ToJsonString(Readable) ?? "null";
}
