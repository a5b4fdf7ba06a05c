using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Words;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Cases.Messages;

/// <summary>Messages about a case, for its parties and its officers alike; and what waits for an officer to read.</summary>
internal static class MessageApi
{
    public static void MapMessages(this RouteGroupBuilder api)
    {
        var messages = api.MapGroup("/cases/{id:guid}/messages").Guarded().RequireAuthorization(Policies.SignedIn).ProducesProblem(401).ProducesProblem(403).ProducesProblem(404).ProducesProblem(410).WithTags("Messages");
        messages.MapGet("", async (Guid id, [AsParameters] PageQuery paging, MessageQuery query, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var (page, size) = paging.Checked();
            var found = await query.ReadAsync(await viewers.RequireAsync(cancel), id, page, size, cancel);
            return TypedResults.Ok(new Paged<ApiMessage>([.. found.Items.Select(ApiMessage.Of)], found.Page, size, found.Page < found.Pages, found.Total));
        }).ProducesProblem(400).WithSummary("Messages about a case, newest first")
            .WithDescription("Attachments are read under /cases/{id}/attachments/{fileId}: by officers for a reason. Reading here marks nothing as read.");

        messages.MapPost("", async (Guid id, [FromForm] string? text, IFormFileCollection files, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, MessageCommands commands, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var sent = await commands.SendAsync(await viewers.RequireAsync(cancel), id, text ?? "", await files.ReadSentAsync(cancel), key!, cancel);
            return TypedResults.Created($"/api/v1/cases/{id}/messages", new SentMessage(sent));
        }).Command().DisableAntiforgery().RequireRateLimiting(PublicLimits.Message).WithMetadata(new RequestSizeLimitAttribute(MessageRules.LargestRequest)).ProducesProblem(413).ProducesProblem(415).ProducesProblem(429)
            .WithSummary("Sends a message 留言").WithDescription($"A form with text (1 to {MessageRules.Longest} characters) and at most {MessageRules.MostFiles} files (PDF, JPEG or PNG of at most 10 MB). The other side gets an e-mail that says nothing but that there is a message. Until {MessageRules.DaysAfterClosing} days after the case is closed; at most {MessageRules.MostADay} a day.");

        messages.MapPost("/read", async (Guid id, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, MessageCommands commands, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok(new MarkedRead(await commands.MarkReadAsync(await viewers.RequireAsync(cancel), id, cancel))))
            .Command().WithSummary("Marks the other side's messages as read").WithDescription("Marking twice is marking once. Who only leads or supervises (DHD, LDR, SUP) marks nothing: what waits for an answer goes on waiting.");

        api.MapGroup("/desk/messages").Guarded().RequireAuthorization(Policies.Officer).ProducesProblem(401).ProducesProblem(403).WithTags("Messages")
            .MapGet("", async ([AsParameters] PageQuery paging, MessageQuery query, ViewerAccessor viewers, CancellationToken cancel) =>
            {
                var (page, size) = paging.Checked();
                var found = await query.UnreadAsync(await viewers.RequireAsync(cancel), page, size, cancel);
                return TypedResults.Ok(new Paged<ApiUnread>([.. found.Rows.Select(r => new ApiUnread(r.Case.Id, r.Case.Number ?? "", r.Case.Matter, ShownNames.Of(r.Case.ApplicantName, r.Case.SubjectId is not null), r.Count, r.Since))], found.Page, size, found.Page < found.Pages, found.Total));
            }).ProducesProblem(400).WithSummary("Cases with unread messages that the caller sees").WithDescription("The longest waiting first.");
    }

    /// <summary>The bytes of what was sent; a larger one is told before it is read.</summary>
    /// <exception cref="InvalidAnswersException">Too many, or one is too large.</exception>
    internal static async Task<IReadOnlyList<SentFile>> ReadSentAsync(this IEnumerable<IFormFile> files, CancellationToken cancel)
    {
        var sent = new List<SentFile>();
        // A browser sends a field without a file as an empty one without a name.
        foreach (var file in files.Where(f => f is not { Length: 0, FileName.Length: 0 }))
        {
            if (file.Length > FileCommands.MaxSize) throw new FileRefusedException(true, new FieldFault("files", "文件不能超过10MB。", "A file may have at most 10 MB."));
            using var bytes = new MemoryStream();
            await file.CopyToAsync(bytes, cancel);
            sent.Add(new SentFile(file.FileName, bytes.ToArray()));
        }
        return sent;
    }
}

internal sealed record SentMessage(Guid Id);

/// <param name="Count">How many had not been read before.</param>
internal sealed record MarkedRead(int Count);

/// <param name="Side"><c>Applicant</c> or <c>Office</c>.</param>
/// <param name="By">An officer's name, for officers; a party's, masked; empty: the office.</param>
/// <param name="ReadAt">When the other side first had it before them; null: not yet.</param>
internal sealed record ApiMessage(Guid Id, string Side, bool Mine, string By, string Text, IReadOnlyList<ApiMessageFile> Files, DateTimeOffset RecordedAt, DateTimeOffset? ReadAt)
{
    public static ApiMessage Of(ReadMessage m) => new(m.Id, m.Side.ToString(), m.Mine, m.By, m.Text, [.. m.Files.Select(f => new ApiMessageFile(f.Id, f.Name, f.ContentType, f.Size))], m.RecordedAt, m.ReadAt);
}

/// <param name="Size">Bytes.</param>
internal sealed record ApiMessageFile(Guid Id, string Name, string ContentType, long Size);

/// <summary>The applicant is masked.</summary>
/// <param name="Since">When the oldest unread one was written.</param>
internal sealed record ApiUnread(Guid CaseId, string Number, string Matter, string Applicant, int Count, DateTimeOffset Since);
