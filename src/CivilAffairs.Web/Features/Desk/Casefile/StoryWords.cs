using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Words;
using CivilAffairs.Web.Features.Desk.Recusal;
using CivilAffairs.Web.Features.Desk.Review;
using CivilAffairs.Web.Features.Matters;
using Microsoft.Extensions.Localization;

namespace CivilAffairs.Web.Features.Desk.Casefile;

/// <summary>The lines of a case's story as sentences, for its page and for its printed file.</summary>
public sealed class StoryWords(IStringLocalizer<DeskTexts> texts, IStringLocalizer<CaseTexts> cases, IStringLocalizer<RecusalTexts> recusal, IStringLocalizer<ReviewTexts> review, CaseWords words)
{
    public string Sentence(StoryLine line, MatterFile matter)
    {
        ArgumentNullException.ThrowIfNull(line);
        ArgumentNullException.ThrowIfNull(matter);
        var by = line.By is null ? texts["Product.It"].Value : line.By.Length > 0 ? line.By : texts["SomeApplicant"].Value;
        var detail = line.Kind switch
        {
            "task.completed" => matter.OutcomeWord(line.Detail) ?? words.Outcome(line.Detail),
            "case.fullView" or "access.reason" or "file.opened" or "document.opened" or "form.printed" or "casefile.printed" => cases[$"FullViewReason.{line.Detail}"].Value,
            "recusal.declared" or "recusal.ordered" => recusal[$"Reason.{line.Detail}"].Value,
            "task.reassigned" => recusal[$"ReassignReason.{line.Detail}"].Value,
            "case.reopened" => review[$"Basis.{line.Detail}"].Value,
            _ => line.Detail,
        };
        var text = texts[$"Story.{line.Kind}", by, line.Subject, detail, line.About];
        return text.ResourceNotFound ? texts["Story.other", by, line.Kind] : text;
    }
}
