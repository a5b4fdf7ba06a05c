using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Matters;

namespace CivilAffairs.Web.Features.Cases.Foresight;

/// <summary>Effects as people have to know them: named by the matter's own words, amounts beside what they replace.</summary>
internal static class ForeseenLines
{
    /// <param name="effects">In order; what one makes, a later one may change.</param>
    /// <exception cref="CaseFaultedException">A grant that is changed is not there, or is another household's: sending would fail on it too.</exception>
    public static async Task<IReadOnlyList<ForeseenLine>> OfAsync(CaseStep step, IEnumerable<Effect> effects)
    {
        var (lines, paid) = (new List<ForeseenLine>(), new Dictionary<string, long>());
        foreach (var effect in effects)
        {
            var line = effect switch
            {
                AdjustBenefit adjust => Money(step, "amount", adjust.Benefit) with { BeforeFen = await BeforeAsync(adjust.ActivityId, adjust.Benefit, adjust.Grant, adjust.FirstMonth, adjust.FirstMonth).ConfigureAwait(false), AfterFen = adjust.AmountFen, From = adjust.FirstMonth },
                EndBenefit end => Money(step, "end", end.Benefit) with { BeforeFen = await BeforeAsync(end.ActivityId, end.Benefit, end.Grant, end.LastMonth.AddMonths(1), end.LastMonth).ConfigureAwait(false), Until = end.LastMonth, Count = Months(step.OccurredOn, end.LastMonth) },
                GrantBenefit grant => Money(step, "grant", grant.Benefit) with { AfterFen = grant.AmountFen, From = grant.FirstMonth, Until = grant.LastMonth },
                _ => Plain(step, effect),
            };
            if (effect is GrantBenefit granted) paid[granted.Benefit] = granted.AmountFen;
            if (effect is AdjustBenefit changed) paid[changed.Benefit] = changed.AmountFen;
            // Seats of one task are one line.
            if (line is { Kind: "task" } && lines.FindIndex(l => l with { Count = 1 } == line) is >= 0 and var same) lines[same] = lines[same] with { Count = lines[same].Count + 1 };
            else if (line is not null) lines.Add(line);
        }
        return lines;

        async Task<long?> BeforeAsync(string activity, string benefit, string? grant, DateOnly from, DateOnly month)
        {
            if (paid.TryGetValue(benefit, out var own)) return own;
            var found = await GrantFinder.FindAsync(step, activity, benefit, grant, from).ConfigureAwait(false);
            return (await GrantStates.InAsync(step.Db, [found], month).ConfigureAwait(false))[found.Id].AmountFen;
        }
    }

    private static ForeseenLine? Plain(CaseStep step, Effect effect) => effect switch
    {
        CreateApplicantTask task => new("asked") { Name = task.Title, Limit = task.FinishWithin.Text, Until = task.FinishWithin.LastDay },
        CreateTask task => new("task") { Name = task.Title, To = task.Role, Division = step.Case.DivisionAt(task.Level), Limit = task.FinishWithin.Text, Until = task.FinishWithin.LastDay, Count = 1 },
        OpenCase opens => new("opens") { Code = opens.Matter },
        DrawSample sample => new("sample") { Count = (int)sample.Percent },
        IssueDocument issue => new("document") { Code = issue.Template, Name = Template(step, issue.Template), Delivered = issue.Deliver, Series = step.Revision.Matter.Numbering.FirstOrDefault(n => n.Kind == issue.NumberKind)?.Prefix },
        SendNotice letter => new("letter") { Code = letter.Template, Name = Template(step, letter.Template), To = letter.To },
        PublishNotice notice => new("notice") { Code = notice.Template, Name = Template(step, notice.Template), Division = step.Case.DivisionAt(notice.Place), From = notice.FirstDay, Until = notice.LastDay },
        PublishResult result => new("result") { Code = result.Template, Name = Template(step, result.Template), Division = step.Case.DivisionAt(result.Place), Count = result.LeastDays },
        ChangeCertificate change => new("certificate") { Code = change.Action, Name = Text(step.Revision.Matter.Certificates.FirstOrDefault(c => c.Id == change.Certificate)?.Name, change.Certificate), From = change.ValidFrom, Until = change.ValidTo },
        WriteRegisterEntry entry => new("entry") { Code = entry.Register, Name = Register(step, entry.Register), From = entry.ValidFrom, Until = entry.ValidTo },
        EndRegisterEntry entry => new("entryEnds") { Code = entry.Register, Name = Register(step, entry.Register), From = entry.From },
        ScheduleReverification plan => new("reverification") { Until = plan.DueOn },
        SetCaseClock clock => new("clock") { Code = clock.Action, Limit = clock.Limit?.Text, Until = clock.Limit?.LastDay },
        SetStatus status => new("status") { Code = status.Status },
        _ => null,
    };

    private static ForeseenLine Money(CaseStep step, string kind, string benefit)
    {
        var known = step.Revision.Matter.Benefits.FirstOrDefault(b => b.Id == benefit);
        return new(kind) { Code = benefit, Name = Text(known?.Name, benefit), Once = known?.Paid == "once" };
    }

    /// <summary>Whole months that are paid after the month of the decision; 0: it is the last one, or lies behind.</summary>
    private static int Months(DateOnly decided, DateOnly last) => Math.Max(0, (last.Year - decided.Year) * 12 + last.Month - decided.Month);

    private static LocalText Template(CaseStep step, string file) => Text(step.Revision.Matter.Templates.FirstOrDefault(t => t.File == file)?.Name, file);

    private static LocalText Register(CaseStep step, string register) => Text(step.Revision.Matter.Registers.FirstOrDefault(r => r.Id == register)?.Name, register);

    private static LocalText Text(Matters.Words? words, string otherwise) => words is null ? new LocalText(otherwise, otherwise) : new LocalText(words.Zh, words.En);
}
