namespace CivilAffairs.Engine.Rules;

/// <summary>Why a value breaks a rule. The words people read are the catalogue's, under <paramref name="Key"/>.</summary>
/// <param name="Key">A key of the message catalogue, for example <c>idNumber.checkDigit</c>.</param>
/// <param name="Detail">What was expected instead, where that can be said without personal data.</param>
public sealed record RuleFault(string Key, string? Detail = null);
