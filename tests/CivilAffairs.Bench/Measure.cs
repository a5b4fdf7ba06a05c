namespace CivilAffairs.Bench;

/// <summary>Two figures of the same run.</summary>
/// <param name="Unit">Of both figures, as <c>mails/s</c>.</param>
/// <param name="AgainstWhat">What ours is divided by.</param>
/// <param name="AtLeast">Whether the target is the smallest or the largest ratio wanted.</param>
internal sealed record Measure(string Name, double Ours, double Against, string Unit, string AgainstWhat, double Target, bool AtLeast = true)
{
    public double Ratio => Ours / Against;
    public bool IsMet => AtLeast ? Ratio >= Target : Ratio <= Target;
}
