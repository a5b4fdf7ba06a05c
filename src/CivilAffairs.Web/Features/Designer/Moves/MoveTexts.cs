namespace CivilAffairs.Web.Features.Designer.Moves;

/// <summary>Texts of the pages where running cases are moved to another version.</summary>
public sealed class MoveTexts;
