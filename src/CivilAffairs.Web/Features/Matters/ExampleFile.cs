using System.Text.Json.Nodes;

namespace CivilAffairs.Web.Features.Matters;

/// <summary><c>examples/*.json</c>: a case replayed as a test with a virtual clock.</summary>
public sealed record ExampleFile : MatterPart
{
    public required Words Name { get; init; }
    public required string Workflow { get; init; }

    /// <summary>When the applicant submits, with offset.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Values in place of the matter's first ones.</summary>
    public IReadOnlyDictionary<string, JsonNode?> Parameters { get; init; } = new Dictionary<string, JsonNode?>();
    public required JsonObject Form { get; init; }

    /// <summary>What the workflow is started with: for a review, its basis and what it looks at.</summary>
    public IReadOnlyDictionary<string, JsonNode?> Inputs { get; init; } = new Dictionary<string, JsonNode?>();

    /// <summary>Per activity id a queue; each answer fills one seat. What is not answered waits for its timer.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<ExampleAnswer>> Answers { get; init; } = new Dictionary<string, IReadOnlyList<ExampleAnswer>>();

    /// <summary>Examples that went before with the same people, so that registers hold what this one finds.</summary>
    public IReadOnlyList<EarlierExample> Before { get; init; } = [];

    /// <summary>Per activity id what it finds in a register, run after run: <c>{state, entryId, since, entry}</c>; what is not named finds nothing.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<JsonObject>> Found { get; init; } = new Dictionary<string, IReadOnlyList<JsonObject>>();

    /// <summary>Whether samples of the example select the case.</summary>
    public bool SampleSelects { get; init; }
    public required ExampleExpectation Expect { get; init; }
}

/// <summary>An example of this or another matter.</summary>
public sealed record EarlierExample : MatterPart
{
    public required string Matter { get; init; }

    /// <summary>Name of its file, without <c>.json</c>.</summary>
    public required string Example { get; init; }
}

/// <summary>An answer to a waiting activity, or (for an Event) its payload.</summary>
public sealed record ExampleAnswer : MatterPart
{
    /// <summary>Not before this instant; absent: at once.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>A made-up reference to a person.</summary>
    public string? By { get; init; }
    public JsonNode? Result { get; init; }
}

/// <summary>How the case must end. A list that is absent is not compared; an amount, month or day that is absent must not come about.</summary>
public sealed record ExampleExpectation : MatterPart
{
    public required string Instance { get; init; }

    /// <summary>Every status in order.</summary>
    public required IReadOnlyList<string> Statuses { get; init; }
    public long? AmountFen { get; init; }
    public DateOnly? FirstMonth { get; init; }

    /// <summary>Last month paid of a benefit that the example ends.</summary>
    public DateOnly? LastMonth { get; init; }

    /// <summary>Last day of the legal clock as last set; absent while it is not known.</summary>
    public DateOnly? ClockLastDay { get; init; }

    /// <summary>Templates issued, in order.</summary>
    public IReadOnlyList<string>? Documents { get; init; }

    /// <summary>Templates of notices put up 公示 and results published 公布, in order.</summary>
    public IReadOnlyList<string>? Notices { get; init; }
    public IReadOnlyList<string>? Mails { get; init; }

    /// <summary>Every task opened, in order; several seats of one task count once.</summary>
    public IReadOnlyList<ExpectedTask>? Tasks { get; init; }

    /// <summary>Activities that must have run.</summary>
    public IReadOnlyList<string>? Ran { get; init; }

    /// <summary>Activities that must not have run.</summary>
    public IReadOnlyList<string>? NotRan { get; init; }
}

/// <summary>A task that must have been opened, for whom, and with which limits.</summary>
public sealed record ExpectedTask : MatterPart
{
    public required string Activity { get; init; }

    /// <summary>Role code; <c>APP</c> for the applicant's own tasks.</summary>
    public required string Role { get; init; }

    /// <summary><c>village</c>, <c>township</c> or <c>county</c>; absent for the applicant.</summary>
    public string? Level { get; init; }
    public int Seats { get; init; } = 1;

    /// <summary>Last day to begin; absent: none, or not known yet.</summary>
    public DateOnly? StartBy { get; init; }

    /// <summary>Last day to finish; absent: none, or not known yet.</summary>
    public DateOnly? FinishBy { get; init; }
}
