using System.IO.Compression;
using System.Text;
using CivilAffairs.Web.Features.Cases.Commands;

namespace CivilAffairs.Web.Features.Designer.Drafts;

/// <summary>
/// A matter's folder as a .zip, both ways without loss: the files that come out give the hash that went in. What is read is
/// somebody else's: names, numbers and sizes are bounded before anything is unpacked, and nothing is written to a disk.
/// </summary>
public static class MatterArchive
{
    /// <summary>Bytes.</summary>
    public const int Largest = 8_000_000;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The files under the matter's name, in the order of paths.</summary>
    public static byte[] Write(string matter, IReadOnlyDictionary<string, string> files, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(files);
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true, Strict))
            foreach (var (path, text) in files.OrderBy(f => f.Key, StringComparer.Ordinal))
            {
                var entry = zip.CreateEntry($"{matter}/{path}");
                entry.LastWriteTime = at;
                using var stream = entry.Open();
                stream.Write(Strict.GetBytes(text));
            }
        return bytes.ToArray();
    }

    /// <summary>Reads an archive of one matter's folder, with the folder's name before its files or without.</summary>
    /// <returns>The id that its <c>matter.json</c> says, and path → text.</returns>
    /// <exception cref="InvalidAnswersException">By entry; <c>archive</c> as a whole.</exception>
    public static async Task<(string Matter, SortedDictionary<string, string> Files)> ReadAsync(Stream archive, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(archive);
        using var bytes = new MemoryStream();
        var buffer = new byte[81920];
        for (int read; (read = await archive.ReadAsync(buffer, cancel).ConfigureAwait(false)) > 0;)
        {
            if (bytes.Length + read > Largest) throw Wrong("archive", "archive.large");
            bytes.Write(buffer, 0, read);
        }
        if (bytes.Length == 0) throw Wrong("archive", "archive.none");
        bytes.Position = 0;
        try
        {
            using var zip = new ZipArchive(bytes, ZipArchiveMode.Read, leaveOpen: true, Strict);
            var files = Unpack(zip);
            return (IdOf(files), files);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or NotSupportedException)
        {
            throw Wrong("archive", "archive.wrong");
        }
    }

    private static SortedDictionary<string, string> Unpack(ZipArchive zip)
    {
        // A folder's own entry has no name; what systems add for themselves is left out, as in a folder.
        var entries = zip.Entries.Where(e => e.Name.Length > 0 && !e.FullName.Split('/').Any(p => p.StartsWith('.') && p is not (".." or ".") || p == "__MACOSX")).ToList();
        if (entries.Count > MatterBundle.MostFiles) throw Wrong("archive", "files.many");
        var top = entries.Exists(e => e.FullName == "matter.json") ? "" : Top(entries);
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        long total = 0;
        foreach (var entry in entries)
        {
            var path = entry.FullName.StartsWith(top, StringComparison.Ordinal) ? entry.FullName[top.Length..] : entry.FullName;
            if (!MatterBundle.IsPath(path)) throw Wrong(entry.FullName, "file.path");
            var text = Text(entry);
            total += text.Length;
            if (total > MatterBundle.LongestBundle) throw Wrong("archive", "files.many");
            // Two names that differ in case alone would be one file on a manager's computer.
            if (files.Keys.Contains(path, StringComparer.OrdinalIgnoreCase)) throw Wrong(entry.FullName, "archive.twice");
            files[path] = text;
        }
        return files;
    }

    /// <summary>The one folder that all entries lie in, with its slash; empty: there is none.</summary>
    private static string Top(List<ZipArchiveEntry> entries)
    {
        var top = entries.FirstOrDefault()?.FullName is { } first && first.IndexOf('/', StringComparison.Ordinal) is > 0 and var slash ? first[..(slash + 1)] : "";
        return top.Length > 0 && entries.TrueForAll(e => e.FullName.StartsWith(top, StringComparison.Ordinal)) ? top : "";
    }

    /// <summary>Reads at most the bound, whatever the archive says of the length.</summary>
    private static string Text(ZipArchiveEntry entry)
    {
        const int most = MatterBundle.LongestFile * 3;
        using var stream = entry.Open();
        using var bytes = new MemoryStream();
        var buffer = new byte[81920];
        for (int read; (read = stream.Read(buffer, 0, buffer.Length)) > 0;)
        {
            if (bytes.Length + read > most) throw Wrong(entry.FullName, "file.long");
            bytes.Write(buffer, 0, read);
        }
        try
        {
            var text = MatterBundle.Tidy(Strict.GetString(bytes.GetBuffer(), 0, (int)bytes.Length));
            if (text.Length > MatterBundle.LongestFile) throw Wrong(entry.FullName, "file.long");
            return MatterBundle.IsText(text) ? text : throw Wrong(entry.FullName, "file.notText");
        }
        catch (DecoderFallbackException)
        {
            throw Wrong(entry.FullName, "file.notText");
        }
    }

    private static string IdOf(SortedDictionary<string, string> files)
    {
        if (!files.TryGetValue(JsonFile.Matter, out var json)) throw Wrong("archive", "archive.noMatter");
        if (JsonFile.Why(json) is { } why) throw new InvalidAnswersException([DraftFaults.Of("archive", "archive.unread", why)]);
        return JsonFile.Read(json).Root.In("id").Text() is { } id && NewMatter.IsId(id) ? id : throw Wrong("archive", "archive.noMatter");
    }

    private static InvalidAnswersException Wrong(string path, string key) => new([DraftFaults.Of(path, key)]);
}
