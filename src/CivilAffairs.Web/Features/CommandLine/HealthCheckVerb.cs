namespace CivilAffairs.Web.Features.CommandLine;

/// <summary>
/// <c>healthcheck URL</c>: asks a running server, prints what it said, and ends with 0 where that was a success, else 1.
/// For container images, which bring no curl.
/// </summary>
internal static class HealthCheckVerb
{
    // Shorter than the limit that the Dockerfile gives the check, so that the reason gets printed.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    internal static int Execute(string[] args, TextWriter output)
    {
        if (args.Length != 1 || !Uri.TryCreate(args[0], UriKind.Absolute, out var address) || !address.Scheme.StartsWith("http", StringComparison.Ordinal))
            throw new UsageException("Usage: healthcheck URL");
        // A proxy from the environment is for the way out, not for the way to oneself.
        using var handler = new HttpClientHandler { UseProxy = false, AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { Timeout = Patience };
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            using var answer = client.Send(request);
            output.WriteLine($"{(int)answer.StatusCode} {answer.ReasonPhrase}");
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            output.WriteLine(e.Message);
            return 1;
        }
    }
}
