using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Pages;

namespace CivilAffairs.Web.Features.Cases.Words;

/// <summary>What a matter calls its outcomes and states, in the reader's language; null where it has no word of its own.</summary>
public static class MatterSpeech
{
    public static string? OutcomeWord(this MatterFile? matter, string outcome) => matter?.Outcomes.GetValueOrDefault(outcome)?.Name.In(Language);

    /// <summary>What cannot be taken back, told before it is done.</summary>
    public static string? OutcomeWarning(this MatterFile? matter, string outcome) => matter?.Outcomes.GetValueOrDefault(outcome)?.Confirm?.In(Language);

    public static string? StatusWord(this MatterFile? matter, string status) => matter?.Statuses.GetValueOrDefault(status)?.Name.In(Language);

    /// <summary>What a state means for those whose case it is.</summary>
    public static string? StatusMeaning(this MatterFile? matter, string status) => matter?.Statuses.GetValueOrDefault(status)?.About?.In(Language);

    private static string Language => Languages.IsEnglish ? "en" : "zh";
}
