using CivilAffairs.Engine.Port;

namespace CivilAffairs.Web.Features.Designer.Changes;

/// <summary>One difference between two versions of a matter, as a manager would say it.</summary>
/// <param name="File">Path inside the folder.</param>
/// <param name="Kind">For marks beside the sentence.</param>
/// <param name="Text">A whole sentence, in both languages.</param>
/// <param name="Lines">Of texts: what went (<c>- …</c>) and came (<c>+ …</c>), the first few; else empty.</param>
public sealed record MatterChange(string File, ChangeKind Kind, LocalText Text, IReadOnlyList<string> Lines)
{
    internal MatterChange(string file, ChangeKind kind, LocalText text) : this(file, kind, text, []) { }
}

public enum ChangeKind
{
    Added,
    Removed,
    Changed,
}
