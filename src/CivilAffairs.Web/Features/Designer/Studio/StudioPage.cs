using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace CivilAffairs.Web.Features.Designer.Studio;

/// <summary>A page that holds one element of Elsa Studio, under <c>/studio/</c>, where its files lie too.</summary>
[ResponseCache(NoStore = true, Location = ResponseCacheLocation.None)]
internal abstract class StudioPage(StudioFiles files, StudioGuard guard) : PageModel
{
    // In this order, as the package's own page has them; the last one starts the Studio. Fonts of elsewhere are left out.
    private static readonly string[] StyleFiles =
    [
        "_content/MudBlazor/MudBlazor.min.css", "_content/CodeBeam.MudBlazor.Extensions/MudExtensions.min.css", "_content/Radzen.Blazor/css/material-base.css",
        "_content/Elsa.Studio.Shell/css/shell.css", "Elsa.Studio.Host.CustomElements.styles.css",
    ];

    private static readonly string[] ScriptFiles =
    [
        "_content/BlazorMonaco/jsInterop.js", "_content/BlazorMonaco/lib/monaco-editor/min/vs/loader.js", "_content/BlazorMonaco/lib/monaco-editor/min/vs/editor/editor.main.js",
        "_content/MudBlazor/MudBlazor.min.js", "_content/CodeBeam.MudBlazor.Extensions/MudExtensions.min.js", "_content/Radzen.Blazor/Radzen.Blazor.js", "_framework/blazor.webassembly.js",
    ];

    /// <summary>False: the build had no npm; the page says what to do instead.</summary>
    public bool IsInstalled => files.AreInstalled;
    public static string Styles => string.Join(' ', StyleFiles);
    public static string Scripts => string.Join(' ', ScriptFiles);
    public Guid Account => User.AccountId()!.Value;

    /// <summary>The Studio's element, the attribute that names what it shows, and its value.</summary>
    public abstract string Element { get; }
    public abstract string IdName { get; }
    public abstract string ElementId { get; }

    /// <summary>Path of the API that it asks.</summary>
    public abstract string Api { get; }

    /// <summary>Path of what the header tells anew after a save; null: nothing is saved here.</summary>
    public virtual string? StateAddress => null;

    /// <summary>What outcomes are called on the diagram, by their codes.</summary>
    public string Outcomes { get; protected set; } = "{}";

    /// <summary>Lets the page that is answered write.</summary>
    protected void LetWrite() => guard.Let(HttpContext, Account);
}
