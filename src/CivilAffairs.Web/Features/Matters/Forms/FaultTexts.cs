using CivilAffairs.Web.Platform.Pages;

namespace CivilAffairs.Web.Features.Matters.Forms;

/// <summary>A fault's sentence where it is shown.</summary>
public static class FaultTexts
{
    /// <summary>In the reader's language, beside the row itself: there the sentence need not name the row.</summary>
    public static string OnItsRow(this FieldFault fault, FormSection section, int row)
    {
        ArgumentNullException.ThrowIfNull(fault);
        ArgumentNullException.ThrowIfNull(section);
        var text = Languages.IsEnglish ? fault.En : fault.Zh;
        if (section.Repeat is not { } repeat) return text;
        var place = MatterMessages.Text("row", repeat.ItemTitle, row + 1, "");
        var prefix = Languages.IsEnglish ? place.En : place.Zh;
        return text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : text;
    }
}
