using CivilAffairs.Web.Features.CommandLine;

Console.OutputEncoding = System.Text.Encoding.UTF8;
if (Verbs.TryRun(args, Console.Out, Console.Error) is { } code) return code;

var builder = WebApplication.CreateBuilder(args);
var app = builder.Build();
await app.RunAsync();
return 0;
