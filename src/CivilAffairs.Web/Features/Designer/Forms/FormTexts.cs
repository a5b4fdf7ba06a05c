using System.Globalization;
using System.Resources;
using CivilAffairs.Engine.Port;

namespace CivilAffairs.Web.Features.Designer.Forms;

/// <summary>Texts of the editors of forms, people and deadlines; FormTexts.resx is Chinese, FormTexts.en.resx English.</summary>
public sealed class FormTexts
{
    private static readonly ResourceManager Catalogue = new(typeof(FormTexts));
    private static readonly CultureInfo Chinese = CultureInfo.GetCultureInfo("zh-CN");
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en");

    /// <summary>In both languages at once; an argument may be a <see cref="LocalText"/>.</summary>
    /// <exception cref="InvalidOperationException">There is no such key: a programming error.</exception>
    public static LocalText Text(string key, params object?[] arguments) => new(Format(key, Chinese, arguments), Format(key, English, arguments));

    private static string Format(string key, CultureInfo culture, object?[] arguments) => string.Format(culture, Catalogue.GetString(key, culture) ?? throw new InvalidOperationException($"No text {key}."),
        [.. arguments.Select(a => a is LocalText text ? (culture == English ? text.En : text.Zh) : a)]);
}
