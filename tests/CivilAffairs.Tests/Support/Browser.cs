using Microsoft.Playwright;

namespace CivilAffairs.Tests.Support;

/// <summary>
/// Debian's Chromium, headless, one process for the tests of a class (an xunit class fixture): its shell, which has no window to draw and
/// takes two thirds of the time for a page and its picture, or the whole program on a system that has no shell of it.
/// </summary>
public sealed class Browser : IAsyncLifetime
{
    private static readonly string? Program = new[] { "/usr/bin/chromium-headless-shell", "/usr/bin/chromium" }.FirstOrDefault(File.Exists);
    private IPlaywright? playwright;
    private IBrowser? chromium;

    /// <summary>Why no browser test can run here; null where they can.</summary>
    public static string? Missing => Program is not null ? null : "Chromium is not installed (tests/run.sh installs it).";

    public async Task InitializeAsync()
    {
        if (Missing is not null) return;
        Assertions.SetDefaultExpectTimeout(30_000);
        playwright = await Playwright.CreateAsync();
        chromium = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Program, Args = ["--no-sandbox", "--disable-dev-shm-usage"] });
    }

    /// <summary>A page of its own, without cookies, in the bureau's language and zone. Dispose its context with <see cref="IBrowserContext.CloseAsync"/>, or leave it to the end of the class.</summary>
    /// <param name="width">Of the window, in CSS pixels.</param>
    /// <param name="baseUrl">What relative addresses are relative to.</param>
    public async Task<IPage> PageAsync(int width, string? baseUrl = null, bool javaScript = true)
    {
        var context = await chromium!.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = 900 }, BaseURL = baseUrl, JavaScriptEnabled = javaScript, Locale = "zh-CN", TimezoneId = "Asia/Shanghai", ReducedMotion = ReducedMotion.Reduce,
        });
        return await context.NewPageAsync();
    }

    /// <summary>Nothing moves any more: a page that still fades in shows colours that nobody is meant to read.</summary>
    public static Task SettledAsync(IPage page) =>
        page.WaitForFunctionAsync("() => document.getAnimations().every(a => a.playState !== 'running' || a.effect?.getComputedTiming().iterations === Infinity)");

    /// <summary>Leaves the whole page as a picture in <c>artifacts/screenshots</c>, for a person to look at.</summary>
    public static Task PictureAsync(IPage page, string name) =>
        page.ScreenshotAsync(new() { Path = Repository.Path("artifacts", "screenshots", $"{name}.png"), FullPage = true });

    /// <summary>How many CSS pixels the page is wider than its window; 0 where nothing has to be scrolled sideways.</summary>
    public static Task<int> OverflowAsync(IPage page) => page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");

    public async Task DisposeAsync()
    {
        if (chromium is not null) await chromium.DisposeAsync();
        playwright?.Dispose();
    }
}

/// <summary>A test that needs a browser: skipped with the reason on a machine without one, never in CI, where it fails instead.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("CI") != "true") Skip = Browser.Missing;
    }
}

/// <summary><see cref="BrowserFactAttribute"/> for a theory.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute()
    {
        if (Environment.GetEnvironmentVariable("CI") != "true") Skip = Browser.Missing;
    }
}
