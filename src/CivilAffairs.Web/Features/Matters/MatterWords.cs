namespace CivilAffairs.Web.Features.Matters;

/// <summary>An outcome in the words of a matter.</summary>
public sealed record OutcomeWords : MatterPart
{
    /// <summary>What the button does, in a verb.</summary>
    public required Words Name { get; init; }

    /// <summary>What follows from it and cannot be taken back: asked once more before it is done. Absent: not asked.</summary>
    public Words? Confirm { get; init; }
}

/// <summary>A state in the words of a matter.</summary>
public sealed record StatusWords : MatterPart
{
    public required Words Name { get; init; }

    /// <summary>What it means for those whose case it is, and what comes next.</summary>
    public Words? About { get; init; }
}

/// <summary>A day of a case, held by a variable of its workflow (or a field of one) as yyyy-MM-dd.</summary>
public sealed record KeyDate : MatterPart
{
    /// <summary>Name of a variable, or <c>Name.field</c>; empty while the day is not known.</summary>
    public required string Variable { get; init; }
    public required Words Name { get; init; }
}
