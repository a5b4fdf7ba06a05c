namespace CivilAffairs.Web.Features.Designer.WhatIf;

/// <summary>What past cases of a matter would have met with under another revision.</summary>
/// <param name="Revision">Hash of what they were held against.</param>
/// <param name="Compared">Cases looked at, the newest ended ones.</param>
/// <param name="Same">Of them, those that would have gone the same way; a post that nobody holds today is no other way.</param>
internal sealed record WhatIfReport(string Matter, string Revision, int Compared, int Same, IReadOnlyList<WhatIfGroup> Groups)
{
    /// <param name="open">Cases that the reader may open.</param>
    public static WhatIfReport Of(string matter, string revision, IReadOnlyList<(RecordedCase Case, IReadOnlyList<Difference> Differences)> found, IReadOnlySet<Guid> open)
    {
        ArgumentNullException.ThrowIfNull(found);
        var order = DifferenceKinds.All.Select((kind, i) => (kind, i)).ToDictionary(k => k.kind, k => k.i);
        var groups = found.SelectMany(f => f.Differences.Select(d => (d, f.Case))).GroupBy(p => p.d)
            .Select(g => new WhatIfGroup(g.Key.Kind, g.Key.Activity, g.Key.Before, g.Key.After, [.. g.Select(p => new WhatIfCase(p.Case.Number, p.Case.Status, open.Contains(p.Case.Id) ? p.Case.Id : null))]))
            .OrderBy(g => order[g.Kind]).ThenByDescending(g => g.Cases.Count).ThenBy(g => g.Activity, StringComparer.Ordinal).ThenBy(g => g.After, StringComparer.Ordinal).ToList();
        return new WhatIfReport(matter, revision, found.Count, found.Count(f => f.Differences.All(d => d.Kind == DifferenceKinds.Vacant)), groups);
    }
}

/// <summary>One difference with the cases that have it.</summary>
/// <param name="Kind">One of <see cref="DifferenceKinds"/>.</param>
/// <param name="Activity">Id of the step; of a refused application its field; empty: the case as a whole.</param>
/// <param name="Before">As it was; null: nothing.</param>
/// <param name="After">As it would have been; null: nothing.</param>
internal sealed record WhatIfGroup(string Kind, string Activity, string? Before, string? After, IReadOnlyList<WhatIfCase> Cases);

/// <param name="Id">Null where the reader may not open it.</param>
internal sealed record WhatIfCase(string Number, string Status, Guid? Id);
