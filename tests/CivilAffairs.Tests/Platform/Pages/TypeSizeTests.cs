using System.Net;
using CivilAffairs.Tests.Support;

namespace CivilAffairs.Tests.Platform.Pages;

/// <summary>Large type is chosen by a form, kept in a cookie and needs no script.</summary>
public sealed class TypeSizeTests(SqliteApp app) : IClassFixture<SqliteApp>
{
    [Fact]
    public async Task Large_type_is_chosen_kept_and_given_up_again()
    {
        using var nobody = SignedIn.Nobody(app);
        using (var first = await nobody.PageAsync("/"))
        {
            Assert.DoesNotContain("large", first.DocumentElement.ClassList);
            using var chosen = await nobody.SendAsync(first, "/", [], "form.type-size");
            Assert.Equal(("/", HttpStatusCode.Redirect), (chosen.Headers.Location?.OriginalString, chosen.StatusCode));
        }
        using var large = await nobody.PageAsync("/sign-in");
        Assert.Contains("large", large.DocumentElement.ClassList);
        Assert.Equal("标准字号", large.QuerySelector(".type-size button")!.TextContent);
        using (await nobody.SendAsync(large, "/sign-in", [], "form.type-size")) { }
        using var normal = await nobody.PageAsync("/");
        Assert.DoesNotContain("large", normal.DocumentElement.ClassList);
    }

    [Fact]
    public async Task It_leads_nowhere_else_takes_no_other_size_and_wants_the_forms_token()
    {
        using var nobody = SignedIn.Nobody(app);
        using var page = await nobody.PageAsync("/");
        using (var elsewhere = await nobody.SendAsync(page, "/", new() { ["returnUrl"] = "//example.invalid", ["size"] = "huge" }, "form.type-size"))
            Assert.Equal("/", elsewhere.Headers.Location?.OriginalString);
        using (var after = await nobody.PageAsync("/")) Assert.DoesNotContain("large", after.DocumentElement.ClassList);
        foreach (var (path, field, value) in ((string, string, string)[])[("/type-size", "size", "large"), ("/language", "culture", "en")])
        {
            using var content = new FormUrlEncodedContent([new(field, value)]);
            using var forged = await nobody.Client.PostAsync(new Uri(path, UriKind.Relative), content);
            Assert.Equal((HttpStatusCode.BadRequest, false), (forged.StatusCode, forged.Headers.Contains("Set-Cookie")));
        }
    }
}
