using System.Globalization;
using System.Text;

namespace CivilAffairs.Web.Features.Cases.Print;

/// <summary>Templates of what the product itself prints, part of the assembly: no matter changes how a case file looks.</summary>
internal static class PrintTemplates
{
    /// <summary>Papers are Chinese, whatever the reader chose.</summary>
    public static CultureInfo Chinese { get; } = CultureInfo.GetCultureInfo("zh-CN");

    public static string Form { get; } = Read("form.html");
    public static string Cover { get; } = Read("cover.html");

    /// <summary>A title and a table.</summary>
    public static string Table { get; } = Read("table.html");

    /// <summary>Puts words together in Chinese; the reader's language is as before afterwards.</summary>
    public static T InChinese<T>(Func<T> words)
    {
        var (culture, ui) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        try
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (Chinese, Chinese);
            return words();
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, ui);
        }
    }

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(PrintTemplates).Assembly.GetManifestResourceStream("prints/" + name)!, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
