using System.Globalization;
using System.Resources;
using CivilAffairs.Engine.Port;

namespace CivilAffairs.Web.Features.Matters;

/// <summary>The sentences about forms and matters, in both languages at once: a case stores them for either reader.</summary>
public static class MatterMessages
{
    private static readonly ResourceManager Catalogue = new(typeof(MatterMessages));
    private static readonly CultureInfo Chinese = CultureInfo.GetCultureInfo("zh-CN");
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en");

    /// <summary>The sentence under <paramref name="key"/>, arguments filled in; an argument may be <see cref="Words"/>.</summary>
    /// <exception cref="InvalidOperationException">The catalogue has no such key: a programming error.</exception>
    public static LocalText Text(string key, params object?[] arguments) =>
        new(Format(key, Chinese, arguments), Format(key, English, arguments));

    private static string Format(string key, CultureInfo culture, object?[] arguments)
    {
        var format = Catalogue.GetString(key, culture) ?? throw new InvalidOperationException($"No message {key}.");
        var texts = arguments.Select(a => a switch
        {
            Words words => words.In(culture.TwoLetterISOLanguageName),
            LocalText text => culture == English ? text.En : text.Zh,
            _ => a,
        });
        return string.Format(culture, format, [.. texts]);
    }
}
