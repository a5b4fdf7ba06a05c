namespace CivilAffairs.Web.Features.PublicBoard;

/// <summary>Texts of the public notice board.</summary>
public sealed class BoardTexts;
