using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;

namespace CivilAffairs.Web.Features.Designer.Drafts;

/// <summary>What keeps a draft from being taken or published, by field or file.</summary>
internal static class DraftFaults
{
    /// <summary>So many are listed; who has more corrects these first.</summary>
    public const int Most = 100;

    /// <param name="path">The form's field, or the file's path.</param>
    public static FieldFault Of(string path, string key, params object?[] values)
    {
        var text = DesignerMessages.Text(key, values);
        return new FieldFault(path, text.Zh, text.En);
    }

    /// <summary>The check's errors, each by its file and the place in it: <c>form.json $.sections[0].id</c>.</summary>
    public static IReadOnlyList<FieldFault> Errors(LoadedMatter loaded)
    {
        var errors = loaded.Faults.Where(f => f.IsError).Select(f => new FieldFault($"{f.File} {f.Path}", f.Text.Zh, f.Text.En)).ToList();
        return errors.Count <= Most ? errors : [.. errors.Take(Most), Of("files", "more", errors.Count - Most)];
    }
}
