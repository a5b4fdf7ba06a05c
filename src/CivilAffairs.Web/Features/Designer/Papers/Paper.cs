using CivilAffairs.Web.Features.Matters;

namespace CivilAffairs.Web.Features.Designer.Papers;

/// <summary>A template of a matter as the designer lists it.</summary>
/// <param name="File">Name in <c>templates/</c>.</param>
/// <param name="Kind"><c>document</c>, <c>notice</c> or <c>mail</c>.</param>
/// <param name="Optional">A letter that its reader may end.</param>
/// <param name="Text">As it is stored; null: it is listed and its file is missing.</param>
/// <param name="English">Of a letter's English twin; null: it has none.</param>
/// <param name="Uses">Where the matter names it.</param>
/// <param name="Faults">What the check finds in it; empty also where the check was not asked.</param>
internal sealed record Paper(string File, string Kind, Words Name, bool Optional, string? Text, string? English, IReadOnlyList<PaperUse> Uses, IReadOnlyList<MatterFault> Faults)
{
    public const string Mail = "mail", Document = "document", Notice = "notice";

    /// <summary>What <c>matter.json</c> may say of a template, in the order in which people look for them.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [Document, Notice, Mail];

    public static string PathOf(string file) => $"templates/{file}";

    /// <summary>The letter in English: <c>templates/granted.en.mail</c>.</summary>
    public static string EnglishPathOf(string file) => PathOf(MailTemplate.EnglishOf(file));

    /// <summary>Those that the matter lists, in its order; none where its <c>matter.json</c> cannot be read.</summary>
    /// <param name="findings">Of the check of these files.</param>
    public static IReadOnlyList<Paper> Of(OpenMatter matter, IReadOnlyList<MatterFault> findings)
    {
        if (matter.Revision is not { } revision) return [];
        var uses = PaperUses.Of(matter.Files, revision.Matter.Templates.Select(t => t.File));
        var byFile = findings.ToLookup(f => f.File);
        return [.. revision.Matter.Templates.Select((t, i) => new Paper(t.File, t.Kind, t.Name, t.Optional, matter.Files.GetValueOrDefault(PathOf(t.File)), t.Kind == Mail ? matter.Files.GetValueOrDefault(EnglishPathOf(t.File)) : null,
            [.. uses[t.File]], [.. byFile[PathOf(t.File)], .. t.Kind == Mail ? byFile[EnglishPathOf(t.File)] : [], .. byFile["matter.json"].Where(f => f.Path.StartsWith($"$.templates[{i}]", StringComparison.Ordinal))]))];
    }
}
