using System.Globalization;
using System.Text.Json.Nodes;
using CivilAffairs.Web.Platform.Documents.Layout;
using CivilAffairs.Web.Platform.Documents.Markup;
using SkiaSharp;

namespace CivilAffairs.Web.Platform.Documents;

/// <summary>Several documents and pictures bound as one file 案卷: a cover with an index in front, pages numbered through.</summary>
public sealed partial class DocumentRenderer
{
    // A caption's line above a picture that fills the rest of its page.
    private const float Caption = 26;

    /// <summary>Binds parts. The index knows on which page each part begins, so the cover is laid out until it knows its own length.</summary>
    /// <param name="cover">Template of the cover and the index.</param>
    /// <param name="coverData">Its data; <c>parts</c> (each <c>title</c>, <c>page</c>, <c>pages</c>) and <c>total</c> are added.</param>
    /// <param name="parts">In their order; the limits hold for all of them together.</param>
    /// <exception cref="DocumentTemplateException">A template is wrong, or all of it passes a limit.</exception>
    /// <exception cref="SlowRenderingException">It takes too long just now.</exception>
    public LaidOutDocument Bind(string cover, JsonObject coverData, IReadOnlyList<FilePart> parts, CultureInfo culture)
    {
        ArgumentNullException.ThrowIfNull(coverData);
        ArgumentNullException.ThrowIfNull(parts);
        var budget = new RenderBudget(_limits, time);
        var laid = new List<IReadOnlyList<IReadOnlyList<Placed>>>(parts.Count);
        foreach (var part in parts)
        {
            laid.Add(part.Picture is { } picture ? [PicturePage(part.Title, picture)] : LayOut(part.Template ?? "", part.Data ?? new JsonObject(), culture, budget).Pages);
            if (laid.Sum(p => p.Count) > _limits.Pages) throw new DocumentTemplateException(null, "TooManyPages", _limits.Pages);
        }
        // The first pass finds how long the index is, the second writes the numbers; a third only where they made it longer.
        var front = Front(0);
        for (var length = 0; length != front.Count;)
        {
            length = front.Count;
            front = Front(length);
        }
        List<IReadOnlyList<Placed>> all = [.. front, .. laid.SelectMany(p => p)];
        if (all.Count > _limits.Pages) throw new DocumentTemplateException(null, "TooManyPages", _limits.Pages);
        var missing = all.Sum(p => p.OfType<PlacedBox>().Count());
        if (missing > 0) Lacking(log, missing);
        return new LaidOutDocument(fonts, [.. all.Select((p, i) => Numbered(p, string.Format(culture, DocumentTexts.Get("BoundPageNumber", culture), i + 1, all.Count)))], "", missing, culture);

        IReadOnlyList<IReadOnlyList<Placed>> Front(int length)
        {
            var data = coverData.DeepClone().AsObject();
            var (index, page) = (new JsonArray(), length + 1);
            foreach (var (part, pages) in parts.Zip(laid))
            {
                index.Add(new JsonObject { ["title"] = part.Title, ["page"] = page, ["pages"] = pages.Count });
                page += pages.Count;
            }
            (data["parts"], data["total"]) = (index, page - 1);
            return LayOut(cover, data, culture, budget).Pages;
        }
    }

    /// <summary>One picture as large as the page lets it be, with its name above.</summary>
    private List<Placed> PicturePage(string title, byte[] picture)
    {
        var (width, height) = (Typography.Width, Typography.Bottom - Typography.Top - Caption);
        using (var data = SKData.CreateCopy(picture))
        using (var codec = SKCodec.Create(data))
        {
            if (codec is not null)
            {
                var scale = Math.Min(width / codec.Info.Width, height / codec.Info.Height);
                (width, height) = (codec.Info.Width * scale, codec.Info.Height * scale);
            }
        }
        var line = new LineBreaker(fonts).Break([new Run(title, true)], 12, true, Typography.Width)[0];
        return [.. new LinePlacer(fonts).Place(line, Typography.Left, Typography.Top + 12, 12, Align.Left),
            new PlacedPhoto(Typography.Left + (Typography.Width - width) / 2, Typography.Top + Caption, width, height, picture)];
    }
}

/// <summary>One part of a bound file.</summary>
/// <param name="Title">As the index names it.</param>
/// <param name="Template">Laid out with <paramref name="Data"/>; null: it is a picture.</param>
/// <param name="Picture">A JPEG, alone on a page.</param>
public sealed record FilePart(string Title, string? Template, JsonNode? Data, byte[]? Picture = null);
