using System.Text;
using System.Text.Json;

namespace CivilAffairs.Web.Features.Matters;

/// <summary>The letters that the product brings, and its rules of who gets which: data in <c>Product</c>, part of the assembly. A matter may bring its own.</summary>
internal static class ProductTemplates
{
    private const string Prefix = "reminders/", RulesFile = "reminders.json", NamesFile = "names.json";

    /// <summary>By file name, English twins included, like <see cref="MatterRevision.Templates"/>.</summary>
    public static IReadOnlyDictionary<string, string> Texts { get; } = typeof(ProductTemplates).Assembly.GetManifestResourceNames()
        .Where(n => n.StartsWith(Prefix, StringComparison.Ordinal) && n.EndsWith(".mail", StringComparison.Ordinal)).ToDictionary(n => n[Prefix.Length..], Read);

    public static ReminderRules Rules { get; } = ReadRules();

    /// <summary>What each letter is called in lists, by its Chinese file.</summary>
    public static IReadOnlyDictionary<string, Words> Names { get; } =
        JsonSerializer.Deserialize<Dictionary<string, Words>>(Read(Prefix + NamesFile), MatterJson.Options) ?? throw new InvalidDataException($"{NamesFile} is empty.");

    private static ReminderRules ReadRules()
    {
        var faults = new List<MatterFault>();
        var rules = MatterJson.Read<ReminderRules>(RulesFile, Read(Prefix + RulesFile), faults);
        return faults.Count == 0 && rules is not null ? rules : throw new InvalidDataException($"{RulesFile}: {string.Join("; ", faults)}");
    }

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(ProductTemplates).Assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
