using System.Text;

namespace CivilAffairs.Web.Platform.Documents.Markup;

/// <summary>Checks a template as written, without data: its Liquid parses and its markup is within the subset.</summary>
internal static class TemplateCheck
{
    public static void Check(string template)
    {
        TemplateText.Parse(template);
        Subset.Read(WithoutLiquid(template), withLines: true);
    }

    /// <summary>
    /// The template with every Liquid mark blanked, all lines kept: what remains is the author's own markup.
    /// </summary>
    private static string WithoutLiquid(string template)
    {
        var text = new StringBuilder(template.Length);
        for (var at = 0; at < template.Length;)
        {
            if (template[at] != '{' || at + 1 >= template.Length || template[at + 1] is not ('{' or '%')) { text.Append(template[at++]); continue; }
            var value = template[at + 1] == '{';
            var end = template.IndexOf(value ? "}}" : "%}", at + 2, StringComparison.Ordinal);
            end = end < 0 ? template.Length : end + 2;
            text.Append('\n', template.AsSpan(at, end - at).Count('\n'));
            at = end;
        }
        return text.ToString();
    }
}
