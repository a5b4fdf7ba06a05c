using System.Globalization;

namespace CivilAffairs.Web.Platform.Documents;

/// <summary>Where rendering stops with an error instead of taking the process with it.</summary>
/// <param name="Steps">Liquid statements and loop turns.</param>
/// <param name="Characters">Characters of HTML after Liquid, and of any one text a template builds.</param>
/// <param name="Rows">Rows of one table.</param>
/// <param name="Columns">Columns of one table.</param>
/// <param name="Pages">Pages of one document.</param>
/// <param name="Time">From template to layout. A machine that is busy passes it too: see <see cref="SlowRenderingException"/>.</param>
public sealed record DocumentLimits(int Steps, int Characters, int Rows, int Columns, int Pages, TimeSpan Time)
{
    /// <summary>The limits stated in <c>docs/document-templates.md</c>.</summary>
    public static DocumentLimits Default { get; } = new(200_000, 200_000, 2_000, 12, 100, TimeSpan.FromSeconds(5));

    /// <summary>Of a whole case file 案卷, bound by a job: many documents, pictures and a long history, all of them together.</summary>
    public static DocumentLimits CaseFile { get; } = new(1_000_000, 1_000_000, 4_000, 12, 400, TimeSpan.FromSeconds(60));

    /// <summary>Time instead of <see cref="Time"/> where nobody looks on, or what is decided cannot do without: a busy machine may take it.</summary>
    public static TimeSpan Unhurried { get; } = TimeSpan.FromSeconds(60);
}

/// <summary>The time one rendering has left; asked at every paragraph, row and page.</summary>
internal sealed class RenderBudget(DocumentLimits limits, TimeProvider time, TimeSpan? patience = null)
{
    private readonly long _start = time.GetTimestamp();
    private readonly TimeSpan _most = patience ?? limits.Time;

    public DocumentLimits Limits => limits;

    public bool IsOver() => time.GetElapsedTime(_start) > _most;

    public void Check()
    {
        if (IsOver()) throw TooSlow();
    }

    public SlowRenderingException TooSlow() => new(_most);
}
