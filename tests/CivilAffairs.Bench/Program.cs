using System.Globalization;
using CivilAffairs.Bench;

// dotnet run -c Release --project tests/CivilAffairs.Bench [-- NAME…]: measures both sides of a ratio in one run.
Dictionary<string, Func<IAsyncEnumerable<Measure>>> benches = new()
{
    ["certificates"] = Certificates.RunAsync,
    ["mail"] = Mail.RunAsync,
    ["queue"] = Queue.RunAsync,
    ["timers"] = Timers.RunAsync,
    ["transitions"] = Transitions.RunAsync,
};
var wanted = args.Length == 0 ? [.. benches.Keys] : args;
if (wanted.FirstOrDefault(name => !benches.ContainsKey(name)) is { } unknown)
{
    Console.Error.WriteLine($"Unknown: {unknown}. Known: {string.Join(", ", benches.Keys)}");
    return 2;
}
Console.WriteLine("measurement | ours | against | ratio | target");
var met = true;
foreach (var name in wanted)
    await foreach (var measure in benches[name]())
    {
        met &= measure.IsMet;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{measure.Name} | {measure.Ours:0.##} {measure.Unit} | {measure.Against:0.##} {measure.Unit} ({measure.AgainstWhat}) | {measure.Ratio:0.00} | {(measure.AtLeast ? "≥" : "≤")}{measure.Target:0.0#} {(measure.IsMet ? "met" : "MISSED")}"));
    }
return met ? 0 : 1;
