using System.Globalization;
using CivilAffairs.Web.Platform.Data;

namespace CivilAffairs.Web.Platform.Documents;

/// <summary>
/// A document or message was not laid out in its time. No fault of its template, whose steps, rows and pages are counted by
/// themselves: the same data may well be laid out a moment later, on a machine with less to do. So whoever gets it tries again,
/// and nothing is refused or parked for it.
/// </summary>
/// <param name="limit">The time that was passed.</param>
public sealed class SlowRenderingException(TimeSpan limit)
    : BusyException(DocumentTexts.Sentence(null, "TooSlow", [limit.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)], CultureInfo.CurrentUICulture));
