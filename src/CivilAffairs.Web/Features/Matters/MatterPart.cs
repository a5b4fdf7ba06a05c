using System.Text.Json;
using System.Text.Json.Serialization;

namespace CivilAffairs.Web.Features.Matters;

/// <summary>A part of a matter's files. What this version does not know is kept, and reported by the check.</summary>
public abstract record MatterPart
{
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; init; }
}

/// <summary>A text in both languages, as managers type it; Chinese is the one that counts.</summary>
public sealed record Words : MatterPart
{
    public required string Zh { get; init; }
    public required string En { get; init; }

    /// <summary>The text for a two-letter UI language; everything but <c>en</c> reads Chinese.</summary>
    public string In(string language) => language == "en" ? En : Zh;
}
