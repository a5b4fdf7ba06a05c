using System.Globalization;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Platform.Documents;

namespace CivilAffairs.Web.Features.Matters;

/// <summary>The templates of a matter: listed and there, of a known kind, and each one readable by the renderer.</summary>
internal static class TemplateFaults
{
    private const string Mail = "mail";

    /// <summary>What <c>matter.json</c> may say of a template.</summary>
    internal static readonly string[] Kinds = ["document", "notice", Mail];
    private static readonly CultureInfo Chinese = CultureInfo.GetCultureInfo("zh-CN");
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en");

    public static void Check(MatterRevision revision, List<MatterFault> faults)
    {
        var file = new Reporter("matter.json", faults);
        var known = new HashSet<string>();
        foreach (var (template, i) in revision.Matter.Templates.Select((t, i) => (t, i)))
        {
            if (!Kinds.Contains(template.Kind)) file.Error($"$.templates[{i}].kind", "word.unknown", template.Kind, string.Join(", ", Kinds));
            // A mail may bring its English twin, which is not listed: it is the same letter.
            foreach (var name in template.Kind == Mail ? new[] { template.File, MailTemplate.EnglishOf(template.File) } : [template.File])
            {
                known.Add(name);
                if (revision.Templates.TryGetValue(name, out var text)) Content(template.Kind, text, new Reporter($"templates/{name}", faults));
                else if (name == template.File) file.Error($"$.templates[{i}].file", "file.missing", $"templates/{name}");
            }
        }
        foreach (var extra in revision.Templates.Keys.Where(t => !known.Contains(t)).Order(StringComparer.Ordinal))
            file.Error("$.templates", "template.notListed", extra);
    }

    private static void Content(string kind, string text, Reporter report)
    {
        try
        {
            if (kind != Mail) DocumentRenderer.Check(text);
            else if (MailTemplate.Read(text) is null) report.Error("$", "mail.shape");
        }
        catch (DocumentTemplateException fault)
        {
            report.Error("$", new LocalText(fault.In(Chinese), fault.In(English)));
        }
    }
}
