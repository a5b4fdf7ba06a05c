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
}
