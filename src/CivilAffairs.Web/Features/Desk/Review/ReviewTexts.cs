namespace CivilAffairs.Web.Features.Desk.Review;

/// <summary>Texts of decisions and of the reopening of cases on the desk; English in <c>ReviewTexts.en.resx</c>.</summary>
public sealed class ReviewTexts;
