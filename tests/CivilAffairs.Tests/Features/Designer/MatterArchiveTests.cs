using System.IO.Compression;
using System.Text;
using CivilAffairs.Tests.Features.Matters;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Designer.Drafts;
using CivilAffairs.Web.Features.Matters;

namespace CivilAffairs.Tests.Features.Designer;

/// <summary>A matter's folder as an archive: both ways without loss, and nothing that is not a matter's folder.</summary>
public sealed class MatterArchiveTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    private static readonly DateTimeOffset At = new(2026, 11, 26, 9, 0, 0, TimeSpan.FromHours(8));

    [Theory, MemberData(nameof(ShippedMatters.Names), MemberType = typeof(ShippedMatters))]
    public async Task What_goes_out_comes_back_with_the_same_hash(string matter)
    {
        var revision = ShippedMatters.Load(matter).Revision!;
        using var bytes = new MemoryStream(MatterArchive.Write(matter, MatterBundle.Read(revision.Bundle), At));
        var (id, files) = await MatterArchive.ReadAsync(bytes, default);
        Assert.Equal((matter, revision.Hash), (id, MatterFolder.FromFiles(files).Revision!.Hash));
        Assert.Equal(revision.Bundle, MatterBundle.Write(files));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_archive_becomes_the_draft_and_its_publication_the_same_revision(string kind)
    {
        var kit = new DraftKit(await databases.GetAsync(kind));
        var (one, two) = (await kit.ManagerAsync(), await kit.ManagerAsync());
        var id = await kit.PublishedAsync(one);
        var hash = kit.Library.Find(id)!.Hash;
        var archive = await kit.Drafts.ExportAsync(one, id, hash);
        var saved = await kit.RenameAsync(one, id, "改了", 0);
        await kit.Drafts.PublishAsync(one, id, "改", saved.Version, DraftKit.Key());
        saved = await kit.Drafts.ImportAsync(two, new MemoryStream(archive), 0, DraftKit.Key());
        // Whoever imports over a draft must have seen it.
        Assert.Equal(two.Name, (await Assert.ThrowsAsync<StaleVersionException>(() => kit.Drafts.ImportAsync(one, new MemoryStream(archive), 0, DraftKit.Key()))).By);
        Assert.Equal(archive.Length, (await kit.Drafts.ExportAsync(one, id, null)).Length);
        Assert.Equal(hash, (await kit.Drafts.PublishAsync(two, id, "从外县拿来", saved.Version, DraftKit.Key())).Hash);
        Assert.Equal(RevisionOrigin.Import, (await kit.VersionsAsync(id))[^1].Origin);
    }

    [Fact]
    public async Task A_folder_zipped_by_hand_is_read_with_its_name_or_without()
    {
        foreach (var top in new[] { "", "some-folder/" })
        {
            var (id, files) = await ReadAsync((top + "matter.json", """{"id": "some-id"}"""), (top + "templates/a.html", "\uFEFFa\r\nb"), (top + ".DS_Store", "x"), ("__MACOSX/" + top + "matter.json", "x"));
            Assert.Equal(("some-id", "a\nb", 2), (id, files["templates/a.html"], files.Count));
        }
    }

    [Theory]
    [InlineData("../evil.txt")]
    [InlineData("templates/../../evil.txt")]
    [InlineData("/etc/passwd")]
    [InlineData("c:\\windows\\a.txt")]
    [InlineData("templates\\a.html")]
    [InlineData("a\u0000b")]
    public async Task A_name_that_leads_elsewhere_is_refused(string name) =>
        Assert.Equal(name, await RefusedAsync(Zip(("matter.json", Encoding.UTF8.GetBytes("""{"id": "some-id"}""")), (name, [65]))));

    [Fact]
    public async Task What_is_no_archive_or_too_much_is_refused()
    {
        Assert.Equal("archive", await RefusedAsync([]));
        Assert.Equal("archive", await RefusedAsync([1, 2, 3]));
        Assert.Equal("archive", await RefusedAsync(new byte[MatterArchive.Largest + 1]));
        var good = Zip(("matter.json", Encoding.UTF8.GetBytes("""{"id": "some-id"}""")));
        Assert.Equal("archive", await RefusedAsync(good[..^30]));
        Assert.Equal("archive", await RefusedAsync(Zip(("form.json", [123, 125]))));
        Assert.Equal("archive", await RefusedAsync(Zip(("matter.json", Encoding.UTF8.GetBytes("""{"id": "../../x"}""")))));
        Assert.Equal("a.txt", await RefusedAsync(Zip(("matter.json", Encoding.UTF8.GetBytes("""{"id": "some-id"}""")), ("a.txt", [0xff, 0xfe, 0x41]))));
        Assert.Equal("A.txt", await RefusedAsync(Zip(("matter.json", Encoding.UTF8.GetBytes("""{"id": "some-id"}""")), ("a.txt", [65]), ("A.txt", [65]))));
        // A bomb: little to send, much to unpack.
        Assert.Equal("a.txt", await RefusedAsync(Zip(("matter.json", Encoding.UTF8.GetBytes("""{"id": "some-id"}""")), ("a.txt", new byte[4_000_000]))));
        Assert.Equal("archive", await RefusedAsync(Zip([.. Enumerable.Range(0, 10).Select(i => ($"a{i}.txt", Encoding.UTF8.GetBytes(new string('x', 900_000))))])));
        Assert.Equal("archive", await RefusedAsync(Zip([.. Enumerable.Range(0, MatterBundle.MostFiles + 1).Select(i => ($"a{i}.txt", new byte[] { 65 }))])));
    }

    private static async Task<string> RefusedAsync(byte[] archive) =>
        Assert.Single((await Assert.ThrowsAsync<InvalidAnswersException>(() => MatterArchive.ReadAsync(new MemoryStream(archive), default))).Faults).Path;

    private static Task<(string Matter, SortedDictionary<string, string> Files)> ReadAsync(params (string Name, string Text)[] entries) =>
        MatterArchive.ReadAsync(new MemoryStream(Zip([.. entries.Select(e => (e.Name, Encoding.UTF8.GetBytes(e.Text)))])), default);

    private static byte[] Zip(params (string Name, byte[] Bytes)[] entries)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, content) in entries)
            {
                using var stream = zip.CreateEntry(name).Open();
                stream.Write(content);
            }
        return bytes.ToArray();
    }
}
