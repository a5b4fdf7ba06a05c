using System.Globalization;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.CommandLine;
using NJsonSchema;

namespace CivilAffairs.Tests.Features.CommandLine;

/// <summary><c>run</c> over a definition of a matter: its parameters, the caller's facts, and output that keeps to its schema.</summary>
public sealed class RunVerbTests : IDisposable
{
    private static readonly string Apply = Repository.Path("workflows", "rural-dibao", "apply.workflow.json");
    private readonly string folder = Directory.CreateTempSubdirectory("civilaffairs-run").FullName;

    private static readonly string[] Facts =
    [
        "--fact", "hukouType=rural", "--fact", "authorised=true", "--fact", "singlePerson=false", "--fact", "singleQualifies=false",
        "--fact", "relativeDeclared=false", "--fact", "residenceSeparated=false",
    ];

    private static readonly string[] Answers =
    [
        "--answer", "accept=Accept", "--answer", "visit=Done", "--answer", "visit=Done", "--answer", "neighbours=Done", "--answer", """check={"outcome":"Pass","savingsFen":500000}""",
        "--answer", """opinion={"outcome":"Support","members":4,"protectedPersons":4,"incomeFen":2160000,"category":"stable","complaint":false}""",
        "--answer", "countyReview=Agree", "--answer", "confirm=Grant",
    ];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_matters_workflow_runs_to_the_grant_with_its_first_values_and_the_shipped_calendar()
    {
        var result = Json(["run", Apply, .. Facts, .. Answers, "--json"]);
        Assert.Equal("Finished", result["status"]!.GetValue<string>());
        Assert.Equal(120_000, Effect(result, "GrantBenefit")["amountFen"]!.GetValue<int>());
        // 30 working days after Monday 2026-01-05, over the Spring Festival of the shipped calendar.
        Assert.Equal("2026-02-14", Effect(result, "SetCaseClock")["limit"]!["lastDay"]!.GetValue<string>());
    }

    [Fact]
    public void The_caller_may_give_another_value_than_the_matter()
    {
        var result = Json(["run", Apply, .. Facts, .. Answers, "--parameter", "dibao.rural.standard=960000", "--parameter", "dibao.limit.total=5wd", "--json"]);
        Assert.Equal(140_000, Effect(result, "GrantBenefit")["amountFen"]!.GetValue<int>());
        Assert.Equal("2026-01-12", Effect(result, "SetCaseClock")["limit"]!["lastDay"]!.GetValue<string>());
    }

    [Fact]
    public void A_fact_that_nobody_gave_is_a_fault_and_not_a_guess()
    {
        var (code, text, _) = Call(["run", Apply, "--answer", "accept=Accept"]);
        Assert.Equal((1, "status: Faulted\n"), (code, text));
    }

    [Fact]
    public void Facts_and_parameters_are_json_where_they_can_be_and_else_text()
    {
        var file = Write(new Flow().Add("Elsa.WriteLine", "w", ("text", "js:typeof getFact('n') + typeof getFact('b') + typeof getFact('t') + getParameter('limit')")));
        Assert.Equal((0, "numberbooleanstring10wd\nstatus: Finished\n", ""), Call(["run", file, "--fact", "n=5", "--fact", "b=true", "--fact", "t=rural", "--parameter", "limit=10wd"]));
    }

    [Theory]
    [InlineData("--fact")]
    [InlineData("--fact", "novalue")]
    [InlineData("--parameter", "=5")]
    [InlineData("--weather", "fine")]
    public void Words_that_are_off_are_told(params string[] words)
    {
        var (code, text, errors) = Call(["run", Apply, .. words]);
        Assert.Equal((2, ""), (code, text));
        Assert.NotEmpty(errors);
    }

    [Fact]
    public void An_answer_that_the_task_does_not_take_is_told_and_not_a_crash()
    {
        var (code, _, errors) = Call(["run", Apply, .. Facts, "--answer", "accept=Perhaps"]);
        Assert.Equal(2, code);
        Assert.Contains("Perhaps", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_output_keeps_to_its_schema()
    {
        var schema = await Schema();
        Assert.Empty(Faults(schema, Json(["run", Apply, .. Facts, .. Answers, "--json"])));
        Assert.Empty(Faults(schema, Json(["run", Write(Everything()), "--answer", "ask=yes", "--answer", "hear=", "--json"])));
        Assert.Empty(Faults(schema, Json(["run", Write(new Flow().Add("Elsa.Fault", "f", ("message", "no"))), "--json"])));
    }

    [Fact]
    public async Task The_schema_sees_output_that_is_off()
    {
        var schema = await Schema();
        foreach (var spoil in new Action<JsonObject>[]
        {
            r => r.Remove("journal"), r => r["surprise"] = 1, r => r["status"] = "Done", r => r["journal"]![0]!["event"] = "Slept",
            r => Effect(r, "GrantBenefit")["amountFen"] = 1200.5, r => Effect(r, "CreateTask").AsObject().Remove("role"), r => r["effects"]![0]!["effect"] = "Rejoice",
        })
        {
            var result = Json(["run", Apply, .. Facts, .. Answers, "--json"]);
            spoil(result);
            Assert.NotEmpty(Faults(schema, result));
        }
    }

    [Fact]
    public async Task The_schema_knows_every_effect()
    {
        var effects = typeof(Effect).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Effect)) && !t.IsAbstract).Select(t => t.Name);
        Assert.Empty(effects.Except((await Schema()).Definitions.Keys));
    }

    /// <summary>The stock activities and case activities whose effects the matter's workflow does not show.</summary>
    private static Flow Everything() => new Flow()
        .Add("Elsa.RunTask", "ask", ("taskName", "ask"), ("payload", "js:({a: 1})")).Add("Elsa.Delay", "wait", ("timeSpan", "00:00:01")).Add("Elsa.Event", "hear", ("eventName", "Heard"))
        .Add("Elsa.SendEmail", "mail", ("to", "[\"office@example.gov.cn\"]"), ("subject", "s"), ("body", "b")).Add("Elsa.PublishEvent", "tell", ("eventName", "Told"))
        .Add("CivilAffairs.AdjustBenefit", "adjust", ("benefit", "b"), ("amount", 100), ("reason", "r")).Add("CivilAffairs.EndBenefit", "end", ("benefit", "b"), ("lastMonth", "thisMonth"), ("reason", "r"))
        .Add("CivilAffairs.IssueCertificate", "issue", ("certificate", "c"), ("validFrom", "2026-01-01")).Add("CivilAffairs.OpenCase", "open", ("matter", "m"), ("workflow", "w"), ("reason", "r"))
        .Add("CivilAffairs.RegisterEntry", "enter", ("register", "r"), ("entry", "[1]"))
        .Add("CivilAffairs.ApplicantTask", "correct", ("kind", "Correction"), ("title", "补正"), ("finishWithin", "2wd"), ("outcomes", "[\"Ok\"]")).Add("Elsa.End", "stop")
        .Connect("ask", "wait").Connect("wait", "hear").Connect("hear", "mail").Connect("mail", "tell").Connect("tell", "adjust").Connect("adjust", "end").Connect("end", "issue")
        .Connect("issue", "open").Connect("open", "enter").Connect("enter", "correct").Connect("correct", "stop", "Ok").Connect("correct", "stop", "Expired");

    private static JsonNode Effect(JsonObject result, string kind) => result["effects"]!.AsArray().First(e => e!["effect"]!.GetValue<string>() == kind)!;

    private static IEnumerable<string> Faults(JsonSchema schema, JsonObject result) => schema.Validate(result.ToJsonString()).Select(e => $"{e.Path}: {e.Kind}");

    private static Task<JsonSchema> Schema() =>
        JsonSchema.FromFileAsync(Repository.Path("src", "CivilAffairs.Web", "Features", "CommandLine", "Schemas", "run-result.schema.json"));

    private string Write(Flow flow)
    {
        var path = Path.Combine(folder, $"{Guid.NewGuid():N}.json");
        File.WriteAllText(path, flow.ToString());
        return path;
    }

    private static JsonObject Json(string[] args) => JsonNode.Parse(Call(args).Text)!.AsObject();

    private static (int Code, string Text, string Errors) Call(string[] args)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        using var errors = new StringWriter(CultureInfo.InvariantCulture);
        var code = Verbs.TryRun(args, output, errors);
        return (code!.Value, output.ToString(), errors.ToString());
    }
}
