namespace CivilAffairs.Web.Features.Matters;

/// <summary>How a household's chances are worked out before anybody applies 测算: step by step, each with what it rests on.</summary>
public sealed record FormEstimate : MatterPart
{
    /// <summary>In order; a step reads those before it as <c>steps.id</c>.</summary>
    public required IReadOnlyList<FormEstimateStep> Steps { get; init; }

    /// <summary>The step, a boolean, that says whether something may be expected.</summary>
    public required string Eligible { get; init; }

    /// <summary>The step, in fen, that says how much a month; absent: the matter pays nothing.</summary>
    public string? Amount { get; init; }

    /// <summary>What the page for everybody asks, in its order; empty: there is no page, the API alone works it out.</summary>
    public IReadOnlyList<EstimateAsk> Asks { get; init; } = [];
}

/// <summary>Some questions of one section of the form: those that the figures rest on, and no more.</summary>
public sealed record EstimateAsk : MatterPart
{
    /// <summary>The section's id; one that repeats is asked row by row.</summary>
    public required string Section { get; init; }

    /// <summary>Ids of its fields.</summary>
    public required IReadOnlyList<string> Fields { get; init; }
}

/// <summary>One figure of an estimate.</summary>
public sealed record FormEstimateStep : MatterPart
{
    public required string Id { get; init; }

    /// <summary><c>integer</c>, <c>fen</c>, <c>boolean</c>, <c>code</c> or <c>date</c>.</summary>
    public required string Type { get; init; }

    /// <summary>JavaScript over <c>form</c>, <c>parameters</c>, <c>today</c>, <c>facts</c> and <c>steps</c>.</summary>
    public required string Expression { get; init; }
    public required string Zh { get; init; }
    public required string En { get; init; }

    /// <summary>Where the rule comes from: <c>S</c> statute or national normative document, <c>L</c> local policy; and which.</summary>
    public string Mark { get; init; } = "";
    public string Source { get; init; } = "";

    internal FormFact AsFact() => new() { Id = Id, Type = Type, Expression = Expression, Zh = Zh, En = En };
}
