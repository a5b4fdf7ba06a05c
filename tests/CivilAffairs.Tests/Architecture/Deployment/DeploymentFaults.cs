using System.Text.RegularExpressions;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.CommandLine;
using Npgsql;

namespace CivilAffairs.Tests.Architecture.Deployment;

/// <summary>Where compose file, image and code say different things; one sentence a fault. No container engine is needed.</summary>
internal static partial class DeploymentFaults
{
    private const string Program = "CivilAffairs.Web";

    internal static IEnumerable<string> Of(string composeText, string imageText, string ignoreText)
    {
        var (compose, image) = (ComposeFile.Parse(composeText), ImageFile.Parse(imageText));
        if (!compose.Services.Keys.ToHashSet().SetEquals(["web", "database", "mail"])) return ["the services are not web, database and mail"];
        return [.. Shape(compose, image), .. Database(compose), .. Mail(compose), .. Address(compose, image), .. Data(compose, image),
            .. compose.Services["web"].Environment.Keys.Where(s => !Settings.IsKnown(s)).Select(s => $"the code reads no setting {s}"),
            .. BuildFaults.Of(image, ignoreText)];
    }

    private static IEnumerable<string> Shape(ComposeFile compose, ImageFile image)
    {
        foreach (var (name, service) in compose.Services)
        {
            if (service.Build is null && !PinnedTag().IsMatch(service.Image ?? "")) yield return $"{name}: the image has no version";
            foreach (var (other, condition) in service.DependsOn)
                if (!compose.Services.TryGetValue(other, out var needed)) yield return $"{name} depends on {other}, which is no service";
                else if (condition == "service_healthy" && needed.Healthcheck.Count == 0) yield return $"{name} waits for the health of {other}, which has no check";
            foreach (var port in service.Ports.Where(p => !p.StartsWith("127.0.0.1:", StringComparison.Ordinal))) yield return $"{name}: {port} is open to the network";
            foreach (var (key, value) in service.Environment.Where(e => e.Key.Contains("PASSWORD", StringComparison.OrdinalIgnoreCase)))
                if (ComposeFile.Required(value) is null) yield return $"{name}: {key} does not come from the environment";
        }
        var used = compose.Services.Values.SelectMany(s => s.Mounts).Select(m => m.Volume).ToHashSet();
        if (!used.SetEquals(compose.Volumes)) yield return "the volumes declared are not the volumes used";
        var user = image.Final("USER").LastOrDefault()?.Rest;
        if (user is null or "root" or "0") yield return "the image runs as root";
    }

    private static IEnumerable<string> Database(ComposeFile compose)
    {
        var raw = compose.Services["web"].Environment.GetValueOrDefault("ConnectionStrings__Database", "");
        var database = new NpgsqlConnectionStringBuilder(ComposeFile.Resolve(raw));
        if (database.Host is null || !compose.Services.TryGetValue(database.Host, out var server)) { yield return "the connection string names no service"; yield break; }
        if (database.Database != server.Setting("POSTGRES_DB")) yield return "the connection string names another database";
        if (database.Username != server.Setting("POSTGRES_USER")) yield return "the connection string names another user";
        if (database.Password is null || database.Password != server.Setting("POSTGRES_PASSWORD")) yield return "the connection string has another password";
        if (!Regex.IsMatch(raw, @"Password=\$\{\w+:\?[^}]+\}$")) yield return "the password of the connection string does not come from the environment";
        if (!server.Mounts.Any(m => m.Target == "/var/lib/postgresql/data")) yield return "the database keeps its files outside of its volume";
        string? Option(string name) => server.Healthcheck.SkipWhile(w => w != name).Skip(1).FirstOrDefault();
        if (Option("-p") != $"{database.Port}" || Option("-U") != database.Username || Option("-d") != database.Database) yield return "the check of the database asks for another one";
    }

    private static IEnumerable<string> Mail(ComposeFile compose)
    {
        var web = compose.Services["web"];
        if (!compose.Services.TryGetValue(web.Setting("Mail__Host") ?? "", out var server)) { yield return "Mail__Host names no service"; yield break; }
        if (Port(server.Setting("MP_SMTP_BIND_ADDR")) != web.Setting("Mail__Port")) yield return "the mail catcher listens on another port than Mail__Port";
        if (server.Ports.Select(p => Port(ComposeFile.Resolve(p))).SingleOrDefault() != Port(server.Setting("MP_UI_BIND_ADDR"))) yield return "the published port is not the mailbox's";
        if (!server.Mounts.Any(m => server.Setting("MP_DATABASE")?.StartsWith(m.Target + "/", StringComparison.Ordinal) is true)) yield return "the mail catcher keeps its file outside of its volume";
    }

    private static IEnumerable<string> Address(ComposeFile compose, ImageFile image)
    {
        var web = compose.Services["web"];
        var check = image.Final("HEALTHCHECK").Single().Exec;
        string?[] ports = [Port(web.Setting("ASPNETCORE_URLS")), Port(image.Environment["ASPNETCORE_URLS"]), image.Final("EXPOSE").Single().Rest,
            Port(ComposeFile.Resolve(web.Ports.Single())), $"{new Uri(check[^1]).Port}"];
        if (ports.Distinct().Count() > 1) yield return $"the web server's port is {string.Join(" and ", ports.Distinct())}";
        string[][] commands = [check, image.Final("ENTRYPOINT").Single().Exec];
        if (commands.Any(c => c[0] != "dotnet" || c[1] != $"{Program}.dll")) yield return $"a command of the image does not run {Program}.dll";
        var refusal = new StringWriter();
        Verbs.TryRun([check[2]], TextWriter.Null, refusal);
        if (refusal.ToString().Contains("is not a verb", StringComparison.Ordinal)) yield return $"the program has no verb {check[2]}";
        if (!Settings.Source.Contains($"MapGet(\"{new Uri(check[^1]).AbsolutePath}\"", StringComparison.Ordinal)) yield return $"the program has no page {check[^1]}";
    }

    private static IEnumerable<string> Data(ComposeFile compose, ImageFile image)
    {
        var web = compose.Services["web"];
        var folder = web.Setting("CIVILAFFAIRS_DATA");
        if (image.Environment.GetValueOrDefault("CIVILAFFAIRS_DATA") != folder) yield return "image and compose file name different data folders";
        if (!web.Mounts.Any(m => m.Target == folder)) yield return "the data folder is no volume";
        if (!image.Final("RUN").Any(r => r.Rest.Contains($"mkdir {folder}", StringComparison.Ordinal) && Regex.IsMatch(r.Rest, $@"chown \S+ {folder}$")))
            yield return "the image does not give the data folder to its user";
    }

    private static string? Port(string? address) => address?.Split(':')[^1];

    [GeneratedRegex(@":v?\d[\w.-]*$")]
    private static partial Regex PinnedTag();
}
