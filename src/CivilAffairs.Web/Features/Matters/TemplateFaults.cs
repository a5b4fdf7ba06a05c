using System.Globalization;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Platform.Documents;

namespace CivilAffairs.Web.Features.Matters;

/// <summary>The templates of a matter: listed and there, of a known kind, and each one readable by the renderer.</summary>
internal static class TemplateFaults
{
    /// <summary>What <c>matter.json</c> may say of a template.</summary>
    private static readonly string[] Kinds = ["document", "notice", "mail"];
    private static readonly CultureInfo Chinese = CultureInfo.GetCultureInfo("zh-CN");
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en");

    public static void Check(MatterRevision revision, List<MatterFault> faults)
    {
        var file = new Reporter("matter.json", faults);
        foreach (var (template, i) in revision.Matter.Templates.Select((t, i) => (t, i)))
        {
            if (!Kinds.Contains(template.Kind)) file.Error($"$.templates[{i}].kind", "word.unknown", template.Kind, string.Join(", ", Kinds));
            if (!revision.Templates.TryGetValue(template.File, out var text)) file.Error($"$.templates[{i}].file", "file.missing", $"templates/{template.File}");
            else Content(template, text, new Reporter($"templates/{template.File}", faults));
        }
        var listed = revision.Matter.Templates.Select(t => t.File).ToHashSet();
        foreach (var extra in revision.Templates.Keys.Where(t => !listed.Contains(t)).Order(StringComparer.Ordinal))
            file.Error("$.templates", "template.notListed", extra);
    }

    private static void Content(MatterTemplate template, string text, Reporter report)
    {
        try
        {
            if (template.Kind != "mail") DocumentRenderer.Check(text);
            else if (MailTemplate.Read(text) is { } mail) mail.Check();
            else report.Error("$", "mail.shape");
        }
        catch (DocumentTemplateException fault)
        {
            report.Error("$", new LocalText(fault.In(Chinese), fault.In(English)));
        }
    }
}
