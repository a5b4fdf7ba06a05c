using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Drafts;
using CivilAffairs.Web.Features.Matters.Forms;

namespace CivilAffairs.Web.Features.Apply;

/// <summary>How far a section is.</summary>
public enum SectionState { NotStarted, Optional, InProgress, Done }

/// <summary>A line of the task list.</summary>
public sealed record SectionLine(ShownSection Shown, SectionState State);

internal static class SectionStates
{
    /// <summary>The sections that are asked now, each with its state. A section nobody opened yet is never done, even if nothing in it is required.</summary>
    public static IReadOnlyList<SectionLine> Lines(this Application application)
    {
        var faults = application.Form.Validate(application.Answers);
        return [.. application.Form.Shown(application.Answers).Select(s => new SectionLine(s, State(s, application.Answers.Data[s.Section.Id], faults)))];
    }

    private static SectionState State(ShownSection section, JsonNode? data, IReadOnlyList<FieldFault> faults)
    {
        var faulty = faults.Any(f => InSection(f.Path, section.Section.Id));
        return data is null ? (faulty ? SectionState.NotStarted : SectionState.Optional) : faulty ? SectionState.InProgress : SectionState.Done;
    }

    public static bool InSection(string path, string section) =>
        path == section || path.StartsWith(section + ".", StringComparison.Ordinal) || path.StartsWith(section + "[", StringComparison.Ordinal);
}
