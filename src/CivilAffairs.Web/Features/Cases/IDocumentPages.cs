using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Cases;

/// <summary>Issued documents as they read, for pages that show one beside something else.</summary>
public interface IDocumentPages
{
    /// <summary>The content as safe HTML (classes <c>doc-…</c>); the look is noted.</summary>
    Task<string> HtmlAsync(Viewer viewer, IssuedDocument document, CancellationToken cancel = default);
}
