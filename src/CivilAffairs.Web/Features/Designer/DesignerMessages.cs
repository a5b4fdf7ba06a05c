using System.Globalization;
using System.Resources;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Matters;

namespace CivilAffairs.Web.Features.Designer;

/// <summary>Sentences about drafts, archives and changes, in both languages at once.</summary>
public static class DesignerMessages
{
    private static readonly ResourceManager Catalogue = new(typeof(DesignerMessages));
    private static readonly CultureInfo Chinese = CultureInfo.GetCultureInfo("zh-CN");
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en");

    /// <summary>The sentence under <paramref name="key"/>, arguments filled in; an argument may be <see cref="Words"/> or a <see cref="LocalText"/>.</summary>
    /// <exception cref="InvalidOperationException">The catalogue has no such key: a programming error.</exception>
    public static LocalText Text(string key, params object?[] arguments) => new(Format(key, Chinese, arguments), Format(key, English, arguments));

    private static string Format(string key, CultureInfo culture, object?[] arguments)
    {
        var format = Catalogue.GetString(key, culture) ?? throw new InvalidOperationException($"No message {key}.");
        return string.Format(culture, format, [.. arguments.Select(a => a switch
        {
            Words words => words.In(culture.TwoLetterISOLanguageName),
            LocalText text => culture == English ? text.En : text.Zh,
            _ => a,
        })]);
    }
}
