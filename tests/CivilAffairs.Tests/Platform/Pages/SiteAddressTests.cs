using CivilAffairs.Web.Platform.Pages;
using Microsoft.Extensions.Configuration;

namespace CivilAffairs.Tests.Platform.Pages;

public sealed class SiteAddressTests
{
    [Theory]
    [InlineData(null, null, "http://localhost:5000/my")]
    [InlineData(null, "http://127.0.0.1:5640", "http://127.0.0.1:5640/my")]
    [InlineData(null, "http://*:8080;https://*:8443", "http://localhost:8080/my")]
    [InlineData(null, "http://0.0.0.0:8080/", "http://localhost:8080/my")]
    [InlineData("https://civil.example/", "http://*:8080", "https://civil.example/my")]
    public void A_link_leads_to_the_set_address_or_to_where_the_product_listens(string? site, string? urls, string link) =>
        Assert.Equal(link, new SiteAddress(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Site:Url"] = site, ["urls"] = urls }).Build()).Of("/my"));
}
