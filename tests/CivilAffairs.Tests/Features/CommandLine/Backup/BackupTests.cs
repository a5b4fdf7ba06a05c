using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.CommandLine;
using CivilAffairs.Web.Features.Mail;
using CivilAffairs.Web.Features.Mail.Office;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;

namespace CivilAffairs.Tests.Features.CommandLine.Backup;

/// <summary>The commands on a running installation and an empty place, on both databases: everything comes back, and no letter goes until somebody says so.</summary>
public sealed class BackupTests : IDisposable
{
    private readonly string place = Directory.CreateTempSubdirectory("civilaffairs-backup-").FullName;

    public void Dispose() => Directory.Delete(place, recursive: true);

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_was_backed_up_beside_a_running_server_comes_back_whole(string kind)
    {
        var connection = await Databases.FreshAsync(kind);
        await using var app = new TestApp(connection);
        var story = new CaseStory(app);
        var caseId = await story.PlayAsync("granted");
        var (draft, file, picture) = await AttachmentAsync(app, story);
        var (code, folder, said) = Call(connection, app.Data, "backup", place);
        Assert.True(code == 0, said);
        folder = folder.Trim();
        Assert.Equal(place, Path.GetDirectoryName(folder));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        // What happens after it is not in it.
        await story.ReviewAsync(caseId, "review-grant-revoked");

        var target = await Databases.FreshAsync(kind);
        await using var restored = new TestApp(target);
        Assert.Equal(0, Call(target, restored.Data, "restore", folder).Code);
        await using var db = restored.Services.GetRequiredService<IReader>().Open();
        Assert.Equal("Paying", await db.Set<Case>().Where(c => c.Id == caseId).Select(c => c.Status).SingleAsync());
        Assert.Equal(picture, (await restored.Services.GetRequiredService<FileCommands>().ReadAsync(story.Applicant, draft, file)).Content);
        Assert.Empty(await db.VerifyAsync(default));
        Assert.Empty((await restored.Services.GetRequiredService<CaseProof>().RunAsync()).Faults);

        var waiting = await db.Set<OutboxMessage>().CountAsync(m => m.State == OutboxState.Pending);
        Assert.True(waiting > 0);
        Assert.Empty(await restored.Services.GetRequiredService<OutboxQueue>().TakeAsync(10, default));
        Assert.Equal("restored", await db.Set<MailPause>().Select(p => p.Reason).SingleAsync());
        Assert.Equal(waiting, await restored.Services.GetRequiredService<MailOffice>().ResumeAsync(CaseStory.Officer("adm-1", Roles.Administrator, "341299"), dropOlder: true, null));
        // The next case goes on with the numbers, and its letters go.
        await new CaseStory(restored).PlayAsync("granted");
        Assert.NotEmpty(await restored.Services.GetRequiredService<OutboxQueue>().TakeAsync(10, default));

        Assert.Contains(kind == Databases.Sqlite ? "A server runs on" : "There is a database already", Call(target, restored.Data, "restore", folder).Said, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_damaged_or_foreign_backup_is_refused_before_anything_is_written(string kind)
    {
        var connection = await Databases.FreshAsync(kind);
        await using var app = new TestApp(connection);
        var story = new CaseStory(app);
        await story.PlayAsync("granted");
        await AttachmentAsync(app, story);
        var folder = Call(connection, app.Data, "backup", place).Output.Trim();
        var without = Path.Combine(place, "without");
        Directory.CreateDirectory(without);
        without = Call(connection, app.Data, "backup", without, "--without-keys").Output.Trim();

        var target = await Databases.FreshAsync(kind);
        await using var empty = new TestApp(target);
        var manifest = Path.Combine(folder, "manifest.json");
        var whole = await File.ReadAllTextAsync(manifest);
        async Task RefusedAsync(string said, string from = folder_)
        {
            var (code, output, errors) = Call(target, empty.Data, "restore", from == folder_ ? folder : from);
            Assert.Equal((2, ""), (code, output));
            Assert.Contains(said, errors, StringComparison.Ordinal);
            Assert.False(Directory.Exists(Path.Combine(empty.Data, "files")) || File.Exists(Path.Combine(empty.Data, "civilaffairs.db")) || File.Exists(Path.Combine(empty.Data, "mail-paused")));
            await File.WriteAllTextAsync(manifest, whole);
        }
        await File.WriteAllTextAsync(manifest, System.Text.RegularExpressions.Regex.Replace(whole, "\"migration\": \"[^\"]*\"", "\"migration\": \"29990101000000_Later\""));
        await RefusedAsync("newer version");
        await File.WriteAllTextAsync(manifest, whole.Replace(kind == Databases.Sqlite ? "\"sqlite\"" : "\"postgresql\"", kind == Databases.Sqlite ? "\"postgresql\"" : "\"sqlite\"", StringComparison.Ordinal));
        await RefusedAsync("the configured database is");
        await RefusedAsync("has no keys", without);
        await RefusedAsync("is no backup", place);
        var stored = Directory.EnumerateFiles(Path.Combine(folder, "files"), "*", SearchOption.AllDirectories).First();
        var bytes = await File.ReadAllBytesAsync(stored);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(stored, bytes);
        await RefusedAsync($"{Path.GetFileName(stored)} is missing or was changed");
    }

    [Fact]
    public async Task A_file_that_is_lost_ends_a_backup_and_an_empty_place_has_none()
    {
        await using var app = new TestApp();
        var story = new CaseStory(app);
        await story.PlayAsync("granted");
        await AttachmentAsync(app, story);
        File.Delete(Directory.EnumerateFiles(Path.Combine(app.Data, "files"), "*", SearchOption.AllDirectories).First());
        var (code, _, said) = Call(null, app.Data, "backup", place);
        Assert.Equal(2, code);
        Assert.Contains("No backup was made", said, StringComparison.Ordinal);
        // What is left says what it is.
        Assert.All(Directory.EnumerateDirectories(place), d => Assert.EndsWith(".partial", d, StringComparison.Ordinal));
        Assert.Equal(2, Call(null, Path.Combine(place, "nothing"), "backup", place).Code);
        Assert.Equal(2, Call(null, app.Data, "backup").Code);
    }

    private const string folder_ = "";

    /// <summary>A file in a draft of the story's applicant.</summary>
    private static async Task<(Guid Draft, Guid Id, byte[] Bytes)> AttachmentAsync(TestApp app, CaseStory story)
    {
        byte[] picture = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3];
        var draft = await app.Services.GetRequiredService<DraftCommands>().StartAsync(story.Applicant, "rural-dibao", Guid.NewGuid().ToString());
        return (draft, await app.Services.GetRequiredService<FileCommands>().AttachAsync(story.Applicant, draft, story.Revision.Form.Attachments[0].Id, "photo.png", picture), picture);
    }

    private static (int Code, string Output, string Said) Call(string? connection, string data, params string[] words)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        string[] settings = connection is null ? ["--CIVILAFFAIRS_DATA", data] : ["--CIVILAFFAIRS_DATA", data, "--ConnectionStrings:Database", connection];
        var code = Verbs.TryRun([.. words, .. settings], output, errors);
        return (code!.Value, output.ToString(), errors.ToString());
    }
}
