using System.Text.Json;

namespace CivilAffairs.Tests.Architecture.Deployment;

/// <summary>What the checks need of a <c>Dockerfile</c>: its instructions in order, each with the stage it belongs to (from 0).</summary>
internal sealed record ImageFile(IReadOnlyList<ImageFile.Instruction> Instructions)
{
    internal sealed record Instruction(int Stage, string Word, string Rest)
    {
        /// <summary>The parts of the exec form <c>["a", "b"]</c>, options before it left out; empty for the shell form.</summary>
        internal string[] Exec => Rest.IndexOf('[', StringComparison.Ordinal) is var at and >= 0 ? JsonSerializer.Deserialize<string[]>(Rest[at..])! : [];
    }

    internal static ImageFile Parse(string text)
    {
        var (stage, instructions, open) = (-1, new List<Instruction>(), "");
        foreach (var line in text.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#'))
        {
            open += line.TrimEnd('\\');
            if (line.EndsWith('\\')) continue;
            var words = open.Split(' ', 2, StringSplitOptions.TrimEntries);
            if (words[0] == "FROM") stage++;
            instructions.Add(new Instruction(stage, words[0], words[1]));
            open = "";
        }
        return new ImageFile(instructions);
    }

    /// <summary>Instructions of the stage that becomes the image.</summary>
    internal IEnumerable<Instruction> Final(string word) => Instructions.Where(i => i.Word == word && i.Stage == Instructions[^1].Stage);

    /// <summary>Values that the image itself sets, for settings that the one who runs it leaves out.</summary>
    internal IReadOnlyDictionary<string, string> Environment =>
        Final("ENV").SelectMany(e => e.Rest.Split(' ')).Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => p[1]);

    /// <summary>What COPY takes from the repository, in order, with the place of the instruction.</summary>
    internal IEnumerable<(int At, string Source)> Copied =>
        Instructions.Select((instruction, at) => (instruction, at)).Where(i => i.instruction.Word == "COPY" && !i.instruction.Rest.StartsWith("--from", StringComparison.Ordinal))
            .SelectMany(i => i.instruction.Rest.Split(' ')[..^1].Select(source => (i.at, source)));

    /// <summary>The tag of the image whose name ends so; null where no stage starts from it.</summary>
    internal string? Tag(string image) => Instructions.Where(i => i.Word == "FROM").Select(i => i.Rest.Split(' ')[0].Split(':'))
        .Where(i => i.Length == 2 && i[0].EndsWith(image, StringComparison.Ordinal)).Select(i => i[1]).FirstOrDefault();
}
