namespace CivilAffairs.Web.Features.Matters;

/// <summary>Rules of comparison that could never find anything, or block nothing, are told before they are published.</summary>
internal static class ComparisonCheck
{
    internal static readonly string[] Kinds = ["case", "benefit", "ended", "register", "account"], Effects = ["refuse", "warn", "note"], Parties = ["applicant", "spouse", "guardian", "member"];

    public static void Run(MatterRevision revision, Reporter file)
    {
        var matter = revision.Matter;
        foreach (var (rule, i) in matter.Comparisons.Select((r, i) => (r, i)))
        {
            var path = $"$.comparisons[{i}]";
            if (matter.Comparisons.Count(r => r.Id == rule.Id) > 1) file.Error($"{path}.id", "id.twice", rule.Id);
            if (!Kinds.Contains(rule.Kind)) file.Error($"{path}.kind", "word.unknown", rule.Kind, string.Join(", ", Kinds));
            if (!Effects.Contains(rule.Effect)) file.Error($"{path}.effect", "word.unknown", rule.Effect, string.Join(", ", Effects));
            foreach (var party in rule.Of.Where(p => !Parties.Contains(p))) file.Error($"{path}.of", "word.unknown", party, string.Join(", ", Parties));
            if (rule.Mark is not ("S" or "L")) file.Error($"{path}.mark", "rule.mark", rule.Mark);
            if (string.IsNullOrWhiteSpace(rule.Source)) file.Error($"{path}.source", "rule.source");
            Asked(revision, rule, path, file);
            if (rule.Effect != "refuse" && (rule.Blocks.Count > 0 || rule.Override)) file.Error($"{path}.effect", "comparison.onlyRefuse");
            foreach (var target in rule.Blocks.Where(b => matter.Benefits.All(x => x.Id != b) && matter.Registers.All(x => x.Id != b))) file.Error($"{path}.blocks", "comparison.target", target);
            if (rule is { Effect: "refuse", Blocks.Count: 0 } && matter.Benefits.Count == 0) file.Error($"{path}.blocks", "comparison.nothing");
        }
    }

    /// <summary>What its kind needs, and nothing that another kind alone understands.</summary>
    private static void Asked(MatterRevision revision, ComparisonRule rule, string path, Reporter file)
    {
        void Needs(string kinds, string name, bool given, bool needed = true)
        {
            var fits = kinds.Split(' ').Contains(rule.Kind);
            if (fits && needed && !given) file.Error($"{path}.{name}", "comparison.needs", rule.Kind, name);
            if (!fits && given) file.Error($"{path}.{name}", "comparison.unread", rule.Kind, name);
        }
        Needs("case", "matters", rule.Matters.Count > 0, needed: false);
        Needs("benefit ended", "benefits", rule.Benefits.Count > 0);
        Needs("benefit", "holder", rule.Holder, needed: false);
        Needs("ended", "reasons", rule.Reasons.Count > 0);
        Needs("register", "register", rule.Register is not null);
        Needs("register", "outside", rule.Outside, needed: false);
        Needs("account", "account", rule.Account is not null);
        Needs("account", "least", rule.Least is not null);
        if (rule.Account is { } at && (at.Split('.') is not [var section, var field] || revision.Form.Sections.FirstOrDefault(s => s.Id == section && s.Repeat is null)?.Fields.FirstOrDefault(f => f.Id == field)?.Type != "account"))
            file.Error($"{path}.account", "comparison.account", at);
        if (rule.Least is { } key && revision.Matter.Parameters.FirstOrDefault(p => p.Key == key)?.Type != "integer") file.Error($"{path}.least", "parameter.unknown", key);
    }
}
