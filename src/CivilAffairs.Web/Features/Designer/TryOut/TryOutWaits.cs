using System.Text.Json;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Desk.Casefile;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;

namespace CivilAffairs.Web.Features.Designer.TryOut;

/// <summary>Something that a try-out waits for, as the player may answer it.</summary>
/// <param name="Kind"><c>task</c>, <c>asked</c> (the applicant), <c>notice</c>, <c>event</c> or <c>other</c>.</param>
/// <param name="Left">Seats of a task that nobody has taken.</param>
/// <param name="Due">Its own last day; null: none.</param>
internal sealed record TryOutWait(Bookmark Bookmark, string Kind, Effect? Effect, int Left, DateOnly? Due)
{
    public string? Form => Effect switch { CreateTask task => task.Form, CreateApplicantTask asked => asked.Form, _ => null };

    /// <summary>Of a task whose last day would pass: 00:00 after it.</summary>
    public DateTimeOffset? Late => Due is { } due ? BureauTime.Start(due.AddDays(1)) : null;

    /// <summary>Everything that waits for somebody, the oldest first; what may happen by itself comes last, timers apart.</summary>
    public static IReadOnlyList<TryOutWait> Of(TryOutPlay play)
    {
        ArgumentNullException.ThrowIfNull(play);
        if (!play.Course.Waits) return [];
        var notices = play.Course.Effects.OfType<PublishNotice>().ToDictionary(n => n.BookmarkId!);
        var waits = new List<TryOutWait>();
        foreach (var bookmark in play.Course.Last!.Bookmarks.Where(b => b.Kind is "task" or "event"))
            if (bookmark.Kind == "event") waits.Add(new TryOutWait(bookmark, "event", null, 0, null));
            else if (play.Course.Seats(bookmark.Id) is [var task, ..] seats) waits.Add(new TryOutWait(bookmark, "task", task, seats.Count, task.FinishWithin.LastDay));
            else if (play.Course.Asked(bookmark.Id) is { } asked) waits.Add(new TryOutWait(bookmark, "asked", asked, 1, asked.FinishWithin.LastDay));
            else waits.Add(notices.TryGetValue(bookmark.Id, out var notice) ? new TryOutWait(bookmark, "notice", notice, 1, notice.LastDay) : new TryOutWait(bookmark, "other", null, 0, null));
        return [.. waits.OrderBy(w => w.Kind == "event")];
    }

    /// <summary>The desk's own entry of it, over a task that lies in no database; null: it has no outcomes to choose from.</summary>
    /// <param name="suggested">What an example answers; null: nothing stands in the fields.</param>
    public TaskEntry? Entry(TryOutPlay play, JsonObject? suggested)
    {
        ArgumentNullException.ThrowIfNull(play);
        var (title, role, outcomes, form, limit) = Effect switch
        {
            CreateTask task => (task.Title, task.Role, task.Outcomes, task.Form, task.FinishWithin),
            CreateApplicantTask asked => (asked.Title, Roles.Applicant, asked.Outcomes, asked.Form, asked.FinishWithin),
            _ => (new LocalText("", ""), "", [], null, new Limit("none", null, null, false)),
        };
        if (outcomes.Count == 0) return null;
        var row = new WorkTask
        {
            BookmarkId = Bookmark.Id, ActivityId = Bookmark.ActivityId, Role = role, Division = play.Office, TitleZh = title.Zh, TitleEn = title.En, Form = form,
            Outcomes = JsonSerializer.Serialize(outcomes), FinishLimit = limit.Text, FinishBy = limit.LastDay, OpenedOn = play.Today,
        };
        var entry = new TaskEntry(row, play.Revision.Form, play.FormAnswers(), []);
        if (suggested is not null) Fill(entry, play.Revision.Form, form, suggested);
        return entry;
    }

    private static void Fill(TaskEntry entry, Matters.FormFile form, string? asked, JsonObject suggested)
    {
        if ((string?)(suggested["outcome"] as JsonValue) is { } outcome && entry.Outcomes.Contains(outcome)) entry.Choose(outcome);
        if (asked is null || !form.TaskForms.TryGetValue(asked, out var questions)) return;
        foreach (var field in questions.Fields)
            if (suggested[field.Id] is JsonArray several)
                foreach (var option in several) entry.Toggle(field.Id, (string)option!);
            else if (suggested[field.Id] is { } value) entry.Type(field.Id, FieldText.Write(field, value));
    }
}
