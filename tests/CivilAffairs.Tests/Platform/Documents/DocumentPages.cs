using System.Text.RegularExpressions;
using CivilAffairs.Tests.Features.Matters;
using CivilAffairs.Tests.Features.Matters.Templates;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Platform.Documents;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;

namespace CivilAffairs.Tests.Platform.Documents;

/// <summary>
/// A small site with every document of every shipped matter on two kinds of page: <c>/paper/N</c> as an officer previews
/// it, <c>/flow/N</c> as a notice reads on a phone. Style sheets and security headers are the product's own.
/// </summary>
public sealed partial class DocumentPages : IAsyncLifetime
{
    private WebApplication site = null!;

    /// <summary>Names of the documents, in the order of their numbers: matter and template, and the samples of these tests.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. All().Select(d => d.Name)];

    public string Address => site.Urls.Single();

    /// <summary>Numbers of documents in which, together, every element with every class stands that any document has.</summary>
    public IReadOnlyList<int> OneOfEachMarkup { get; private set; } = [];

    public async Task InitializeAsync()
    {
        var documents = All().Select(d => d.Make()).ToList();
        var seen = new HashSet<string>();
        OneOfEachMarkup = [.. documents.Index().Where(d => Markup().Matches(d.Item.WebHtml).Select(m => m.Value).Where(seen.Add).ToList().Count > 0).Select(d => d.Index)];
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        site = builder.Build();
        site.UseSecurityHeaders();
        site.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(Repository.Path("src", "CivilAffairs.Web", "wwwroot")) });
        site.MapGet("/paper/{number:int}", (int number) => Page($"<h1>预览</h1><div class=\"document-preview\">{documents[number].ToPreviewHtml()}</div>"));
        site.MapGet("/flow/{number:int}", (int number) => Page($"<article class=\"document\">{documents[number].WebHtml}</article>"));
        await site.StartAsync();
        var folder = Directory.CreateDirectory(Repository.Path("artifacts", "documents")).FullName;
        foreach (var (name, document) in Names.Zip(documents)) await File.WriteAllBytesAsync(Path.Combine(folder, $"{name}.pdf"), document.ToPdf(Samples.Issued, name));
    }

    public async Task DisposeAsync() => await site.DisposeAsync();

    /// <summary>An element as it begins, up to its class.</summary>
    [GeneratedRegex("""<[a-z0-9]+(?: [^>]*?class="[^"]*")?""")]
    private static partial Regex Markup();

    private static IResult Page(string content) => Results.Content($"""
        <!DOCTYPE html>
        <html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>文书</title>
        <link rel="stylesheet" href="/css/site.css"><link rel="stylesheet" href="/css/document.css"><link rel="icon" href="data:,"></head>
        <body><header class="masthead"><div class="wrap"><a class="brand" href="/">民政事项办理</a></div></header><main><div class="wrap">{content}</div></main></body></html>
        """, "text/html; charset=utf-8");

    private static IEnumerable<(string Name, Func<LaidOutDocument> Make)> All()
    {
        yield return ("sample-acceptance", () => Samples.Lay(Samples.Acceptance, Samples.AcceptanceData));
        yield return ("sample-notice", () => Samples.Lay(Samples.Notice, Samples.NoticeData(40)));
        yield return ("sample-confirmation", () => Samples.Lay(Samples.Confirmation, Samples.ConfirmationData));
        foreach (var folder in ShippedMatters.Folders)
        {
            var revision = ShippedMatters.Load(folder).Revision!;
            foreach (var template in revision.Matter.Templates.Where(t => t.Kind != "mail"))
                yield return ($"{Path.GetFileName(folder)}-{Path.GetFileNameWithoutExtension(template.File)}",
                    () => Samples.Renderer.Render(revision.Templates[template.File], TemplateData.For(revision), Samples.Chinese));
        }
    }
}
