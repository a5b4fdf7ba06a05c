using CivilAffairs.Web.Platform.Documents.Fonts;
using CivilAffairs.Web.Platform.Documents.Markup;
using static CivilAffairs.Web.Platform.Documents.Layout.Typography;

namespace CivilAffairs.Web.Platform.Documents.Layout;

/// <summary>Each block as items that a page takes one after the other.</summary>
internal sealed class BlockLayout(DocumentFonts fonts, RenderBudget budget, string sealPlace)
{
    // Text directly at a QR code's edge would spoil its quiet zone.
    private const float QrGap = 12;

    // GB/T 9704: office and date stand a little below the middle of the seal. The room above is the label's.
    private const float BelowMiddle = 8;
    private readonly LineBreaker _breaker = new(fonts);
    private readonly LinePlacer _placer = new(fonts);

    public List<FlowItem> Items(IReadOnlyList<Block> blocks, float width)
    {
        var items = new List<FlowItem>();
        foreach (var block in blocks)
        {
            budget.Check();
            if (block is PageBreak) { items.Add(new FlowItem(0, 0, [], NewPage: true)); continue; }
            // Nobody seals or signs a page without text: the lines before come along.
            if (block is Seal or Signature && items.Count > 0) items[^1] = items[^1] with { KeepWithNext = true };
            items.AddRange(block switch
            {
                Paragraph paragraph => Lines(paragraph, width),
                Table table => new TableLayout(_breaker, _placer, budget).Rows(table, width),
                Seal seal => [SealPlace(seal, width)],
                Signature signature => [SignatureLine(signature, width)],
                QrCode qr => [Qr(qr, width)],
                Photo photo => [new FlowItem(6, PhotoHeight + 10, [new PlacedPhoto(Left + (width - PhotoWidth) / 2, 0, PhotoWidth, PhotoHeight, photo.Image)], KeepWithNext: true)],
                _ => [new FlowItem(6, 6, [new PlacedLine(Left, 3, Left + width, 3)])],
            });
        }
        return items;
    }

    /// <summary>The foot: small text at the left, its QR code at the right, a thin rule above.</summary>
    public FlowItem? Foot(IReadOnlyList<Block> blocks)
    {
        if (blocks.Count == 0) return null;
        var qr = blocks.OfType<QrCode>().FirstOrDefault();
        var lines = Items([.. blocks.Where(b => b is not QrCode)], qr is null ? Width : Width - QrSide - QrGap);
        var textHeight = lines.Sum(l => l.Before + l.Height);
        var height = Math.Max(textHeight, qr is null ? 0 : QrSide) + 8;
        var parts = new List<Placed> { new PlacedLine(Left, 0, Left + Width, 0, 0.5f, Tone.Secondary) };
        var top = qr is null ? 8 : Math.Max(8, 8 + (QrSide - textHeight) / 2);
        foreach (var line in lines)
        {
            top += line.Before;
            parts.AddRange(line.Parts.Select(p => p.Moved(top)));
            top += line.Height;
        }
        if (qr is not null) parts.Add(new PlacedQr(Left + Width - QrSide, 8, QrSide, QrCodes.Modules(qr.Text)));
        return new FlowItem(12, height, parts);
    }

    private List<FlowItem> Lines(Paragraph paragraph, float width)
    {
        var style = Of(paragraph);
        var left = Left + style.LeftIndent * style.Size;
        var room = width - (style.LeftIndent + style.RightIndent) * style.Size;
        var lines = _breaker.Break(paragraph.Runs, style.Size, style.Bold, room, style.FirstIndent * style.Size);
        var baseline = Baseline(style.Size, style.LineHeight);
        var items = new List<FlowItem>();
        for (var i = 0; i < lines.Count; i++)
        {
            var parts = _placer.Place(lines[i], left, baseline, style.Size, style.Align);
            // A marker hangs in front of the first line.
            if (i == 0 && paragraph.Marker is { } marker) parts.InsertRange(0, Text(marker, left - MarkerWidth * style.Size, baseline, style.Size));
            // No single line of a paragraph alone at the end or the start of a page.
            var keep = i < lines.Count - 1 ? i == 0 || i == lines.Count - 2 || style.KeepWithNext : style.KeepWithNext;
            items.Add(new FlowItem(i == 0 ? style.Before : 0, style.LineHeight + (i == lines.Count - 1 ? style.After : 0), parts, keep));
        }
        return items;
    }

    /// <summary>Office and date as on stamped papers: the date ends four characters before the edge, the office is centred over it, the seal covers both.</summary>
    private FlowItem SealPlace(Seal seal, float width)
    {
        var lines = seal.Lines.SelectMany(p => _breaker.Break(p.Runs, BodySize, false, width - 4 * BodySize)).ToList();
        var widest = lines.Count == 0 ? 0 : lines.Max(l => l.Natural);
        var right = Left + width - 4 * BodySize;
        var middle = Math.Min(right - (lines.Count == 0 ? 0 : lines[^1].Natural) / 2, right + 2 * BodySize - widest / 2);
        middle = Math.Min(middle, Left + width - SealRadius);
        var height = Math.Max(2 * SealRadius, lines.Count * LineHeight);
        var parts = new List<Placed> { new PlacedCircle(middle, height / 2, SealRadius) };
        var top = Math.Min((height - lines.Count * LineHeight) / 2 + BelowMiddle, height - lines.Count * LineHeight);
        foreach (var line in lines)
        {
            parts.AddRange(_placer.Place(line with { Room = line.Natural }, middle - line.Natural / 2, top + Baseline(BodySize, LineHeight), BodySize, Align.Left));
            top += LineHeight;
        }
        var label = _breaker.Break([new Run(sealPlace, false)], 9, false, width)[0];
        parts.AddRange(_placer.Place(label with { Room = label.Natural }, middle - label.Natural / 2, height / 2 - SealRadius + 24, 9, Align.Left, Tone.Seal));
        // GB/T 9704: the seal's edge stays within one line of the text.
        return new FlowItem(4, height, parts);
    }

    private FlowItem SignatureLine(Signature signature, float width)
    {
        const float Height = 40, Ruled = 8 * BodySize;
        var line = _breaker.Break(signature.Runs, BodySize, false, width - Ruled)[0];
        var start = Left + width - Ruled - line.Natural;
        var baseline = Height - 12;
        return new FlowItem(0, Height, [.. _placer.Place(line with { Room = line.Natural }, start, baseline, BodySize, Align.Left),
            new PlacedLine(Left + width - Ruled, baseline + 4, Left + width, baseline + 4)]);
    }

    private static FlowItem Qr(QrCode qr, float width) =>
        new(6, QrSide, [new PlacedQr(Left + width - QrSide, 0, QrSide, QrCodes.Modules(qr.Text))]);

    private List<Placed> Text(string text, float left, float baseline, float size)
    {
        var line = _breaker.Break([new Run(text, false)], size, false, Width)[0];
        return _placer.Place(line, left, baseline, size, Align.Left);
    }
}
