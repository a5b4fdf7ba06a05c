namespace CivilAffairs.Web.Features.Designer.Health;

/// <summary>How the definitions of a matter fit those who work by them.</summary>
/// <param name="Cases">How many of the last year's cases were looked at, the newest first.</param>
/// <param name="More">There were more of them.</param>
/// <param name="Late">Empty also where too few were done to say.</param>
/// <param name="Unused">Empty also where there were too few cases to say.</param>
internal sealed record MatterHealth(string Matter, string Revision, int Cases, bool More, IReadOnlyList<VacantPost> Vacant, IReadOnlyList<LateStep> Late, IReadOnlyList<UnusedBranch> Unused)
{
    public bool IsWell => Vacant.Count == 0 && Late.Count == 0 && Unused.Count == 0;
}

/// <summary>A post that a definition gives tasks to and that is not held everywhere.</summary>
/// <param name="Level"><c>village</c>, <c>township</c> or <c>county</c>.</param>
/// <param name="Offices">How many offices of that level there are.</param>
/// <param name="Divisions">Those where nobody holds it: 6, 9 or 12 digits.</param>
internal sealed record VacantPost(string Role, string Level, int Offices, IReadOnlyList<string> Divisions);

/// <summary>A step that passes its last day again and again.</summary>
/// <param name="Done">Tasks done, or still open after their last day.</param>
/// <param name="Late">Of them, those that passed it.</param>
internal sealed record LateStep(string Activity, int Done, int Late);

/// <summary>A way out of an activity that no case took.</summary>
/// <param name="Reached">How often the activity was left by another.</param>
internal sealed record UnusedBranch(string Workflow, string Activity, string Port, int Reached);
