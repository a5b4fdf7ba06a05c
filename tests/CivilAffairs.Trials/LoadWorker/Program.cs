using System.Text;
using CivilAffairs.LoadWorker;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using Microsoft.Extensions.DependencyInjection;

// LIFE FOLDER [CONNECTION] < asks to repeat, one a line: presses on the product until somebody kills it.
const int Clients = 8;
Console.OutputEncoding = new UTF8Encoding(false);
Console.InputEncoding = new UTF8Encoding(false);
var life = int.Parse(args[0], System.Globalization.CultureInfo.InvariantCulture);
await using var services = Product.Open(args[1], args.Length > 2 ? args[2] : null);
await services.GetRequiredService<IMigrator>().MigrateAsync(null, default);
var library = services.GetRequiredService<MatterLibrary>();
await library.PublishFoldersAsync(Path.Combine(AppContext.BaseDirectory, "workflows"), default);
await County.WriteAsync(services.GetRequiredService<IWriter>());
await services.GetRequiredService<DivisionDirectory>().RefreshAsync(default);
var revision = library.Find("rural-dibao") ?? throw new InvalidOperationException("rural-dibao is not published.");

var gate = new Lock();
using var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true };
void Say(Said said)
{
    lock (gate) output.WriteLine(said.Write());
}

// A client that got no answer sends the same again, before anything else.
while (await Console.In.ReadLineAsync() is { Length: > 0 } line)
    if (Said.Read(line)?.Ask is { } ask) await new Client(services, ask.At, Say).SendAsync(ask);

Say(new Said(Done: "ready"));
string[] examples = ["granted", "refused", "corrected", "exact-amount", "returned"];
string[] villages = ["341299101201", "341299101202", "341299102201", "341299102203"];
await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
{
    for (var story = client; ; story += Clients)
    {
        // A day in a year whose working days are known, whenever this runs.
        var example = DemoStories.Place(revision.Examples[examples[story % examples.Length] + ".json"], new DemoStory("", 2), life * 100_000 + story, villages[story % villages.Length], new DateOnly(2026, 4, 1));
        await new Client(services, example.At, Say).PlayAsync(revision, example);
    }
})));
