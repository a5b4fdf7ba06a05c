namespace CivilAffairs.Web.Features.Notices;

/// <summary>Texts of the board; NoticeTexts.resx is Chinese, NoticeTexts.en.resx English.</summary>
public sealed class NoticeTexts;
