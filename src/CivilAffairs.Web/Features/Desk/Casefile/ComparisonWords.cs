using CivilAffairs.Web.Features.Cases.Comparisons;
using CivilAffairs.Web.Features.Cases.Words;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Pages;
using Microsoft.Extensions.Localization;

namespace CivilAffairs.Web.Features.Desk.Casefile;

/// <summary>What was found elsewhere, as sentences.</summary>
public sealed class ComparisonWords(IStringLocalizer<DeskTexts> texts, CaseWords words, DivisionDirectory divisions, MatterLibrary library)
{
    public string Sentence(ComparedFinding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        var (kind, thing) = (finding.Found.Rule.Kind, finding.Elsewhere[0]);
        if (kind == "account") return texts["Compared.account", finding.Found.Count];
        var who = string.Join(Languages.IsEnglish ? ", " : "、", finding.Parties.Select(p => texts["Compared.Party", texts[$"Compared.Role.{p.Role}"].Value, p.Name].Value));
        var called = thing.Called.In(Languages.IsEnglish ? "en" : "zh");
        return kind switch
        {
            "case" => texts["Compared.case", who, called, library.Find(thing.Found.What)?.Matter.StatusWord(thing.Found.Detail!) ?? words.Status(thing.Found.Detail!)],
            "benefit" => texts[finding.Parties.Any(p => p.Holds) ? "Compared.benefit" : "Compared.benefit.household", who, called, Paid(thing)],
            "ended" => texts["Compared.ended", who, called, thing.Reason!.In(Languages.IsEnglish ? "en" : "zh"), Display.Month(thing.Found.Since!.Value)],
            _ => texts[finding.Found.Rule.Outside ? "Compared.register.outside" : "Compared.register", who, called, Display.Day(thing.Found.Since!.Value)],
        };
    }

    /// <summary>The office of a case that the viewer does not see.</summary>
    public string Place(FoundElsewhere found)
    {
        ArgumentNullException.ThrowIfNull(found);
        return texts["Compared.Elsewhere", divisions.Name(found.Township ?? found.County, Languages.IsEnglish)];
    }

    private string Paid(ComparedThing thing) => thing.Found.Until is { } until && until == thing.Found.Since ? Display.Month(until)
        : thing.Found.Until is { } last ? texts["Compared.Paid.Until", Display.Month(thing.Found.Since!.Value), Display.Month(last)] : texts["Compared.Paid", Display.Month(thing.Found.Since!.Value)];
}
