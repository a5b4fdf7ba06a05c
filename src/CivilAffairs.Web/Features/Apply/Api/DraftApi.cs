using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Drafts;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Mvc;

namespace CivilAffairs.Web.Features.Apply.Api;

/// <summary>
/// An application from its first answer to its filing: an applicant's own, or one that a clerk writes down at the counter
/// 窗口. The same routes fill in a correction 补正 while one is asked.
/// </summary>
internal static class DraftApi
{
    public static void MapDrafts(this RouteGroupBuilder api)
    {
        var drafts = api.MapGroup("/drafts").Guarded().RequireAuthorization(Policies.SignedIn).ProducesProblem(401).ProducesProblem(403).WithTags("Drafts");
        drafts.MapGet("", async ([AsParameters] PageQuery paging, MyCases mine, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var (page, size) = paging.Checked();
            var (found, more) = await mine.ReadAsync(await viewers.RequireAsync(cancel), true, page, size, cancel);
            return TypedResults.Ok(new Paged<ApiDraftLine>([.. found.Select(m => new ApiDraftLine(m.Case.Id, m.Case.Matter, m.Matter.Name.Now(), m.Case.CreatedAt, m.Case.ChangedAt))], page, size, more, null));
        }).ProducesProblem(400).WithSummary("The caller's drafts, changed last first");

        drafts.MapPost("", async (NewDraft body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, DraftCommands commands, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            var viewer = await viewers.RequireAsync(cancel);
            var id = body.Organisation is { } organisation ? await commands.StartAboutAsync(viewer, body.Matter, organisation, key!, cancel) : await commands.StartAsync(viewer, body.Matter, key!, cancel);
            return TypedResults.Created($"/api/v1/drafts/{id}", new StartedDraft(id));
        }).Command().ProducesProblem(404).WithSummary("Begins a draft").WithDescription("An applicant's for themselves; a clerk's (TCK) for somebody at the counter. It keeps the matter's current revision. Of a matter about an organisation that the caller acts for, the draft may be filled from the register.");

        drafts.MapGet("/{id:guid}", async (Guid id, Applications applications, ViewerAccessor viewers, HttpContext context, CancellationToken cancel) =>
        {
            var application = await applications.OpenAsync(await viewers.RequireAsync(cancel), id, cancel);
            context.Tag(application.Case.Version);
            return TypedResults.Ok(ApiDraft.Of(application));
        }).ProducesProblem(404).WithSummary("A draft with its answers, and all that is still wrong with it")
            .WithDescription("Also a filed case that waits for a correction: then 'correction' says what is asked. 403 once it is filed and waits for none. The ETag is its version.");

        drafts.MapPut("/{id:guid}/sections/{section}", async (Guid id, string section, JsonNode body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, [FromHeader(Name = "If-Match")] string? ifMatch,
            Applications applications, DraftCommands commands, ViewerAccessor viewers, HttpContext context, CancellationToken cancel) =>
        {
            var viewer = await viewers.RequireAsync(cancel);
            var application = await applications.OpenAsync(viewer, id, cancel);
            if (application.Revision.Form.Sections.All(s => s.Id != section)) throw new UnknownCaseException();
            var version = await commands.SaveSectionAsync(viewer, id, section, body, key, ApiRoutes.Version(ifMatch), cancel);
            context.Tag(version);
            var after = application.With(section, body);
            return TypedResults.Ok(new SavedSection(version, ApiFault.Of(after.Form.Validate(after.Answers, section))));
        }).Command().ProducesProblem(404).ProducesProblem(412).WithSummary("Stores a section's answers as they are")
            .WithDescription("Complete or not: nothing sent is lost. 'faults' says what is wrong with it. An object, or an array of objects where the section repeats; it replaces what was there.");

        drafts.MapPost("/{id:guid}/submit", async (Guid id, [FromBody(EmptyBodyBehavior = Microsoft.AspNetCore.Mvc.ModelBinding.EmptyBodyBehavior.Allow)] Submission? body, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, [FromHeader(Name = "If-Match")] string? ifMatch, DraftCommands commands, ViewerAccessor viewers, CancellationToken cancel) =>
            TypedResults.Ok(await commands.SubmitAsync(await viewers.RequireAsync(cancel), id, key!, ApiRoutes.Version(ifMatch), body?.OccurredOn, cancel)))
            .Command().ProducesProblem(404).ProducesProblem(412).WithSummary("Files the draft").WithDescription("Checks all of it (422 names each field), gives it its number and starts its workflow. A clerk may say on which day it came in. A correction is sent by completing its task instead.");

        drafts.MapDelete("/{id:guid}", async (Guid id, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, DraftCommands commands, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            await commands.DiscardAsync(await viewers.RequireAsync(cancel), id, key, cancel);
            return TypedResults.NoContent();
        }).Command().ProducesProblem(404).WithSummary("Throws a draft away").WithDescription("What was filed can only be withdrawn.");

        drafts.MapAttachments();
    }

    private static void MapAttachments(this RouteGroupBuilder drafts)
    {
        drafts.MapPost("/{id:guid}/attachments/{slot}", async (Guid id, string slot, IFormFile file, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, FileCommands files, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            if (file.Length > FileCommands.MaxSize) throw new FileRefusedException(true, new FieldFault($"attachments.{slot}", "文件不能超过10MB。", "A file may have at most 10 MB."));
            using var bytes = new MemoryStream();
            await file.CopyToAsync(bytes, cancel);
            var fileId = await files.AttachAsync(await viewers.RequireAsync(cancel), id, slot, file.FileName, bytes.ToArray(), key, cancel);
            return TypedResults.Created($"/api/v1/cases/{id}/attachments/{fileId}", new StoredFile(fileId));
        }).Command().DisableAntiforgery().WithMetadata(new RequestSizeLimitAttribute(FileCommands.MaxSize + 1_000_000)).ProducesProblem(404)
            .WithSummary("Attaches a file").WithDescription("PDF, JPEG or PNG of at most 10 MB, told by its bytes and not by its name. Read it back under /cases/{id}/attachments/{fileId}.");

        drafts.MapDelete("/{id:guid}/attachments/{fileId:guid}", async (Guid id, Guid fileId, [FromHeader(Name = ApiRoutes.KeyHeader)] string? key, FileCommands files, ViewerAccessor viewers, CancellationToken cancel) =>
        {
            await files.RemoveAsync(await viewers.RequireAsync(cancel), id, fileId, key, cancel);
            return TypedResults.NoContent();
        }).Command().ProducesProblem(404).WithSummary("Takes an attachment away");
    }
}

/// <param name="Matter">Id of a matter.</param>
internal sealed record NewDraft(string Matter, Guid? Organisation = null);

internal sealed record StartedDraft(Guid Id);

/// <param name="OccurredOn">Officers only: the day on which the application came in 收件日期; ages, values in force and limits are those of that day. Null or no body: today.</param>
internal sealed record Submission(DateOnly? OccurredOn = null);

internal sealed record StoredFile(Guid Id);

internal sealed record ApiDraftLine(Guid Id, string Matter, string MatterName, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt);

/// <param name="Version">For <c>If-Match</c>.</param>
internal sealed record SavedSection(long Version, IReadOnlyList<ApiFault> Faults);

/// <summary>What is wrong with one answer, in the caller's language.</summary>
/// <param name="Path"><c>members[0].idNumber</c>; <c>attachments.diagnosis</c>.</param>
internal sealed record ApiFault(string Path, string Text)
{
    public static IReadOnlyList<ApiFault> Of(IEnumerable<FieldFault> faults) => [.. faults.Select(f => new ApiFault(f.Path, f.Now()))];
}

/// <param name="State"><c>NotStarted</c>, <c>Optional</c>, <c>InProgress</c> or <c>Done</c>.</param>
internal sealed record ApiSection(string Id, string Title, string State);

/// <param name="Wanted">Whether the answers so far make it necessary.</param>
internal sealed record ApiSlot(string Slot, string Label, bool Wanted, int Max, IReadOnlyList<string> Accept, IReadOnlyList<ApiGiven> Files);

/// <param name="Size">Bytes.</param>
internal sealed record ApiGiven(Guid Id, string Name, long Size);

/// <param name="TaskId">To be completed once the draft is as it should be.</param>
/// <param name="Defects">As the officer wrote it.</param>
internal sealed record ApiCorrection(Guid TaskId, string? Defects, DateOnly? LastDay);

/// <summary>An application that may still be changed.</summary>
/// <param name="Revision">Hash of the matter's revision that asks it.</param>
/// <param name="Answers">What was stored so far, complete or not.</param>
/// <param name="Faults">All that stands against sending it.</param>
/// <param name="Correction">Null for a draft.</param>
internal sealed record ApiDraft(Guid Id, string Matter, string Revision, long Version, JsonObject Answers, IReadOnlyList<ApiSection> Sections, IReadOnlyList<ApiSlot> Attachments,
    IReadOnlyList<ApiFault> Faults, ApiCorrection? Correction)
{
    public static ApiDraft Of(Application application) => new(application.Case.Id, application.Case.Matter, application.Revision.Hash, application.Case.Version, application.Answers.Data,
        [.. application.Lines().Select(l => new ApiSection(l.Shown.Section.Id, l.Shown.Section.Title.Now(), l.State.ToString()))],
        [.. application.Form.Attachments(application.Answers).Select(w => new ApiSlot(w.Attachment.Id, w.Attachment.Label.Now(), w.Required, w.Attachment.Max, w.Attachment.Accept,
            [.. application.Files.Where(f => f.Slot == w.Attachment.Id).Select(f => new ApiGiven(f.Id, f.Name, f.Size))]))],
        ApiFault.Of(application.Faults()),
        application.Correction is { } task ? new ApiCorrection(task.Id, application.Defects, task.FinishBy) : null);
}
