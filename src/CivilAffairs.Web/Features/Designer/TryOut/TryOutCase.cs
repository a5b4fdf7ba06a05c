using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;

namespace CivilAffairs.Web.Features.Designer.TryOut;

/// <summary>What the row of a real case would say by now. Immutable; each effect makes the next one.</summary>
/// <param name="SubmittedOn">The bureau's day.</param>
internal sealed record TryOutCase(DateOnly SubmittedOn)
{
    public string Status { get; init; } = "Submitted";

    /// <summary>In order, each with its day; the filing is not in it.</summary>
    public IReadOnlyList<(string Status, DateOnly On)> Statuses { get; init; } = [];
    public DateOnly? AcceptedOn { get; init; }

    /// <summary>The statutory total limit; null: none runs.</summary>
    public Limit? Clock { get; init; }
    public bool ClockPaused { get; init; }

    /// <summary>Of the grant that came about or was changed; null: none.</summary>
    public long? AmountFen { get; init; }
    public DateOnly? FirstMonth { get; init; }
    public int? Persons { get; init; }

    public TryOutCase After(Effect effect, DateOnly day) => effect switch
    {
        SetStatus set => this with { Status = set.Status, Statuses = [.. Statuses, (set.Status, set.On ?? day)], AcceptedOn = set.Status == "Accepted" ? set.On ?? day : AcceptedOn },
        SetCaseClock clock => this with { Clock = clock.Action == "Stop" ? null : clock.Limit, ClockPaused = clock.Action == "Pause" || (ClockPaused && clock.Action is not ("Resume" or "Stop" or "Start")) },
        GrantBenefit grant => this with { AmountFen = grant.AmountFen, FirstMonth = grant.FirstMonth, Persons = Members(grant.Data) },
        AdjustBenefit adjust => this with { AmountFen = adjust.AmountFen, FirstMonth = adjust.FirstMonth, Persons = Members(adjust.Data) ?? Persons },
        _ => this,
    };

    private static int? Members(JsonNode? data) => (data as JsonObject)?["members"] is JsonValue value && value.TryGetValue<int>(out var members) ? members : null;
}

/// <summary>A document, notice or letter, with everything that its template may read, as it stood then.</summary>
/// <param name="Effect">Which one: <see cref="IssueDocument"/>, <see cref="PublishNotice"/>, <see cref="PublishResult"/>, <see cref="SendNotice"/>, <see cref="SendEmail"/> or <see cref="ChangeCertificate"/>.</param>
/// <param name="Number">Of a document or certificate, made up.</param>
/// <param name="Tasks">Activity id → what was written last.</param>
/// <param name="Asked">What the applicant is asked for then.</param>
internal sealed record TryOutPaper(Effect Effect, DateOnly On, string? Number, string Workflow, JsonObject Form, JsonObject Tasks, TryOutCase Case, IReadOnlyList<CreateApplicantTask> Asked, IReadOnlyDictionary<string, JsonNode?> Variables)
{
    /// <summary>Name of the template's file; null: an e-mail whose words the definition itself has.</summary>
    public string? Template => Effect switch
    {
        IssueDocument document => document.Template, PublishNotice notice => notice.Template, PublishResult result => result.Template,
        SendNotice letter => letter.Template, ChangeCertificate certificate => certificate.Template, _ => null,
    };

    public bool IsLetter => Effect is SendNotice or SendEmail;

    /// <summary>Of a reminder: what it tells beside the case; null: the letter is none.</summary>
    public JsonObject? Reminder { get; init; }
}
