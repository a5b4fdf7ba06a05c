namespace CivilAffairs.Web.Features.Designer.Changes;

/// <summary>Which lines went and which came, for templates.</summary>
internal static class TextChanges
{
    /// <summary>Above so many lines each the longest common run is not looked for: then all of one went and all of the other came.</summary>
    private const int MostCompared = 2000;
    private const int MostShown = 40;

    /// <returns>The first few lines, in the order of the file, and how many came and went in all.</returns>
    public static (IReadOnlyList<string> Lines, int Added, int Removed) Of(string before, string after)
    {
        var (old, now) = (before.Split('\n'), after.Split('\n'));
        var head = old.Zip(now).TakeWhile(p => p.First == p.Second).Count();
        var tail = old.Skip(head).Reverse().Zip(now.Skip(head).Reverse()).TakeWhile(p => p.First == p.Second).Count();
        var (a, b) = (old[head..(old.Length - tail)], now[head..(now.Length - tail)]);
        var lines = a.Length > MostCompared || b.Length > MostCompared ? [.. a.Select(l => "- " + l), .. b.Select(l => "+ " + l)] : Walk(a, b);
        return ([.. lines.Take(MostShown)], lines.Count(l => l[0] == '+'), lines.Count(l => l[0] == '-'));
    }

    private static List<string> Walk(string[] a, string[] b)
    {
        // Length of the longest common run of what is left.
        var common = new int[a.Length + 1, b.Length + 1];
        for (var i = a.Length - 1; i >= 0; i--)
            for (var j = b.Length - 1; j >= 0; j--)
                common[i, j] = a[i] == b[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
        var lines = new List<string>();
        for (int i = 0, j = 0; i < a.Length || j < b.Length;)
            if (i < a.Length && j < b.Length && a[i] == b[j]) (i, j) = (i + 1, j + 1);
            else if (i < a.Length && (j == b.Length || common[i + 1, j] >= common[i, j + 1])) lines.Add("- " + a[i++]);
            else lines.Add("+ " + b[j++]);
        return lines;
    }
}
