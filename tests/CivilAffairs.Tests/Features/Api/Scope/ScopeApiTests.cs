using System.Net;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Tests.Features.Api.Scope;

/// <summary>Person × jurisdiction × action: every route of the API, asked by everybody, against one oracle; on both databases.</summary>
[Collection(ApiStories.Name)]
public sealed class ScopeApiTests(StoryApps apps)
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Every_route_lets_in_whom_the_rule_lets_in(string kind)
    {
        var run = await ScopeRun.Of(await apps.GetAsync(kind));
        Assert.Empty(Differences(run, who => who));
        // Each verdict was met, for reading and for writing: a run that met only refusals would prove little.
        foreach (var verdict in Enum.GetValues<Verdict>())
            foreach (var reads in (bool[])[true, false])
                Assert.Contains(run.Answers.Keys, k => k.Route.StartsWith("GET", StringComparison.Ordinal) == reads && run.Oracle.Of(k.Route, k.Who) == verdict);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Lists_show_to_each_what_the_rule_shows(string kind)
    {
        var run = await ScopeRun.Of(await apps.GetAsync(kind));
        Assert.NotEmpty(run.Shown);
        Assert.Empty(ListDifferences(run, who => who));
        Assert.NotEmpty(ListDifferences(run, Countywide));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task The_oracle_notices_a_scope_without_jurisdiction_recusal_or_ownership(string kind)
    {
        var run = await ScopeRun.Of(await apps.GetAsync(kind));
        Assert.NotEmpty(Differences(run, Countywide));
        Assert.NotEmpty(Differences(run, who => who with { Recused = false }));
        Assert.NotEmpty(Differences(run, who => who with { Owns = who.Kind == AccountKind.Applicant }));
        Assert.NotEmpty(Differences(run, who => who with { Temporary = false }));
        Assert.NotEmpty(Differences(run, who => who.Holds("ADM", "341299") ? who with { Held = [.. who.Held, new HeldRole("SUP", "341299")] } : who));
    }

    [Fact]
    public async Task Every_route_has_a_request_and_a_rule()
    {
        var app = await apps.GetAsync(Databases.Sqlite);
        var asked = Requests.For((await ScopeRun.Of(app)).Targets).Keys;
        Assert.Empty(Untested(ApiRouteList.Of(app).Select(r => r.Name), asked));
        // A route that somebody adds and nobody asks is named, and so is one that is asked and gone.
        Assert.Equal(["POST /api/v1/cases/{id}/erase is asked by no scope test"], Untested([.. ApiRouteList.Of(app).Select(r => r.Name), "POST /api/v1/cases/{id}/erase"], asked));
        Assert.NotEmpty(Untested(ApiRouteList.Of(app).Select(r => r.Name).Where(r => r != "POST /api/v1/tasks/{id}/claim"), asked));
    }

    private static Asker Countywide(Asker who) => who with { Held = [.. who.Held.Select(h => h with { Division = h.Division[..6] })] };

    private static List<string> Untested(IEnumerable<string> routes, IEnumerable<string> asked)
    {
        var (there, sent) = (routes.ToHashSet(), asked.ToHashSet());
        return [.. there.Except(sent).Order().Select(r => $"{r} is asked by no scope test"), .. sent.Except(there).Order().Select(r => $"{r} is asked and not there")];
    }

    /// <param name="as">How the oracle is told each person: as they are, or wrongly.</param>
    private static List<string> Differences(ScopeRun run, Func<Asker, Asker> @as) =>
        [.. run.Answers.Where(a => run.Oracle.Of(a.Key.Route, @as(a.Key.Who)) != Read(a.Value)).Select(a => $"{a.Key.Who.Name}: {a.Key.Route} gave {(int)a.Value} instead of {run.Oracle.Of(a.Key.Route, @as(a.Key.Who))}")];

    private static List<string> ListDifferences(ScopeRun run, Func<Asker, Asker> @as) =>
        [.. run.Shown.Where(s => Shows(run, s.Key.Route, @as(s.Key.Who)) != s.Value).Select(s => $"{s.Key.Who.Name}: {s.Key.Route} {(s.Value ? "shows" : "does not show")} it")];

    private static bool Shows(ScopeRun run, string route, Asker who) => route switch
    {
        "GET /api/v1/tasks" => run.Oracle.Queued(who),
        "POST /api/v1/cases/search" or "GET /api/v1/supervision" => Oracle.Sees(who, run.Oracle.Case),
        "GET /api/v1/registers/{id}" or "POST /api/v1/registers/{id}/lines/search" => run.Oracle.Registered(who),
        "GET /api/v1/retention/proposals" => run.Oracle.Retains(who),
        "POST /api/v1/registers/{id}/subjects/search" => run.Oracle.Listed(who),
        "POST /api/v1/persons/search" => run.Oracle.Identifies(who),
        "GET /api/v1/desk/notices" => Oracle.Sees(who, run.Oracle.Noticed),
        _ => who.Owns,
    };

    private static Verdict Read(HttpStatusCode status) => (int)status switch
    {
        401 => Verdict.SignIn,
        403 => Verdict.Forbidden,
        404 => Verdict.Hidden,
        // A fault of the product is nobody's scope.
        >= 500 or 429 => throw new InvalidOperationException($"A request of the scope's tests gave {(int)status}."),
        _ => Verdict.Open,
    };
}
