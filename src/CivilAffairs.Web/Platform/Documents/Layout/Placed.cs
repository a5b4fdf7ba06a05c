namespace CivilAffairs.Web.Platform.Documents.Layout;

internal enum Tone { Ink, Secondary, Seal }

/// <summary>Something with its place settled, in points from the page's top left corner. PDF, PNG and SVG draw these and decide nothing.</summary>
internal abstract record Placed
{
    /// <summary>The same thing further down (and to the right).</summary>
    public abstract Placed Moved(float down, float right = 0);
}

/// <param name="Xs">Left edge of each character (code point) of <paramref name="Text"/>.</param>
internal sealed record PlacedText(string Text, IReadOnlyList<float> Xs, float Baseline, float Size, bool Bold, Tone Tone = Tone.Ink) : Placed
{
    public override Placed Moved(float down, float right = 0) =>
        this with { Baseline = Baseline + down, Xs = right == 0 ? Xs : [.. Xs.Select(x => x + right)] };
}

internal sealed record PlacedLine(float X1, float Y1, float X2, float Y2, float Width = 0.75f, Tone Tone = Tone.Ink) : Placed
{
    public override Placed Moved(float down, float right = 0) => this with { Y1 = Y1 + down, Y2 = Y2 + down, X1 = X1 + right, X2 = X2 + right };
}

/// <summary>The dashed round that marks where the seal goes.</summary>
internal sealed record PlacedCircle(float X, float Y, float Radius) : Placed
{
    public override Placed Moved(float down, float right = 0) => this with { X = X + right, Y = Y + down };
}

/// <summary>An empty box in place of a character that the font lacks.</summary>
internal sealed record PlacedBox(float X, float Y, float Side) : Placed
{
    public override Placed Moved(float down, float right = 0) => this with { X = X + right, Y = Y + down };
}

internal sealed record PlacedQr(float X, float Y, float Side, bool[][] Modules) : Placed
{
    public override Placed Moved(float down, float right = 0) => this with { X = X + right, Y = Y + down };
}

/// <summary>A photograph that fills its frame: what stands over is cut off.</summary>
internal sealed record PlacedPhoto(float X, float Y, float Width, float Height, byte[] Image) : Placed
{
    public override Placed Moved(float down, float right = 0) => this with { X = X + right, Y = Y + down };
}

/// <summary>A line, row or picture on its way to a page; <see cref="Parts"/> lie relative to its own top.</summary>
/// <param name="Before">Space above, dropped at the top of a page.</param>
/// <param name="KeepWithNext">No page may end after it.</param>
/// <param name="Header">Repeated above it when it starts a page (the head of its table).</param>
/// <param name="NewPage">Always starts a page.</param>
internal sealed record FlowItem(float Before, float Height, IReadOnlyList<Placed> Parts, bool KeepWithNext = false, IReadOnlyList<FlowItem>? Header = null, bool NewPage = false);
