using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Jobs;
using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Telemetry;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace CivilAffairs.Tests.Features.Operations;

/// <summary>
/// Cases are played and people come to the pages while somebody listens to the log and at the collector: neither learns
/// who they are. The collector is a real one: the bytes are those that leave the process.
/// </summary>
public sealed partial class PrivacyTests
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Log_and_telemetry_tell_what_happens_and_of_nobody(string kind)
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var app = new ListenedApp(await Databases.FreshAsync(kind), collector.Settings);
        var story = new CaseStory(app);
        var household = Personal((await story.PrepareAsync("granted")).Form).ToList();
        Assert.Contains("王建国", household);
        Assert.InRange(household.Count, 12, 40);
        foreach (var name in new[] { "granted", "refused", "corrected" }) await story.PlayAsync(name);
        await VisitAsync(app, story, household);
        // What goes wrong is told without its words.
        await ActivatorUtilities.CreateInstance<JobRunner>(app.Services, (IEnumerable<IJob>)[new Failing(household[0])]).TickAsync("failing");
        app.Flush();

        await collector.WaitForAsync("command task.complete", "traces");
        await collector.WaitForAsync("GET my", "traces");
        await collector.WaitForAsync("job failing", "traces");
        foreach (var measure in new[] { "civilaffairs.command.duration", "civilaffairs.job.duration", "civilaffairs.writer.group", "civilaffairs.writer.waiting", "civilaffairs.outbox.waiting", "civilaffairs.timers.due", "http.server.request.duration" })
            await collector.WaitForAsync(measure, "metrics");
        Assert.Contains(app.Lines, l => l.Contains("\"Job failing failed\"", StringComparison.Ordinal) && l.Contains("System.FormatException", StringComparison.Ordinal));
        Assert.Empty(Told(household, app.Lines, collector));

        // The ears are good: one word in passing, and each of them hears it.
        Came(app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Test"), household[0]);
        using (var span = ProductTelemetry.Source.StartActivity("visit")) span!.SetTag("who", household[1]);
        app.Flush();
        await collector.WaitForAsync("visit", "traces");
        Assert.Equal([household[0], household[1]], Told(household, app.Lines, collector));
    }

    [Fact]
    public async Task Each_request_leaves_a_line_with_its_template_and_its_trace()
    {
        await using var app = new ListenedApp(null, []);
        var officer = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Clerk, "341299101"));
        using var person = await SignedIn.AsAsync(app, officer.UserName!);
        var id = Guid.NewGuid();
        using (var missing = await person.GetAsync($"/notices/{id}?q=secret")) Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        using (var nowhere = await person.GetAsync("/secret/place")) Assert.Equal(HttpStatusCode.NotFound, nowhere.StatusCode);
        using (var style = await person.GetAsync("/css/site.css")) Assert.Equal(HttpStatusCode.OK, style.StatusCode);
        using (var ready = await person.GetAsync("/health/ready")) Assert.Equal(HttpStatusCode.OK, ready.StatusCode);

        var lines = app.Lines.Select(l => JsonNode.Parse(l)!).Where(l => (int)l["EventId"]! == 1000).ToList();
        JsonNode Line(string route) => Assert.Single(lines, l => (string)l["State"]!["Route"]! == route)["State"]!;
        Assert.Equal(("GET", 404, officer.Id.ToString()), ((string)Line("/notices/{id:guid}")["Method"]!, (int)Line("/notices/{id:guid}")["Status"]!, (string?)Line("/notices/{id:guid}")["Account"]));
        Assert.Equal(404, (int)Line("(none)")["Status"]!);
        Assert.Equal(200, (int)Line("(file)")["Status"]!);
        Assert.Contains(lines, l => (string)l["State"]!["Route"]! == "/sign-in" && (string)l["State"]!["Method"]! == "POST");
        Assert.All(lines, l => Assert.Matches("\"TraceId\":\"[0-9a-f]{32}\"", l.ToJsonString()));
        Assert.DoesNotContain(app.Lines, l => l.Contains("secret", StringComparison.Ordinal) || l.Contains(id.ToString(), StringComparison.Ordinal));
        Assert.DoesNotContain(lines, l => ((string)l["State"]!["Route"]!).StartsWith("/health", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_collector_nothing_is_gathered()
    {
        await using var app = new ListenedApp(null, []);
        Assert.Null(app.Services.GetService<TracerProvider>());
        Assert.Null(app.Services.GetService<MeterProvider>());
    }

    private static async Task VisitAsync(TestApp app, CaseStory story, List<string> household)
    {
        var number = TestAccounts.IdNumber();
        await TestAccounts.ApplicantAsync(app, number, household[0], mobile: "13800000001");
        using var applicant = SignedIn.Nobody(app);
        using (var wrong = await applicant.SignInAsync(household[0], "wrong-password")) Assert.Equal(HttpStatusCode.OK, wrong.StatusCode);
        using (var right = await applicant.SignInAsync(number, TestAccounts.Password)) Assert.Equal(HttpStatusCode.Redirect, right.StatusCode);
        foreach (var path in new[] { "/my", $"/my?q={household[0]}", $"/{household[0]}", $"/verify/{household[0]}", $"/my/cases/{Guid.NewGuid()}" }) (await applicant.GetAsync(path)).Dispose();
        var clerk = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Clerk, story.Township));
        using var officer = await SignedIn.AsAsync(app, clerk.UserName!);
        foreach (var path in new[] { "/desk", $"/desk/search?q={household[0]}", "/api/v1/tasks", $"/api/v1/tasks?matter={household[0]}" }) (await officer.GetAsync(path)).Dispose();
        using var content = JsonContent.Create(new JsonObject { ["outcome"] = household[0], ["fields"] = new JsonObject { [household[1]] = 1 } });
        content.Headers.Add("Idempotency-Key", "k");
        (await officer.Client.PostAsync(new Uri($"/api/v1/tasks/{Guid.NewGuid()}/complete", UriKind.Relative), content)).Dispose();
    }

    /// <summary>Everything of the household that the log or the collector was told.</summary>
    private static IEnumerable<string> Told(IEnumerable<string> household, IReadOnlyCollection<string> lines, OtlpReceiver collector) =>
        household.Where(word => lines.Any(l => l.Contains(word, StringComparison.Ordinal)) || collector.Has(word));

    /// <summary>Names, numbers, addresses and free words of a form.</summary>
    private static IEnumerable<string> Personal(JsonNode? node) => (node switch
    {
        JsonObject fields => fields.SelectMany(f => f.Value is JsonValue value && value.GetValueKind() == JsonValueKind.String ? IsPersonal(f.Key) ? [(string)value!] : [] : Personal(f.Value)),
        JsonArray items => items.SelectMany(Personal),
        _ => [],
    }).Distinct();

    private static bool IsPersonal(string key) => key is "name" or "idNumber" or "phone" or "hukouAddress" or "owner" or "holder" or "number" or "text" or "signature" or "bank";

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "{Name} came")]
    private static partial void Came(ILogger log, string name);

    private sealed class Failing(string words) : IJob
    {
        public string Id => "failing";
        public string Cron => "0 0 * * *";
        public Task<int> RunAsync(CancellationToken cancel) => throw new FormatException(words);
    }

    /// <summary>As in production, with somebody who listens.</summary>
    private sealed class ListenedApp(string? connection, Dictionary<string, string> settings) : TestApp(connection, settings: new Dictionary<string, string>(settings) { ["environment"] = "Production" })
    {
        public IReadOnlyCollection<string> Lines => Services.GetServices<ILoggerProvider>().OfType<OverheardLog>().Single().Lines;

        public void Flush()
        {
            Services.GetRequiredService<TracerProvider>().ForceFlush();
            Services.GetRequiredService<MeterProvider>().ForceFlush();
        }

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            base.ConfigureWebHost(builder);
            builder.ConfigureServices(services => services.AddSingleton<ILoggerProvider>(provider => new OverheardLog(provider)));
        }
    }
}
