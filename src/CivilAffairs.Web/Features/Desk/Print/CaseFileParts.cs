using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Print;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Cases.Words;
using CivilAffairs.Web.Features.Desk.Casefile;
using CivilAffairs.Web.Features.Desk.Review;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Documents;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Storage;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;

namespace CivilAffairs.Web.Features.Desk.Print;

/// <summary>Puts the parts of a case file 案卷 together from what the officer who asked for it sees.</summary>
public sealed class CaseFileParts(FormPrint form, StoryWords story, CaseWords words, IStringLocalizer<ReviewTexts> review, DossierQuery dossiers, IDocumentPages pages, CaseVault vault, BlobStore store, IReader reader, TimeProvider time)
{
    /// <summary>Pixels of a picture's longer side: A4 at 150 dots an inch.</summary>
    private const int Longest = 1700;

    /// <returns>The cover's data and the parts in their order; null: the officer does not see the case any more.</returns>
    /// <exception cref="CaseErasedException">It was destroyed.</exception>
    public async Task<(JsonObject Cover, IReadOnlyList<FilePart> Parts)?> ReadAsync(Viewer viewer, Guid caseId, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(viewer);
        if (await dossiers.ReadAsync(viewer, caseId, cancel).ConfigureAwait(false) is not { } file) return null;
        var documents = new List<FilePart>();
        foreach (var document in file.Documents)
        {
            var (template, data) = await pages.SourceAsync(document, cancel).ConfigureAwait(false);
            documents.Add(new FilePart($"{document.NameZh}　{document.Number}", template, data));
        }
        var pictures = await PicturesAsync(file, cancel).ConfigureAwait(false);
        return PrintTemplates.InChinese(() => (Cover(file, viewer), (IReadOnlyList<FilePart>)
        [
            new FilePart("申请表", PrintTemplates.Form, form.Data(file.Case, file.Revision, file.Sections)), Materials(file, pictures), .. pictures.OfType<FilePart>(), Decisions(file), .. documents, Story(file),
        ]));
    }

    private JsonObject Cover(Dossier file, Viewer viewer)
    {
        var facts = new List<(string Label, string Value)>
        {
            ("事项", file.Revision.Matter.Name.Zh), ("申请人", file.Case.ApplicantName), ("收件日期", file.Case.ReceivedOn is { } received ? CaseWords.Day(received) : "—"),
            ("受理日期", file.Case.AcceptedOn is { } accepted ? CaseWords.Day(accepted) : "—"), ("办理状态", Status(file, file.Case.Status)),
            ("办结日期", file.Case.ClosedAt is { } closed ? CaseWords.Day(BureauTime.Day(closed)) : "—"), ("打印人", viewer.Name), ("打印时间", CaseWords.Instant(time.GetUtcNow())),
        };
        return new JsonObject
        {
            ["office"] = form.Office(file.Case), ["number"] = file.Case.Number ?? "",
            ["facts"] = new JsonArray([.. facts.Select(f => (JsonNode)new JsonObject { ["label"] = f.Label, ["value"] = f.Value })]),
        };
    }

    /// <summary>Each attachment once; a picture has a page of its own behind the list, a PDF is kept as it came.</summary>
    private static FilePart Materials(Dossier file, IReadOnlyList<FilePart?> pictures) => Table("材料清单", "没有材料。", [("序号", 9), ("材料", 35), ("文件", 26), ("收到日期", 18), ("说明", 12)],
        [.. file.Files.Select((f, i) => new[] { $"{i + 1}", Slot(file, f.Slot), f.Name, CaseWords.Day(BureauTime.Day(f.RecordedAt)), pictures[i] is not null ? "附后" : f.ContentType == "application/pdf" ? "PDF 另附" : "不能显示" })]);

    private FilePart Decisions(Dossier file) => Table("决定", "还没有决定。", [("序号", 9), ("决定", 25), ("日期", 20), ("决定人", 18), ("说明", 28)],
        [.. file.Decisions.Select(d => new[]
        {
            $"{d.Number}", Status(file, d.Status), CaseWords.Day(d.OccurredOn), d.By switch { null => "期限届满", "" => "申请人", var by => by },
            d.SupersededBy is { } later ? $"已由第 {later} 号决定取代" : d.Review is { } of ? $"{review[$"Basis.{of.Basis}"].Value}：{of.Reference}" : "有效",
        })]);

    private FilePart Story(Dossier file) => Table("办理经过", "没有记录。", [("时间", 28), ("经过", 72)],
        [.. file.Story.Reverse().Select(l => new[] { CaseWords.Instant(l.At), story.Sentence(l, file.Revision.Matter) + (l.OccurredOn is { } on ? $"（{CaseWords.Day(on)}）" : "") })]);

    private static FilePart Table(string title, string none, (string Title, int Width)[] columns, IReadOnlyList<string[]> rows)
    {
        var data = new JsonObject
        {
            ["title"] = title, ["columns"] = new JsonArray([.. columns.Select(c => (JsonNode)new JsonObject { ["title"] = c.Title, ["width"] = c.Width })]),
            ["rows"] = new JsonArray([.. rows.Select(r => (JsonNode)new JsonArray([.. r.Select(c => (JsonNode)JsonValue.Create(c))]))]),
        };
        if (rows.Count == 0) data["none"] = none;
        return new FilePart(title, PrintTemplates.Table, data);
    }

    /// <summary>One for each attachment; null: it is no picture, or none that can be read.</summary>
    private async Task<IReadOnlyList<FilePart?>> PicturesAsync(Dossier file, CancellationToken cancel)
    {
        if (file.Files.Count == 0) return [];
        await using var db = reader.Open();
        var cipher = await vault.OpenAsync(db, file.Case.Id, cancel).ConfigureAwait(false);
        var ids = file.Files.Select(f => f.Id).ToList();
        var stored = await db.Set<Cases.Model.CaseFile>().Where(f => ids.Contains(f.Id)).ToDictionaryAsync(f => f.Id, f => f.StoredHash, cancel).ConfigureAwait(false);
        var parts = new List<FilePart?>();
        foreach (var (attached, i) in file.Files.Select((f, i) => (f, i)))
        {
            cancel.ThrowIfCancellationRequested();
            var jpeg = attached.ContentType == "application/pdf" ? null : CaseImages.Reduced(cipher.Open(store.Get(stored[attached.Id]), $"file.{attached.Slot}"), Longest);
            parts.Add(jpeg is null ? null : new FilePart($"材料 {i + 1}　{Slot(file, attached.Slot)}", null, null, jpeg));
        }
        return parts;
    }

    private string Status(Dossier file, string status) => file.Revision.Matter.StatusWord(status) ?? words.Status(status);

    private static string Slot(Dossier file, string id) => file.Revision.Form.Attachments.FirstOrDefault(a => a.Id == id)?.Label.Zh ?? id;
}
