namespace CivilAffairs.Web.Features.CommandLine;

/// <summary>
/// The command line of the executable: <c>VERB …</c> runs without a server and, but for <c>verify-…</c>, <c>backup</c> and <c>restore</c>, without a
/// database, and writes nothing but its result to standard output. Paths are relative to the caller's folder.
/// </summary>
public static class Verbs
{
    /// <returns>The exit code, or null where the first argument is no verb and the web server shall start.</returns>
    public static int? TryRun(string[] args, TextWriter output, TextWriter errors)
    {
        ArgumentNullException.ThrowIfNull(args);
        if (args.Length == 0 || args[0].StartsWith('-')) return null;
        try
        {
            return args[0] switch
            {
                "run" => RunVerb.Execute(args[1..], output, errors),
                "try" => TryVerb.Execute(args[1..], output, errors),
                "conform" => ConformVerb.Execute(args[1..], output),
                "check" => CheckVerb.Execute(args[1..], output),
                "healthcheck" => HealthCheckVerb.Execute(args[1..], output),
                "verify-audit" => VerifyVerbs.Audit(args[1..], output),
                "verify-cases" => VerifyVerbs.Cases(args[1..], output),
                "backup" => BackupVerbs.Backup(args[1..], output),
                "restore" => BackupVerbs.Restore(args[1..], output),
                "rotate-keys" => RotateKeysVerb.Execute(args[1..], output),
                _ => Unknown(args[0], errors),
            };
        }
        catch (Exception e) when (e is UsageException or IOException or UnauthorizedAccessException or Engine.Port.DefinitionException or Engine.Port.StepRefusedException or System.Text.Json.JsonException)
        {
            errors.WriteLine(e.Message);
            return 2;
        }
    }

    private static int Unknown(string verb, TextWriter errors)
    {
        errors.WriteLine($"'{verb}' is not a verb. Verbs: check [PATH…], run FILE […], try FOLDER EXAMPLE, conform DIR, healthcheck URL, verify-audit, verify-cases, backup PLACE, restore FOLDER, rotate-keys. Without a verb the web server starts.");
        return 2;
    }
}

/// <summary>The words of a call are off; the message says how.</summary>
internal sealed class UsageException(string message) : Exception(message);
