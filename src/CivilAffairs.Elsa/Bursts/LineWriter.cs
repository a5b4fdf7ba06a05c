using System.Text;

namespace CivilAffairs.ElsaRuntime.Bursts;

/// <summary>What WriteLine writes, line by line: a text of several lines is one.</summary>
internal sealed class LineWriter : TextWriter
{
    internal List<string?> Lines { get; } = [];
    public override Encoding Encoding => Encoding.UTF8;
    public override void WriteLine(string? value) => Lines.Add(value ?? "");

    public override Task WriteLineAsync(string? value)
    {
        WriteLine(value);
        return Task.CompletedTask;
    }
}
