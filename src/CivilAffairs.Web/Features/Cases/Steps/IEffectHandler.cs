using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Cases.Steps;

/// <summary>Turns effects into rows, within the transaction of the decision. Sends nothing, calls nobody.</summary>
internal interface IEffectHandler
{
    /// <summary>The effects it applies.</summary>
    IReadOnlyList<Type> Effects { get; }

    /// <returns>The result for an effect that asked for one; else null.</returns>
    ValueTask<JsonNode?> ApplyAsync(Effect effect, CaseStep step);
}

/// <summary>A decision at work on one case: everything that belongs to it is in <see cref="Db"/>'s transaction.</summary>
/// <param name="Parameters">In force on <see cref="OccurredOn"/>, with their sources.</param>
internal sealed record CaseStep(CivilAffairsDb Db, Case Case, WorkflowInstance Instance, MatterRevision Revision,
    EffectiveParameters Parameters, CaseCipher Cipher, Viewer Actor, DateTimeOffset Now)
{
    /// <summary>The workflow's variables after the burst whose effects are being applied.</summary>
    public IReadOnlyDictionary<string, JsonNode?> Variables { get; set; } = new Dictionary<string, JsonNode?>();

    /// <summary>Cases that this decision opens, with what starts them: run after this one has come to rest, in the same transaction.</summary>
    public List<(CaseStep Step, StartTrigger Start)> Opened { get; } = [];

    /// <summary>0; more for a case that a case opened.</summary>
    public int Depth { get; init; }

    /// <summary>Only looked at: nothing of it is stored, so nothing that it reads is held.</summary>
    public bool Rehearsed { get; init; }

    /// <summary>Contents read when the case was opened; null: they are asked for.</summary>
    public KnownContents? Known { get; init; }

    /// <summary>The day of the record: what people outside hear of, they hear of from this day on.</summary>
    public DateOnly Today => Platform.Time.BureauTime.Day(Now);

    /// <summary>
    /// The day on which what is being recorded happened 发生日期: today, unless an officer said an earlier one. The rows that
    /// the step makes carry it, and what the law counts from the event counts from it (<see cref="StepInput.Day"/>).
    /// </summary>
    public DateOnly OccurredOn { get => field == default ? Today : field; init; }
}
