using CivilAffairs.Tests.Architecture.Deployment;
using CivilAffairs.Tests.Support;
using Xunit;

namespace CivilAffairs.Tests.Architecture;

/// <summary>
/// <c>docker-compose.yml</c>, <c>Dockerfile</c> and <c>.dockerignore</c> agree with each other and with the code. Tests run
/// where no container engine does, so this reads the files; each rule is shown to be able to fail.
/// </summary>
public sealed class DeploymentTests
{
    private static readonly string Compose = File.ReadAllText(Repository.Path("docker-compose.yml"));
    private static readonly string Image = File.ReadAllText(Repository.Path("Dockerfile"));
    private static readonly string Ignore = File.ReadAllText(Repository.Path(".dockerignore"));

    [Fact]
    public void Compose_file_image_and_code_say_the_same() => Assert.Empty(DeploymentFaults.Of(Compose, Image, Ignore));

    [Theory]
    [InlineData("  mail:\n    image", "  post:\n    image", "services are not")]
    [InlineData("postgres:17-bookworm", "postgres:latest", "has no version")]
    [InlineData("    healthcheck:\n      test: [\"CMD\", \"/mailpit\", \"readyz\"]\n", "    labels:\n", "has no check")]
    [InlineData("\"127.0.0.1:${WEB_PORT:-8080}:8080\"", "\"8080:8080\"", "open to the network")]
    [InlineData("${WEB_PORT:-8080}:8080\"", "${WEB_PORT:-8080}:80\"", "web server's port")]
    [InlineData("ASPNETCORE_URLS: http://+:8080", "ASPNETCORE_URLS: http://+:5000", "web server's port")]
    [InlineData("POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?set it in the environment or in .env}", "POSTGRES_PASSWORD: secret", "does not come from the environment")]
    [InlineData("Password=${POSTGRES_PASSWORD:?", "Password=${DATABASE_PASSWORD:?", "another password")]
    [InlineData("Host=database;", "Host=db;", "names no service")]
    [InlineData("Username=civilaffairs", "Username=postgres", "another user")]
    [InlineData("POSTGRES_DB: civilaffairs", "POSTGRES_DB: civil", "another database")]
    [InlineData("\"-d\", \"civilaffairs\"", "\"-d\", \"postgres\"", "asks for another one")]
    [InlineData("database:/var/lib/postgresql/data", "database:/var/lib/postgresql", "outside of its volume")]
    [InlineData("Mail__Host: mail", "Mail__Host: smtp", "Mail__Host names no service")]
    [InlineData("Mail__Port: \"1025\"", "Mail__Port: \"25\"", "another port than Mail__Port")]
    [InlineData("${MAIL_PORT:-8025}:8025", "${MAIL_PORT:-8025}:1025", "not the mailbox's")]
    [InlineData("/data/mailpit.db", "/mailpit.db", "keeps its file outside")]
    [InlineData("CIVILAFFAIRS_DATA: /data", "CIVILAFFAIRS_DATA: /var/data", "different data folders")]
    [InlineData("- data:/data", "- data:/files", "the data folder is no volume")]
    [InlineData("\n  mail:\n\n", "\n", "volumes declared")]
    [InlineData("\nvolumes:\n  data:", "\nvolumes:\n  files:", "volumes declared")]
    [InlineData("ASPNETCORE_FORWARDEDHEADERS_ENABLED", "ASPNETCORE_FORWARD", "reads no setting")]
    [InlineData("ConnectionStrings__Database:", "ConnectionStrings__Postgres:", "reads no setting")]
    [InlineData("CIVILAFFAIRS_DATA:", "CIVILAFFAIRS_FOLDER:", "reads no setting")]
    [InlineData("Mail__From:", "Mail__Sender:", "reads no setting")]
    public void The_guard_sees_a_fault_of_the_compose_file(string from, string to, string fault) => Expect(fault, Changed(Compose + "\n", from, to), Image, Ignore);

    [Theory]
    [InlineData("EXPOSE 8080", "EXPOSE 80", "web server's port")]
    [InlineData("127.0.0.1:8080/health/ready", "127.0.0.1:5000/health/ready", "web server's port")]
    [InlineData("/health/ready", "/healthy", "has no page")]
    [InlineData("\"healthcheck\"", "\"health\"", "has no verb")]
    [InlineData("ENTRYPOINT [\"dotnet\", \"CivilAffairs.Web.dll\"]", "ENTRYPOINT [\"dotnet\", \"Web.dll\"]", "does not run")]
    [InlineData("USER $APP_UID", "USER root", "runs as root")]
    [InlineData("CIVILAFFAIRS_DATA=/data", "CIVILAFFAIRS_DATA=/app/data", "different data folders")]
    [InlineData("chown $APP_UID:$APP_UID /data", "ls /data", "does not give the data folder")]
    [InlineData("dotnet/sdk:10.0", "dotnet/sdk:9.0", "another SDK")]
    [InlineData("dotnet/aspnet:10.0", "dotnet/aspnet:9.0", "another framework")]
    [InlineData("node:20-", "node:22-", "another Node")]
    [InlineData("COPY workflows workflows", "COPY matters matters", "COPY takes matters")]
    [InlineData("COPY workflows workflows\n", "", "publish would miss workflows")]
    [InlineData(" .editorconfig ./", " ./", "restore would miss .editorconfig")]
    [InlineData("src/CivilAffairs.Engine/packages.lock.json ", "", "restore would miss src/CivilAffairs.Engine/packages.lock.json")]
    public void The_guard_sees_a_fault_of_the_image(string from, string to, string fault) => Expect(fault, Compose, Changed(Image, from, to), Ignore);

    [Theory]
    [InlineData("!src", "!source", "other files than COPY takes")]
    [InlineData("!workflows", "!workflows\n!data", "other files than COPY takes")]
    [InlineData("**/obj", "", "this machine's obj")]
    public void The_guard_sees_a_fault_of_what_the_build_gets(string from, string to, string fault) => Expect(fault, Compose, Image, Changed(Ignore, from, to));

    [Theory]
    [InlineData("README.md")]
    [InlineData("README.zh-CN.md")]
    public void The_README_names_what_the_environment_must_set(string readme) =>
        Assert.Contains("POSTGRES_PASSWORD", File.ReadAllText(Repository.Path(readme)), StringComparison.Ordinal);

    private static void Expect(string fault, string compose, string image, string ignore) =>
        Assert.Contains(DeploymentFaults.Of(compose, image, ignore), f => f.Contains(fault, StringComparison.Ordinal));

    private static string Changed(string text, string from, string to)
    {
        Assert.Contains(from, text, StringComparison.Ordinal);
        return text.Replace(from, to, StringComparison.Ordinal);
    }
}
