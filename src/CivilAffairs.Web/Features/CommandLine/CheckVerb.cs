namespace CivilAffairs.Web.Features.CommandLine;

internal static class CheckVerb
{
    internal static int Execute(string[] args, TextWriter output) { output.WriteLine(args.Length); return 2; }
}
