using CivilAffairs.Engine.Rules;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Pages;
using Microsoft.Extensions.Localization;

namespace CivilAffairs.Web.Features.Registers.Lines;

/// <summary>A line in words: the same on the page, in the API and in an export, where names stand in full.</summary>
public sealed class LineWords(IStringLocalizer<RegisterTexts> texts, MatterLibrary library, DivisionDirectory divisions)
{
    private static string Language => Languages.IsEnglish ? "en" : "zh";

    /// <summary>What those are called whom a list is about: 领取人, 持有人, else 当事人.</summary>
    public static string HolderKey(string register) => register is BenefitLines.Register or CertificateLines.Register ? $"Holder.{register}" : "Holder";

    /// <summary>A person masked unless it is asked in full; an organisation's name is public.</summary>
    public static string Name(LineHolder holder, bool full)
    {
        ArgumentNullException.ThrowIfNull(holder);
        return full || holder.SubjectId is not null ? holder.Name : Mask.Name(holder.Name);
    }

    public static string Names(RegisterLine line, bool full)
    {
        ArgumentNullException.ThrowIfNull(line);
        return line.Holders.Count == 0 ? "—" : string.Join(Languages.IsEnglish ? ", " : "、", line.Holders.Select(h => Name(h, full)));
    }

    /// <summary>The benefit with its category, the kind of certificate, or why it was entered; empty: the register alone says it.</summary>
    public string What(RegisterLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        var reason = line.Reason is { Length: > 0 } code ? Reason(code) : "";
        return line.What is not { } what ? reason : reason.Length == 0 ? what.In(Language) : Languages.IsEnglish ? $"{what.In(Language)} ({reason})" : $"{what.In(Language)}（{reason}）";
    }

    public string State(RegisterLine line) => texts[$"State.{(line ?? throw new ArgumentNullException(nameof(line))).State}"];

    public string Place(RegisterLine line) => divisions.Name((line ?? throw new ArgumentNullException(nameof(line))).Division, Languages.IsEnglish);

    /// <summary>From when until when: months of a benefit, days of everything else.</summary>
    public string Valid(RegisterLine line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return line.To is { } last ? texts["ValidFromTo", Day(line, line.From), Day(line, last)] : texts[line.AmountFen is null ? "ValidFrom" : "PaidFrom", Day(line, line.From)];
    }

    /// <summary>A code in words: the matter's, else the product's; as it is where a matter gave it no name.</summary>
    private string Reason(string code)
    {
        if (library.Cause(code) is { } cause) return cause.In(Language);
        if (library.Current.SelectMany(r => r.Matter.Reverification).FirstOrDefault(r => r.Category == code)?.Name is { } category) return category.In(Language);
        return texts[$"Reason.{code}"] is { ResourceNotFound: false } known ? known : code;
    }

    public static string Day(RegisterLine line, DateOnly day) => (line ?? throw new ArgumentNullException(nameof(line))).AmountFen is null ? Display.Day(day) : Display.Month(day);
}
