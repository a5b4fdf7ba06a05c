using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;

namespace CivilAffairs.Web.Features.Cases.Comparisons;

/// <summary>A case, benefit or entry elsewhere that a rule found: days and codes, nothing of a person's.</summary>
/// <param name="Id">Of the case, the grant or the entry.</param>
/// <param name="What">Id of the matter, the benefit or the register.</param>
/// <param name="CaseId">Null: it came with an imported ledger.</param>
/// <param name="Since">First month paid, or first day of the entry; of what was ended, the first month without it.</param>
/// <param name="Until">Last month paid or last day; null: without an end.</param>
/// <param name="Detail">State of the case, or the reason of an end.</param>
public sealed record FoundElsewhere(Guid Id, string What, Guid? CaseId, string County, string? Township, DateOnly? Since, DateOnly? Until, string? Detail);

/// <summary>A party of the case that was looked at.</summary>
/// <param name="Holds">Of a benefit: holds it; else belongs to the household that it is paid to.</param>
public sealed record FoundParty(Guid PersonId, PartyRole Role, bool Holds);

/// <summary>What one rule found: one thing, about one or several parties; of an account, all that is paid on it.</summary>
/// <param name="Parties">In their order; empty for an account.</param>
/// <param name="Elsewhere">One; of an account as many as are paid.</param>
/// <param name="Count">Of an account: other recipients; else 1.</param>
public sealed record Finding(ComparisonRule Rule, IReadOnlyList<FoundParty> Parties, IReadOnlyList<FoundElsewhere> Elsewhere, int Count)
{
    /// <summary>By which an override names it: of an account empty, since its other users come and go.</summary>
    public Guid Other => Rule.Kind == "account" ? Guid.Empty : Elsewhere[0].Id;

    /// <summary>Whether it stands against something granted from this month on: a benefit that is over by then does not.</summary>
    public bool Meets(DateOnly from) => Rule.Kind != "benefit" || Elsewhere[0].Until is not { } until || until >= from;
}
