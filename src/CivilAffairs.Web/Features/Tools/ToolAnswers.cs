using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace CivilAffairs.Web.Features.Tools;

/// <param name="Value">As typed: blanks, hyphens, full-width digits and small letters are taken.</param>
internal sealed record TypedValue(string Value);

/// <param name="Value">As typed.</param>
/// <param name="Kind">社会团体, 民非 or 基金会; null: any body.</param>
internal sealed record TypedCreditCode(string Value, string? Kind = null);

/// <param name="Reason">Why it is not valid, in the caller's language.</param>
/// <param name="Sex"><c>male</c> or <c>female</c>.</param>
/// <param name="Age">In whole years, today.</param>
internal sealed record ResidentIdAnswer(bool Valid, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateOnly? Born = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Sex = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Age = null);

/// <param name="Kind">Of a social organisation; else absent.</param>
/// <param name="Division">Of the registrar, 6 characters.</param>
internal sealed record CreditCodeAnswer(bool Valid, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Kind = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Division = null);

/// <param name="Kind">In the caller's language: 肢体.</param>
/// <param name="Level">1 (gravest) to 4.</param>
/// <param name="Reissues">How often the card was made anew.</param>
internal sealed record DisabilityCardAnswer(bool Valid, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Kind = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Level = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateOnly? Born = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Sex = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Reissues = null);

/// <param name="Digits">How many it has.</param>
internal sealed record BankCardAnswer(bool Valid, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? Digits = null);

/// <param name="Date">The last day.</param>
/// <param name="Skipped">Days off on the way: those that working days leave out, or over which the last day rolls.</param>
internal sealed record DeadlineAnswer(DateOnly Date, IReadOnlyList<DateOnly> Skipped);

/// <param name="End">Last day on which either may withdraw.</param>
/// <param name="Open">First day on which both may get the certificate.</param>
/// <param name="Last">Last such day.</param>
internal sealed record DivorceWindowAnswer(DateOnly End, DateOnly Open, DateOnly Last);

/// <param name="Expires">Last day of validity.</param>
/// <param name="Reminders">Earliest first.</param>
/// <param name="ApplyBy">Last day by law to apply for the renewal.</param>
/// <param name="ApplyByPractical">The working day on or before it; null: that year's calendar is not loaded.</param>
internal sealed record CertificateAnswer(DateOnly Expires, IReadOnlyList<DateOnly> Reminders, DateOnly ApplyBy, DateOnly? ApplyByPractical);

/// <param name="Amount">Yuan; null: nothing would be paid, or the matter pays nothing.</param>
internal sealed record EstimateAnswer(bool Eligible, decimal? Amount, IReadOnlyList<EstimateStep> Steps);

/// <param name="Label">In the caller's language.</param>
/// <param name="Value">Yuan, a count, yes or no, a day or a code.</param>
/// <param name="Source">Statute and article, or the local rule.</param>
/// <param name="Type">As the matter says: <c>integer</c>, <c>fen</c> (the value is in yuan all the same), <c>boolean</c>, <c>code</c> or <c>date</c>.</param>
internal sealed record EstimateStep(string Label, JsonNode? Value, string Source, [property: JsonIgnore] string Type = "");
