using System.Text.Json;

namespace CivilAffairs.Web.Features.Matters;

/// <summary><c>matter.json</c>: what a matter 事项 is, who may do what in it, and which figures of law it uses.</summary>
public sealed record MatterFile : MatterPart
{
    /// <summary>The folder's name; letters, digits and hyphens.</summary>
    public required string Id { get; init; }
    public required Words Name { get; init; }

    /// <summary><c>relief</c>, <c>marriage</c>, <c>organisation</c> or <c>register</c>.</summary>
    public required string Family { get; init; }
    public required Words Summary { get; init; }
    public required ApplicantRules Applicants { get; init; }
    public required IReadOnlyList<MatterRole> Roles { get; init; }

    /// <summary>Roles that one person may not hold in the same case.</summary>
    public IReadOnlyList<Separation> Separation { get; init; } = [];
    public IReadOnlyList<MatterParameter> Parameters { get; init; } = [];
    public IReadOnlyList<BenefitKind> Benefits { get; init; } = [];
    public IReadOnlyList<CertificateKind> Certificates { get; init; } = [];
    public IReadOnlyList<NumberSeries> Numbering { get; init; } = [];
    public IReadOnlyList<MatterRegister> Registers { get; init; } = [];
    public IReadOnlyList<Reverification> Reverification { get; init; } = [];

    /// <summary>Who is reminded of limits and re-verifications, where it is not as the product says; absent: as it says.</summary>
    public ReminderRules? Reminders { get; init; }

    /// <summary>Absent: nobody opens a case of it ex officio by hand.</summary>
    public ExOfficioRule? ExOfficio { get; init; }

    /// <summary>Absent: a decision of the matter is final here.</summary>
    public ReviewRule? Review { get; init; }
    public required IReadOnlyList<Retention> Retention { get; init; }

    /// <summary>What outcomes of its tasks are called here, by code; absent: as everywhere.</summary>
    public IReadOnlyDictionary<string, OutcomeWords> Outcomes { get; init; } = new Dictionary<string, OutcomeWords>();

    /// <summary>What states of its cases are called here, by state; absent: as everywhere.</summary>
    public IReadOnlyDictionary<string, StatusWords> Statuses { get; init; } = new Dictionary<string, StatusWords>();

    /// <summary>Days that the parties and the officers are shown with a case: the last day of a cooling-off period.</summary>
    public IReadOnlyList<KeyDate> KeyDates { get; init; } = [];

    /// <summary>Tags by which statistics count the matter's cases and grants.</summary>
    public IReadOnlyList<string> Statistics { get; init; } = [];

    /// <summary>Empty: the matter costs nothing.</summary>
    public IReadOnlyList<Fee> Fees { get; init; } = [];
    public required Guide Guide { get; init; }

    /// <summary>What starts which definition: <c>apply</c> → <c>apply.workflow.json</c>.</summary>
    public required IReadOnlyDictionary<string, string> Workflows { get; init; }
    public IReadOnlyList<MatterTemplate> Templates { get; init; } = [];

    /// <summary>How a later version is published; absent: one manager may.</summary>
    public PublishingRule? Publishing { get; init; }
}

/// <summary>How later versions of the matter are published. The rule of the published version holds, never that of a draft.</summary>
public sealed record PublishingRule : MatterPart
{
    /// <summary>One manager submits a draft, another publishes it.</summary>
    public bool SecondPerson { get; init; }
}

/// <summary>Who may apply and where.</summary>
public sealed record ApplicantRules : MatterPart
{
    public required Words Who { get; init; }

    /// <summary>Which township handles it: <c>hukou</c>, <c>event</c> or <c>any</c>; or <c>county</c>: the county itself, and no place is asked.</summary>
    public required string Where { get; init; }

    /// <summary><c>online</c>, <c>counter</c>.</summary>
    public required IReadOnlyList<string> Channels { get; init; }

    /// <summary>Roles that file for people at the counter 窗口代办, each in its own jurisdiction; empty: nobody does.</summary>
    public IReadOnlyList<string> CounterRoles { get; init; } = [];
    public bool AgentAllowed { get; init; }

    /// <summary>One open case per household and benefit.</summary>
    public bool OnePerHousehold { get; init; }

    /// <summary>Decided at the counter 当场办理: who files it there goes straight on to its first task.</summary>
    public bool OnTheSpot { get; init; }

    /// <summary>An application that came in by post may be filed at the counter so many days later 补录.</summary>
    public int RecordWithinDays { get; init; } = 60;
}

/// <summary>A role of domain §2 in this matter.</summary>
public sealed record MatterRole : MatterPart
{
    public required string Code { get; init; }

    /// <summary><c>village</c>, <c>township</c> or <c>county</c>.</summary>
    public required string Level { get; init; }
    public required Words Does { get; init; }
}

/// <summary>All the roles named must be different persons.</summary>
public sealed record Separation : MatterPart
{
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>Where the rule comes from: <c>S</c> statute or national normative document, <c>L</c> local policy; and which.</summary>
    public string Mark { get; init; } = "";
    public string Source { get; init; } = "";
}

/// <summary>A figure of law or local policy with its first value; the effective-dated table wins over it.</summary>
public sealed record MatterParameter : MatterPart
{
    /// <summary>For example <c>dibao.rural.standard</c>.</summary>
    public required string Key { get; init; }

    /// <summary><c>fen</c>, <c>integer</c>, <c>percent</c>, <c>boolean</c>, <c>code</c>, <c>codes</c> (comma list) or <c>limit</c>.</summary>
    public required string Type { get; init; }
    public required JsonElement Value { get; init; }
    public required Words Name { get; init; }

    /// <summary><c>S</c> statute or national normative document, <c>L</c> local policy.</summary>
    public required string Mark { get; init; }
    public required string Source { get; init; }

    /// <summary>The least and the most that the law leaves to local policy; of the value's own type, a limit in the same unit. Absent: not bounded.</summary>
    public JsonElement? Min { get; init; }
    public JsonElement? Max { get; init; }

    /// <summary>A standard that everybody may know: its values of now and before are on the public pages.</summary>
    public bool Public { get; init; }

    /// <summary>For codes: what may be chosen.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];
}

/// <summary>A gap-free series of document numbers.</summary>
public sealed record NumberSeries : MatterPart
{
    public required string Kind { get; init; }

    /// <summary>Printed before the year: <c>低保受</c>.</summary>
    public required string Prefix { get; init; }

    /// <summary>How its numbers are written (<see cref="Engine.Rules.NumberFormat"/>); absent: <c>{prefix}{division}〔{year}〕{sequence:5}</c>.</summary>
    public string? Format { get; init; }
    public required Words Name { get; init; }
}

/// <summary>How often a grant is looked at again, by category of household.</summary>
public sealed record Reverification : MatterPart
{
    public required string Category { get; init; }

    /// <summary>The parameter that holds the interval.</summary>
    public required string Parameter { get; init; }

    /// <summary>Key in <see cref="MatterFile.Workflows"/>: what runs then, with <see cref="Inputs"/> and no others.</summary>
    public required string Workflow { get; init; }
    public required Words Name { get; init; }

    /// <summary>What a re-verification starts with: the grant's id, and what is paid for it a month from the next month on.</summary>
    public static IReadOnlyList<string> Inputs { get; } = ["grantId", "amountFen"];
}

/// <summary>How a decided case is reopened 重新审查: a decision is never edited, a later one supersedes it.</summary>
public sealed record ReviewRule : MatterPart
{
    /// <summary>Key in <see cref="MatterFile.Workflows"/>: what runs then. Its inputs: <c>basis</c>, <c>reference</c>, <c>decision</c> (the outcome to look at), <c>status</c> (the case's before).</summary>
    public required string Workflow { get; init; }

    /// <summary>Roles of the matter that may reopen, each where it works.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>Where the rule comes from: <c>S</c> statute or national normative document, <c>L</c> local policy; and which.</summary>
    public string Mark { get; init; } = "";
    public string Source { get; init; } = "";
}

/// <summary>Who opens a case of the matter ex officio 依职权 about a subject of a register, and why.</summary>
public sealed record ExOfficioRule : MatterPart
{
    /// <summary>Key in <see cref="MatterFile.Workflows"/>: what runs then, with the input <c>reason</c>.</summary>
    public required string Workflow { get; init; }

    /// <summary>Roles of the matter, each in its own jurisdiction.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>The causes that there may be.</summary>
    public required IReadOnlyList<FieldOption> Causes { get; init; }

    /// <summary>Where the rule comes from: <c>S</c> statute or national normative document, <c>L</c> local policy; and which.</summary>
    public string Mark { get; init; } = "";
    public string Source { get; init; } = "";
}

/// <summary>How long cases are kept.</summary>
public sealed record Retention : MatterPart
{
    /// <summary>Life-cycle states that this rule is for; empty: all others.</summary>
    public IReadOnlyList<string> Statuses { get; init; } = [];
    public required string Keep { get; init; }

    /// <summary><c>end</c> of the benefit or <c>decision</c>.</summary>
    public required string From { get; init; }

    /// <summary>Where the rule comes from: <c>S</c> statute or national normative document, <c>L</c> local policy; and which.</summary>
    public string Mark { get; init; } = "";
    public string Source { get; init; } = "";
}

/// <summary>What the matter costs.</summary>
public sealed record Fee : MatterPart
{
    public required Words Name { get; init; }
    public required long Fen { get; init; }

    /// <summary>Where the rule comes from: <c>S</c> statute or national normative document, <c>L</c> local policy; and which.</summary>
    public string Mark { get; init; } = "";
    public string Source { get; init; } = "";
}

/// <summary>办事指南: what people read before they apply.</summary>
public sealed record Guide : MatterPart
{
    public required IReadOnlyList<Words> Who { get; init; }
    public required IReadOnlyList<Words> Bring { get; init; }
    public required IReadOnlyList<Words> Steps { get; init; }
    public required Words Duration { get; init; }
    public required Words Where { get; init; }
    public required Words Cost { get; init; }
    public required Words Remedy { get; init; }
    public required IReadOnlyList<Words> Law { get; init; }
}

/// <summary>A file in <c>templates/</c>.</summary>
public sealed record MatterTemplate : MatterPart
{
    /// <summary>The file's name; activities name it too.</summary>
    public required string File { get; init; }

    /// <summary><c>document</c>, <c>notice</c> or <c>mail</c>.</summary>
    public required string Kind { get; init; }
    public required Words Name { get; init; }

    /// <summary>A mail that the law does not require: whoever wants no such letters is not sent it.</summary>
    public bool Optional { get; init; }
}
