using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Time;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases;

/// <summary>A day that a case's parties and officers are to know.</summary>
/// <param name="Day">Null: the calendar of its year is not published yet.</param>
public sealed record ReadKeyDate(Matters.Words Name, DateOnly? Day);

/// <summary>The days that a matter shows with its cases, out of its workflow's variables.</summary>
internal static class KeyDates
{
    /// <returns>In the matter's order; empty where the workflow has not come to the first of them.</returns>
    public static async Task<IReadOnlyList<ReadKeyDate>> ReadAsync(CivilAffairsDb db, Case @case, MatterRevision revision, MatterLibrary library, IWorkflowEngine engine, CancellationToken cancel)
    {
        if (revision.Matter.KeyDates.Count == 0) return [];
        var instance = await db.Set<WorkflowInstance>().AsNoTracking().Where(i => i.CaseId == @case.Id).OrderByDescending(i => i.Id).FirstOrDefaultAsync(cancel).ConfigureAwait(false);
        if (instance is null || instance.State.Length == 0) return [];
        var variables = engine.Variables(library.Definition(revision, instance.Workflow), new WorkflowState(instance.State));
        // What a variable is not set to yet says nothing; what is empty waits for a calendar.
        var read = revision.Matter.KeyDates.Select(d => (Date: d, Value: Of(variables, d.Variable))).Where(d => d.Value is JsonValue);
        return [.. read.Select(d => new ReadKeyDate(d.Date.Name, IsoDay.Read(d.Value!.ToString())))];
    }

    /// <summary>A variable, or a field of one.</summary>
    private static JsonNode? Of(IReadOnlyDictionary<string, JsonNode?> variables, string path) =>
        path.Split('.') is [var name, var field] ? (variables.GetValueOrDefault(name) as JsonObject)?[field] : variables.GetValueOrDefault(path);
}
