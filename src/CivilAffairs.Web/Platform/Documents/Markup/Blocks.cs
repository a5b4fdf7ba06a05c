namespace CivilAffairs.Web.Platform.Documents.Markup;

internal enum Align { Justify, Left, Center, Right }

/// <summary>Text of one weight; <c>\n</c> is a forced line end.</summary>
internal sealed record Run(string Text, bool Bold);

/// <summary>What kind of paragraph; the layout says how each looks.</summary>
internal enum Role { Body, Title, Number, Heading, Small, Foot, Item }

internal abstract record Block;

/// <param name="Align">Null: as the role says.</param>
/// <param name="Marker">• or 1. of a list item, which then hangs.</param>
internal sealed record Paragraph(Role Role, IReadOnlyList<Run> Runs, Align? Align = null, bool Indent = true, string? Marker = null, int Depth = 0) : Block;

/// <param name="Widths">Share of the text width of each column; they add up to 1.</param>
/// <param name="HeaderRows">Leading rows that each page repeats.</param>
internal sealed record Table(IReadOnlyList<TableRow> Rows, IReadOnlyList<float> Widths, int HeaderRows, bool Small) : Block;
internal sealed record TableRow(IReadOnlyList<TableCell> Cells);
internal sealed record TableCell(IReadOnlyList<Run> Runs, int ColumnSpan, bool Header, Align Align, float? Width);

internal sealed record Seal(IReadOnlyList<Paragraph> Lines) : Block;
internal sealed record Signature(IReadOnlyList<Run> Runs) : Block;
internal sealed record QrCode(string Text) : Block;

/// <summary>A photograph, landscape, in the middle of the page.</summary>
internal sealed record Photo(byte[] Image) : Block;
internal sealed record Rule : Block;
internal sealed record PageBreak : Block;

/// <param name="Foot">What is held to the bottom of the last page.</param>
/// <param name="Html">The same content as flowing HTML for a web page (a notice on a phone), made of known elements only.</param>
internal sealed record Content(IReadOnlyList<Block> Blocks, IReadOnlyList<Block> Foot, string Html);
