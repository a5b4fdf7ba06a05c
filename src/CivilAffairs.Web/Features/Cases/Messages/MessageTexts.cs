namespace CivilAffairs.Web.Features.Cases.Messages;

/// <summary>Texts of messages about a case, for both sides.</summary>
public sealed class MessageTexts;
