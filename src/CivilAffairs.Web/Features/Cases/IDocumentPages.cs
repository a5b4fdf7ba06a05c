using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Cases;

/// <summary>Issued documents as they read, for pages that show one beside something else.</summary>
public interface IDocumentPages
{
    /// <summary>The content as safe HTML (classes <c>doc-…</c>); the look is noted.</summary>
    Task<string> HtmlAsync(Viewer viewer, IssuedDocument document, CancellationToken cancel = default);

    /// <summary>What it is made from, for a file that is bound of several; whoever shows it notes the look.</summary>
    Task<(string Template, JsonNode Data)> SourceAsync(IssuedDocument document, CancellationToken cancel = default);
}
