using System.Text.Json;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Pages;
using Microsoft.Extensions.Localization;

namespace CivilAffairs.Web.Features.Cases.Words;

/// <summary>A parameter's value in words.</summary>
public sealed class ParameterDisplay(CaseWords words, IStringLocalizer<SharedTexts> shared)
{
    public string Show(MatterParameter parameter, JsonElement value)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return parameter.Type switch
        {
            "fen" when value.TryGetInt64(out var fen) => Display.Money(fen),
            "percent" => value + "%",
            "boolean" => shared[value.ValueKind == JsonValueKind.True ? "Yes" : "No"],
            "limit" => words.Span(value.GetString()),
            "code" => words.Choice(value.ToString()),
            _ => value.ToString(),
        };
    }
}
