using System.Globalization;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Documents;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Time;

namespace CivilAffairs.Web.Features.Cases.Steps;

/// <summary>Documents, notices and messages: numbers and data now, PDF and mail later.</summary>
internal sealed class PaperEffects(CaseTemplateData templateData, DocumentRenderer renderer, DocumentIssue documents) : IEffectHandler
{
    private static readonly CultureInfo Chinese = CultureInfo.GetCultureInfo("zh-CN");

    public IReadOnlyList<Type> Effects { get; } = [typeof(IssueDocument), typeof(PublishNotice), typeof(PublishResult), typeof(SendNotice), typeof(SendEmail)];

    public async ValueTask<JsonNode?> ApplyAsync(Effect effect, CaseStep step)
    {
        switch (effect)
        {
            case IssueDocument issue:
                return await IssueAsync(issue, step).ConfigureAwait(false);
            case PublishNotice publish:
                step.Db.Add(await PostAsync(step, publish.Template, publish.Kind, publish.Place, publish.FirstDay, publish.LastDay, publish.BookmarkId, publish.Data).ConfigureAwait(false));
                return null;
            case PublishResult publish:
                await PublishAsync(step, publish).ConfigureAwait(false);
                return null;
            case SendNotice send:
                await Recipients.AddAsync(step, send.To, send.Template).ConfigureAwait(false);
                return null;
            case SendEmail send:
                foreach (var address in send.To)
                {
                    var id = Guid.CreateVersion7();
                    step.Db.Add(new OutboxMessage { Id = id, CaseId = step.Case.Id, Address = address, Subject = send.Subject, Body = send.Body, MessageId = Recipients.MessageId(id), CreatedAt = step.Now, DueAt = step.Now });
                }
                return null;
            default:
                return null;
        }
    }

    private async Task<JsonNode?> IssueAsync(IssueDocument issue, CaseStep step)
    {
        var document = await documents.AddAsync(step, issue).ConfigureAwait(false);
        return new JsonObject { ["documentId"] = document.Id.ToString(), ["number"] = document.Number };
    }

    /// <summary>A later result of the same benefit takes the place of the one that hangs; one of a register's line hangs as long as the line is valid.</summary>
    private async Task PublishAsync(CaseStep step, PublishResult publish)
    {
        var notice = await PostAsync(step, publish.Template, "公布", publish.Place, step.Today, null, null, publish.Data).ConfigureAwait(false);
        notice.LeastUntil = publish.LeastDays is { } days ? step.Today.AddDays(days - 1) : null;
        if (publish.Entry is { } named)
        {
            var entry = await RegisterLookups.EntryAsync(step, publish, named).ConfigureAwait(false);
            (notice.EntryId, notice.LastDay) = (entry.Id, entry.ValidTo is { } end && notice.LeastUntil > end ? notice.LeastUntil : entry.ValidTo);
            step.Db.Add(notice);
            return;
        }
        notice.GrantId = await PublishedResults.GrantAsync(step).ConfigureAwait(false);
        if (notice.GrantId is { } grant) await PublishedResults.TakeDownAsync(step, grant, step.Today.AddDays(-1)).ConfigureAwait(false);
        step.Db.Add(notice);
    }

    /// <remarks>
    /// What hangs is part of the decision, so it is laid out within it and given the time of a busy machine. If that is passed too
    /// nothing is decided: an officer is told to try again, with all that was typed, and a timer is fired again by the next run.
    /// </remarks>
    /// <exception cref="SlowRenderingException">It takes too long just now.</exception>
    private async Task<PublicNotice> PostAsync(CaseStep step, string template, string kind, string place, DateOnly first, DateOnly? last, string? bookmark, JsonNode? extra)
    {
        var own = extra?.DeepClone() as JsonObject ?? [];
        own["notice"] = new JsonObject { ["firstDay"] = BureauTime.Iso(first), ["lastDay"] = BureauTime.Iso(last) };
        var data = await templateData.WholeAsync(step, own).ConfigureAwait(false);
        return new PublicNotice
        {
            CaseId = step.Case.Id, InstanceId = step.Instance.Id, BookmarkId = bookmark, Kind = kind, Division = step.Case.DivisionAt(place),
            TitleZh = $"{step.Revision.Matter.Name.Zh}{kind}", TitleEn = $"{step.Revision.Matter.Name.En}: {(bookmark is null ? "published result" : "public notice")}",
            FirstDay = first, LastDay = last, OccurredOn = step.OccurredOn, RecordedAt = step.Now, Html = renderer.Render(step.Revision.Templates[template], data, Chinese, unhurried: true).WebHtml,
        };
    }
}
