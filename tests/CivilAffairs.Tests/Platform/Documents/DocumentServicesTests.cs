using CivilAffairs.Web.Platform.Documents;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CivilAffairs.Tests.Platform.Documents;

public sealed class DocumentServicesTests
{
    [Fact]
    public void The_renderer_comes_from_the_container_and_serves_many_at_once()
    {
        using var services = new ServiceCollection().AddLogging().AddDocuments().BuildServiceProvider();
        var renderer = services.GetRequiredService<DocumentRenderer>();
        Assert.Same(renderer, services.GetRequiredService<DocumentRenderer>());
        var data = System.Text.Json.Nodes.JsonNode.Parse(Samples.AcceptanceData)!;
        var files = new byte[24][];
        Parallel.For(0, files.Length, i => files[i] = renderer.Render(Samples.Acceptance, data.DeepClone(), Samples.Chinese).ToPdf(Samples.Issued, "受理通知书"));
        Assert.All(files, f => Assert.Equal(files[0], f));
    }

    /// <summary>Where the program ends while a paper is laid out: native memory that was freed would end the process without a word.</summary>
    [Fact]
    public void A_font_that_was_given_back_says_so()
    {
        var fonts = new CivilAffairs.Web.Platform.Documents.Fonts.DocumentFonts();
        Assert.True(fonts.Has('永'));
        fonts.Dispose();
        Assert.Throws<ObjectDisposedException>(() => fonts.Has('远'));
        Assert.Throws<ObjectDisposedException>(() => fonts.Reduced(false, ['永']));
    }
}
