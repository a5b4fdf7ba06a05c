namespace CivilAffairs.Web.Features.Matters;

/// <summary>Checks whom a matter reminds of what: known stages and spans, readers who can be, letters that are there.</summary>
internal static class ReminderCheck
{
    private static readonly string[] Stages = ["amber", "red"], Words = ["holder", "supervisor", "applicant"];
    private const string OfRole = "role:";

    public static void Run(MatterRevision revision, Reporter file)
    {
        var matter = revision.Matter;
        foreach (var (kind, i) in matter.Certificates.Select((c, i) => (c, i))) Days(revision, kind.Reminders, $"$.certificates[{i}].reminders", file);
        if (matter.Reminders is not { } rules) return;
        Limits(revision, rules.Task, "$.reminders.task", file);
        Limits(revision, rules.ApplicantTask, "$.reminders.applicantTask", file);
        Limits(revision, rules.Case, "$.reminders.case", file);
        Days(revision, rules.Reverification ?? [], "$.reminders.reverification", file);
    }

    private static void Limits(MatterRevision revision, IReadOnlyList<LimitReminder>? rules, string at, Reporter file)
    {
        foreach (var (rule, i) in (rules ?? []).Select((r, i) => (r, i)))
        {
            if (!Stages.Contains(rule.Stage)) file.Error($"{at}[{i}].stage", "word.unknown", rule.Stage, string.Join(", ", Stages));
            Letter(revision, rule.To, rule.Template, $"{at}[{i}]", file);
        }
    }

    private static void Days(MatterRevision revision, IReadOnlyList<DayReminder> rules, string at, Reporter file)
    {
        foreach (var (rule, i) in rules.Select((r, i) => (r, i)))
        {
            if (!DaySpan.TryParse(rule.Before, out _)) file.Error($"{at}[{i}].before", "reminder.before", rule.Before);
            // A letter must not lead to another site.
            if (rule.Link is { } link && (!link.StartsWith('/') || link.StartsWith("//", StringComparison.Ordinal))) file.Error($"{at}[{i}].link", "reminder.link", link);
            Letter(revision, rule.To, rule.Template, $"{at}[{i}]", file);
        }
    }

    private static void Letter(MatterRevision revision, IReadOnlyList<string> to, string template, string at, Reporter file)
    {
        if (to.Count == 0) file.Error($"{at}.to", "reminder.nobody");
        foreach (var word in to.Where(w => !Words.Contains(w)))
            if (!word.StartsWith(OfRole, StringComparison.Ordinal)) file.Error($"{at}.to", "word.unknown", word, string.Join(", ", Words) + ", role:…");
            else if (!Platform.Security.Roles.All.Contains(word[OfRole.Length..])) file.Error($"{at}.to", "role.nobody", word[OfRole.Length..], string.Join(", ", Platform.Security.Roles.All));
        if (revision.Matter.Templates.FirstOrDefault(t => t.File == template) is { } own)
        {
            if (own.Kind != "mail") file.Error($"{at}.template", "template.kind", template, own.Kind, "mail");
        }
        else if (!ProductTemplates.Texts.ContainsKey(template))
        {
            file.Error($"{at}.template", "template.notListed", template);
        }
    }
}
