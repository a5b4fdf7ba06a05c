using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.CommandLine;

/// <summary>
/// <c>rotate-keys</c>: adds a key to the ring of the data folder (<c>CIVILAFFAIRS_DATA</c>); it encrypts what servers write
/// after their next start. Nothing is encrypted again and nothing stops: old keys stay in the ring for what they encrypted.
/// </summary>
internal static class RotateKeysVerb
{
    internal static int Execute(string[] args, TextWriter output)
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build();
        var path = Path.GetFullPath(configuration["CIVILAFFAIRS_DATA"] is { Length: > 0 } set ? set : "data");
        if (!File.Exists(Path.Combine(path, "keys", "field-keys.json"))) throw new UsageException($"There are no keys in {path}; set CIVILAFFAIRS_DATA to the server's data folder.");
        output.WriteLine($"{KeyRing.Rotate(new DataFolder(path))} encrypts after the next start of each server. Back up {Path.Combine(path, "keys")} now, apart from the database; copy it to every node before it starts.");
        return 0;
    }
}
