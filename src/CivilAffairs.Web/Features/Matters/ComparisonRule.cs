namespace CivilAffairs.Web.Features.Matters;

/// <summary>
/// What a case of the matter is compared with elsewhere 比对, and what follows from a find. The product asks one question for each kind;
/// which benefits exclude each other, and on what that rests, stands here and nowhere else.
/// </summary>
public sealed record ComparisonRule : MatterPart
{
    public required string Id { get; init; }

    /// <summary>
    /// <c>case</c>: an open application of one of <see cref="Matters"/>; <c>benefit</c>: one of <see cref="Benefits"/> is being paid; <c>ended</c>: one was
    /// ended for one of <see cref="Reasons"/>; <c>register</c>: a valid entry of <see cref="Register"/>; <c>account</c>: others are paid on the same account.
    /// </summary>
    public required string Kind { get; init; }

    /// <summary>The parties whom it is about; empty: applicant, spouse and members. An agent never.</summary>
    public IReadOnlyList<string> Of { get; init; } = [];

    /// <summary>Of <c>case</c>: matters; empty: this one.</summary>
    public IReadOnlyList<string> Matters { get; init; } = [];

    /// <summary>Of <c>benefit</c> and <c>ended</c>: ids of benefits, of whatever matter.</summary>
    public IReadOnlyList<string> Benefits { get; init; } = [];

    /// <summary>Of <c>benefit</c>: only what the party holds; else also what is paid to a household that the party belongs to.</summary>
    public bool Holder { get; init; }

    /// <summary>Of <c>ended</c>: why, as the benefit's matter calls it: <c>death</c>.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    /// <summary>Of <c>register</c>: its id, of whatever matter.</summary>
    public string? Register { get; init; }

    /// <summary>Of <c>register</c>: only an entry that names somebody who is no party of this case: a spouse who was left out.</summary>
    public bool Outside { get; init; }

    /// <summary>Of <c>account</c>: the answer <c>section.field</c> that holds the number.</summary>
    public string? Account { get; init; }

    /// <summary>Of <c>account</c>: the parameter that says from how many other recipients on it is told.</summary>
    public string? Least { get; init; }

    /// <summary><c>refuse</c>: nothing of <see cref="Blocks"/> is granted while it is so; <c>warn</c>: the officer looks into it; <c>note</c>: to be known, for example in the sum.</summary>
    public required string Effect { get; init; }

    /// <summary>Of <c>refuse</c>: benefits and registers of this matter that are not granted, or written; empty: all its benefits.</summary>
    public IReadOnlyList<string> Blocks { get; init; } = [];

    /// <summary>Of <c>refuse</c>: who decides may say why it is granted all the same.</summary>
    public bool Override { get; init; }

    /// <summary>What the rule says, for the officer.</summary>
    public required Words Text { get; init; }

    /// <summary>Where the rule comes from: <c>S</c> statute or national normative document, <c>L</c> local policy; and which.</summary>
    public string Mark { get; init; } = "";
    public string Source { get; init; } = "";

    /// <summary>Whether it stands against granting this benefit, or writing this register.</summary>
    internal bool Forbids(string target, MatterFile matter) =>
        Effect == "refuse" && (Blocks.Count > 0 ? Blocks.Contains(target) : matter.Benefits.Any(b => b.Id == target));
}
