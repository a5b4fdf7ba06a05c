using System.Text;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Features.Cases.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CivilAffairs.Tests.Features.Cases;

/// <summary>Files are taken for what their bytes are, and only pictures and PDF.</summary>
public sealed class AttachmentTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_a_browser_would_run_is_not_taken_whatever_its_name(string kind)
    {
        var app = await databases.GetAsync(kind);
        var (applicant, files) = (new Viewer(Guid.NewGuid(), "申请人", AccountKind.Applicant, []), app.Services.GetRequiredService<FileCommands>());
        var draft = await app.Services.GetRequiredService<DraftCommands>().StartAsync(applicant, "rural-dibao", Guid.NewGuid().ToString());
        var slot = app.Services.GetRequiredService<MatterLibrary>().Find("rural-dibao")!.Form.Attachments[0];
        byte[][] refused =
        [
            Encoding.UTF8.GetBytes("<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>"), Encoding.UTF8.GetBytes("<!DOCTYPE html><script>alert(1)</script>"),
            Encoding.UTF8.GetBytes(" %PDF-1.7"), "PK\u0003\u0004"u8.ToArray(), [], [.. "%PDF-"u8, .. new byte[FileCommands.MaxSize]],
        ];
        foreach (var bytes in refused)
            Assert.Equal($"attachments.{slot.Id}", Assert.Single((await Assert.ThrowsAnyAsync<InvalidAnswersException>(() => files.AttachAsync(applicant, draft, slot.Id, "photo.png", bytes))).Faults).Path);

        // A picture that calls itself a page is a picture, and lies encrypted.
        byte[] picture = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3];
        var id = await files.AttachAsync(applicant, draft, slot.Id, "../../etc/page.html", picture);
        var (content, type, name) = await files.ReadAsync(applicant, draft, id);
        Assert.Equal(("image/png", "page.html"), (type, name));
        Assert.Equal(picture, content);
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        var stored = await db.Set<CaseFile>().SingleAsync(f => f.Id == id);
        Assert.DoesNotContain("PNG", Encoding.Latin1.GetString(await File.ReadAllBytesAsync(Path.Combine(app.Data, "files", stored.StoredHash[..2], stored.StoredHash))), StringComparison.Ordinal);
        Assert.Equal(1, await db.Set<CaseFile>().CountAsync(f => f.CaseId == draft));
    }
}
