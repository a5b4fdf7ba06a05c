using System.Net;
using AngleSharp;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.AspNetCore.Mvc.Testing;

namespace CivilAffairs.Tests.Support;

/// <summary>
/// Somebody with a browser that has no JavaScript: keeps cookies, reads pages, fills in their forms and sends them with
/// everything that is in them, the antiforgery token included.
/// </summary>
public sealed class SignedIn : IDisposable
{
    private SignedIn(HttpClient client) => Client = client;

    /// <summary>Keeps cookies, does not follow redirects.</summary>
    public HttpClient Client { get; }

    /// <summary>Not signed in yet.</summary>
    public static SignedIn Nobody(TestApp app) => new((app ?? throw new ArgumentNullException(nameof(app)))
        .CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false }));

    /// <summary>Signs in through the page.</summary>
    public static async Task<SignedIn> AsAsync(TestApp app, string userName, string password = TestAccounts.Password)
    {
        var person = Nobody(app);
        using var answer = await person.SignInAsync(userName, password);
        Assert.True(answer.StatusCode == HttpStatusCode.Redirect, $"{userName} was not let in: {(int)answer.StatusCode}");
        return person;
    }

    /// <summary>Sends the sign-in form; a redirect means success.</summary>
    public Task<HttpResponseMessage> SignInAsync(string userName, string password, string? returnUrl = null) =>
        SubmitAsync("/sign-in" + (returnUrl is null ? "" : $"?returnUrl={Uri.EscapeDataString(returnUrl)}"), new() { ["UserName"] = userName, ["Password"] = password });

    public Task<HttpResponseMessage> GetAsync(string path) => Client.GetAsync(new Uri(path, UriKind.Relative));

    /// <summary>The page, which must be there (200).</summary>
    public async Task<IDocument> PageAsync(string path)
    {
        using var answer = await GetAsync(path);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"GET {path}: {(int)answer.StatusCode} {answer.Headers.Location}");
        return await ReadAsync(answer);
    }

    /// <summary>Parses an answer's HTML.</summary>
    public static async Task<IDocument> ReadAsync(HttpResponseMessage answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var html = await answer.Content.ReadAsStringAsync();
        return await BrowsingContext.New(Configuration.Default).OpenAsync(request => request.Content(html));
    }

    /// <summary>Fetches a page, fills in and sends one of its forms.</summary>
    /// <param name="form">CSS selector; absent: the first form in the page's main part.</param>
    public async Task<HttpResponseMessage> SubmitAsync(string path, Dictionary<string, string> fields, string form = "main form")
    {
        using var page = await PageAsync(path);
        return await SendAsync(page, path, fields, form);
    }

    /// <summary>Fills in and sends a form of a page that was read before; what is not named keeps the page's value.</summary>
    public async Task<HttpResponseMessage> SendAsync(IDocument page, string path, Dictionary<string, string> fields, string form = "main form")
    {
        ArgumentNullException.ThrowIfNull(page);
        ArgumentNullException.ThrowIfNull(fields);
        var element = page.QuerySelector(form) as IHtmlFormElement ?? throw new InvalidOperationException($"{path} has no form {form}");
        var sent = Values(element).Where(v => !fields.ContainsKey(v.Key)).Concat(fields);
        using var content = new FormUrlEncodedContent(sent);
        var action = element.GetAttribute("action") is { Length: > 0 } set ? set : path;
        return await Client.PostAsync(new Uri(action, UriKind.Relative), content);
    }

    public void Dispose() => Client.Dispose();

    private static IEnumerable<KeyValuePair<string, string>> Values(IHtmlFormElement form)
    {
        foreach (var control in form.Elements)
            switch (control)
            {
                case IHtmlInputElement { Name.Length: > 0, Type: "checkbox" or "radio" } box when box.IsChecked: yield return new(box.Name!, box.Value); break;
                case IHtmlInputElement { Name.Length: > 0, Type: not ("checkbox" or "radio" or "submit" or "file") } input: yield return new(input.Name!, input.Value); break;
                case IHtmlSelectElement { Name.Length: > 0 } select: yield return new(select.Name!, select.Value ?? ""); break;
                case IHtmlTextAreaElement { Name.Length: > 0 } area: yield return new(area.Name!, area.Value); break;
            }
    }
}
