using System.Net;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Platform.Security;
using Microsoft.Playwright;

namespace CivilAffairs.Tests.Features.Operations;

/// <summary>The pages that libraries bring, in a real browser under our policy: nothing of them is blocked, and nobody else gets in.</summary>
public sealed class ToolPageTests(Browser browser) : IClassFixture<Browser>
{
    private static readonly Dictionary<string, string> Clock = new() { ["Jobs:Enabled"] = "true" };

    [BrowserFact]
    public async Task The_description_of_the_API_and_the_clock_open_without_a_fault()
    {
        await using var app = new TestApp(settings: Clock);
        app.UseKestrel(0);
        app.StartServer();
        var chief = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Administrator, "341299"), new HeldRole(Roles.Clerk, "341299101"));
        var page = await browser.PageAsync(1440, app.ClientOptions.BaseAddress.ToString());
        var (faults, foreign) = (new List<string>(), new List<string>());
        page.Console += (_, message) => { if (message.Type is "error") faults.Add(message.Text); };
        page.PageError += (_, error) => faults.Add(error);
        page.Request += (_, request) => { if (!request.Url.StartsWith(app.ClientOptions.BaseAddress.ToString(), StringComparison.Ordinal) && request.Url.StartsWith("http", StringComparison.Ordinal)) foreign.Add(request.Url); };
        await page.GotoAsync("/sign-in?returnUrl=%2Fmanage%2Faccounts");
        await page.FillAsync("#UserName", chief.UserName!);
        await page.FillAsync("#Password", TestAccounts.Password);
        await page.ClickAsync("main form button[type=submit]");
        await page.AtAsync("manage/accounts");

        await page.GotoAsync("/api/docs");
        await Assertions.Expect(page.GetByText("Claims a task").First).ToBeVisibleAsync(new() { Timeout = 30_000 });
        await Browser.PictureAsync(page, "api-docs-1440");
        foreach (var path in new[] { "/hangfire", "/hangfire/recurring", "/hangfire/jobs/succeeded", "/hangfire/servers" })
        {
            await page.GotoAsync(path);
            await Assertions.Expect(page.Locator(".navbar-brand")).ToHaveTextAsync("CivilAffairs");
        }
        await page.GotoAsync("/hangfire/recurring");
        await Assertions.Expect(page.GetByText("audit-head").First).ToBeVisibleAsync();
        await Browser.PictureAsync(page, "hangfire-1440");
        Assert.Empty(faults);
        Assert.Empty(foreign);

        // The ear is good, and so is the policy: a script that is not ours is blocked, and heard of.
        await page.EvaluateAsync("document.body.appendChild(Object.assign(document.createElement('script'), { textContent: 'window.forged = 1' }))");
        Assert.False(await page.EvaluateAsync<bool>("'forged' in window"));
        Assert.Contains(faults, f => f.Contains("Content Security Policy", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Everybody_reads_the_description_and_administrators_alone_see_the_clock(string kind)
    {
        await using var app = await Databases.StartAsync(kind, settings: Clock);
        var clerk = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Clerk, "341299101"));
        var number = TestAccounts.IdNumber();
        await TestAccounts.ApplicantAsync(app, number);
        using var nobody = SignedIn.Nobody(app);
        using var applicant = await SignedIn.AsAsync(app, number);
        using var officer = await SignedIn.AsAsync(app, clerk.UserName!);
        foreach (var path in new[] { "/api/docs", "/api/openapi/v1.json" })
        {
            // The description of the interface tells of nobody: whoever writes a program may read it.
            foreach (var person in (SignedIn[])[nobody, applicant, officer]) Assert.Contains(await StatusAsync(person, path), new[] { HttpStatusCode.OK, HttpStatusCode.Redirect });
        }
        foreach (var path in new[] { "/hangfire", "/hangfire/recurring", "/hangfire/js18140" })
        {
            Assert.Equal(HttpStatusCode.Redirect, await StatusAsync(nobody, path));
            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(applicant, path));
            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(officer, path));
        }
    }

    private static async Task<HttpStatusCode> StatusAsync(SignedIn person, string path)
    {
        using var answer = await person.GetAsync(path);
        return answer.StatusCode;
    }
}
