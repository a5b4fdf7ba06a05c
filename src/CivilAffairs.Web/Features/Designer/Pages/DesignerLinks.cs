using System.Text.RegularExpressions;

namespace CivilAffairs.Web.Features.Designer.Pages;

/// <summary>A page about a matter that another part of the product brings.</summary>
/// <param name="Text">Key in <see cref="DesignerTexts"/>.</param>
/// <param name="Value">For the text's place; null: it has none.</param>
internal sealed record DesignerLink(string Text, string? Value, string Href);

/// <summary>Where a matter can be opened, tried and its cases moved: what this installation has a route for, and nothing else.</summary>
internal sealed partial class DesignerLinks(EndpointDataSource routes)
{
    /// <summary>For the draft where there is one, else for the current version.</summary>
    public IEnumerable<DesignerLink> Of(MatterLife life)
    {
        if (Has("/studio/edit/{}/{}"))
            foreach (var workflow in life.Workflows) yield return new DesignerLink("Edit", workflow, $"/studio/edit/{life.Id}/{Uri.EscapeDataString(workflow)}");
        foreach (var (editor, text) in new[] { ("form", "EditForm"), ("people", "EditPeople"), ("limits", "EditLimits") })
            if (Has($"/desk/matters/{{}}/draft/{editor}")) yield return new DesignerLink(text, null, $"/desk/matters/{life.Id}/draft/{editor}");
        if (Has("/desk/matters/{}/papers")) yield return new DesignerLink("Papers", null, $"/desk/matters/{life.Id}/papers");
        if (Has("/desk/matters/{}/settings")) yield return new DesignerLink("Settings", null, $"/desk/matters/{life.Id}/settings");
        if (Has("/desk/matters/{}/try")) yield return new DesignerLink("Try", null, $"/desk/matters/{life.Id}/try");
        if (life.Draft is not null && life.Current is not null && Has("/desk/matters/{}/what-if")) yield return new DesignerLink("WhatIf", null, $"/desk/matters/{life.Id}/what-if");
        if (life.Current is not null && Has("/desk/matters/{}/cases")) yield return new DesignerLink("Cases", null, $"/desk/matters/{life.Id}/cases");
    }

    private bool Has(string pattern) => routes.Endpoints.OfType<RouteEndpoint>().Any(e => Place().Replace("/" + e.RoutePattern.RawText?.Trim('/'), "{}") == pattern);

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Place();
}
