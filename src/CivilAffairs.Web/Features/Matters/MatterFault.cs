using CivilAffairs.Engine.Port;

namespace CivilAffairs.Web.Features.Matters;

/// <summary>Something wrong, or not understood, in a matter's folder.</summary>
/// <param name="File">Path inside the folder, with slashes.</param>
/// <param name="Path">JSON path, <c>$.sections[0].id</c>; <c>$</c> for the file as a whole.</param>
/// <param name="Text">A sentence that a manager understands.</param>
/// <param name="IsError">False for a note: the matter can be published all the same.</param>
public sealed record MatterFault(string File, string Path, LocalText Text, bool IsError = true)
{
    public override string ToString() => $"{File} {Path}: {Text.Zh}";
}
