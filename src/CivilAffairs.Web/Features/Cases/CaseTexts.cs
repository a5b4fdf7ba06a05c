namespace CivilAffairs.Web.Features.Cases;

/// <summary>Words about cases that every feature shows: refusals, statuses, outcomes.</summary>
public sealed class CaseTexts;
