using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Designer.TryOut;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Designer.Papers;

/// <summary>
/// A template as it would come out, from a text that need not be saved: laid out by the renderer of the product's documents
/// and letters, so that page, PDF and what is sent are the same. Writes nothing; a look at a past case is in that case's audit.
/// </summary>
internal sealed class PaperPreview(TryOutPapers papers, PaperSamples samples, PastCases past)
{
    /// <param name="example">Of the matter; null: the first in which the template comes about, else a case that is made up.</param>
    /// <returns>A letter's or document's case with its names, for as many previews as wanted; null: there is no such template, or the matter cannot be read.</returns>
    /// <exception cref="SampleException">The matter's definitions do not let a case come about.</exception>
    public TryOutPaper? Sample(MatterRevision? revision, string file, string? example, JsonObject? application = null) =>
        revision is null || revision.Matter.Templates.All(t => t.File != file) ? null
            : samples.Of(revision, file, example ?? PaperSamples.Choices(revision, file).FirstOrDefault(c => c.Reaches)?.Example, application);

    /// <summary>The same of a case that is made up for the template, whatever the examples say.</summary>
    public TryOutPaper Made(MatterRevision revision, string file, JsonObject? application = null) => samples.Of(revision, file, null, application);

    /// <summary>The application of a past case, in which nobody is known.</summary>
    /// <exception cref="Cases.Commands.UnknownCaseException">None that this viewer may take.</exception>
    /// <exception cref="Cases.CaseErasedException">Its contents were destroyed.</exception>
    public Task<JsonObject> PastAsync(Viewer viewer, string matter, Guid caseId, CancellationToken cancel = default) => past.OpenAsync(viewer, matter, caseId, cancel);

    public Task<IReadOnlyList<PastCase>> PastCasesAsync(Viewer viewer, string matter, CancellationToken cancel = default) => past.ListAsync(viewer, matter, cancel);

    /// <param name="text">As typed.</param>
    /// <param name="english">The text is that of a letter's English twin.</param>
    public ShownPaper Show(MatterRevision revision, TryOutPaper sample, string text, bool english)
    {
        try
        {
            return papers.Fill(revision, sample, text, english);
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            // A form that changed under its example: an answer of another kind than its question.
            return new ShownPaper(null, "", new PaperFault("sample", null));
        }
    }

    /// <summary>What the template may name, with what stands there in the sample; empty where the sample does not fit the form.</summary>
    public IReadOnlyList<PaperName> Names(MatterRevision revision, TryOutPaper sample, bool english)
    {
        try
        {
            return PaperName.Of(revision, papers.Names(revision, sample, english), english);
        }
        catch (Exception e) when (e is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            return [];
        }
    }
}
