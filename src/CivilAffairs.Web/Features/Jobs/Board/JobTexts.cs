namespace CivilAffairs.Web.Features.Jobs.Board;

/// <summary>The page of jobs in words: JobTexts.resx is Chinese, JobTexts.en.resx English.</summary>
public sealed class JobTexts;
