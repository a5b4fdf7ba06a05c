using System.Globalization;
using System.Resources;

namespace CivilAffairs.Web.Features.Tools;

/// <summary>Sentences of the public tools. Those of numbers go by the keys of <see cref="Engine.Rules.RuleFault"/>.</summary>
public sealed class ToolTexts
{
    private static readonly ResourceManager Catalogue = new(typeof(ToolTexts));

    private ToolTexts() { }

    /// <summary>In the language of the request.</summary>
    internal static string Here(string key, params object?[] arguments) => Say(key, CultureInfo.CurrentUICulture, arguments);

    /// <summary>Whether there is such a text: not every question needs a hint.</summary>
    internal static bool Has(string key) => Catalogue.GetString(key, CultureInfo.InvariantCulture) is not null;

    internal static string In(string key, string language, params object?[] arguments) => Say(key, CultureInfo.GetCultureInfo(language), arguments);

    private static string Say(string key, CultureInfo culture, object?[] arguments) =>
        string.Format(culture, Catalogue.GetString(key, culture) ?? throw new InvalidOperationException($"No text {key}."), arguments);
}
