using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using SkiaSharp;

namespace CivilAffairs.Web.Features.Cases.Steps;

/// <summary>
/// Pictures of a case's attachments for a document that shows them: reduced to what a photograph on paper needs, and frozen
/// with the document's other data, so that it can be made again from them alone.
/// </summary>
internal sealed partial class CaseImages(BlobStore store)
{
    /// <summary>Pixels of the longer side: 53 mm at 300 dots an inch.</summary>
    private const int Longest = 640;
    private const int Quality = 85;

    /// <summary>Adds <c>attachments</c> (slot → keys) and <c>images</c> (key → base64) for the slots that the template names.</summary>
    /// <remarks>A picture that cannot be read is left out: it was looked at when it was attached, and a decision does not fail by it.</remarks>
    public async Task AddAsync(CaseStep step, string template, JsonObject data)
    {
        var wanted = Named().Matches(template).Select(m => m.Groups[1].Value).ToHashSet();
        if (wanted.Count == 0) return;
        var (attachments, images) = (new JsonObject(), new JsonObject());
        var files = await step.Db.Set<CaseFile>().AsNoTracking().Where(f => f.CaseId == step.Case.Id && f.RemovedAt == null && wanted.Contains(f.Slot) && f.ContentType != "application/pdf")
            .OrderBy(f => f.RecordedAt).ThenBy(f => f.Id).ToListAsync().ConfigureAwait(false);
        foreach (var file in files)
        {
            if (Reduced(step.Cipher.Open(store.Get(file.StoredHash), $"file.{file.Slot}")) is not { } jpeg) continue;
            var list = attachments[file.Slot] as JsonArray ?? [];
            attachments[file.Slot] ??= list;
            var key = $"{file.Slot}-{list.Count}";
            list.Add(key);
            images[key] = Convert.ToBase64String(jpeg);
        }
        (data["attachments"], data["images"]) = (attachments, images);
    }

    /// <summary>A picture as JPEG of at most so many pixels a side; null: it cannot be read.</summary>
    internal static byte[]? Reduced(byte[] picture, int longest = Longest)
    {
        using var bitmap = SKBitmap.Decode(picture);
        if (bitmap is null) return null;
        var scale = Math.Min(1f, (float)longest / Math.Max(bitmap.Width, bitmap.Height));
        // On white: what is transparent in a PNG would come out black.
        using var surface = SKSurface.Create(new SKImageInfo(Math.Max(1, (int)(bitmap.Width * scale)), Math.Max(1, (int)(bitmap.Height * scale))));
        surface.Canvas.Clear(SKColors.White);
        surface.Canvas.Scale(scale);
        using var source = SKImage.FromBitmap(bitmap);
        surface.Canvas.DrawImage(source, 0, 0, new SKSamplingOptions(SKCubicResampler.Mitchell));
        using var image = surface.Snapshot();
        using var data = image.Encode(SKEncodedImageFormat.Jpeg, Quality);
        return data.ToArray();
    }

    [GeneratedRegex(@"\battachments\.([a-z][A-Za-z0-9]*)")]
    private static partial Regex Named();
}
