using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Features.Jobs;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Jobs;

/// <summary>Files that nothing names go, after a day; files that something names, or is about to, stay.</summary>
public sealed class FileSweepTests
{
    private const string Slot = "photos";
    private static readonly Viewer Applicant = new(Guid.NewGuid(), "申请人", AccountKind.Applicant, []);

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_a_crash_left_goes_and_what_a_case_has_stays(string kind)
    {
        var clock = new ShiftedClock();
        await using var app = await Databases.StartAsync(kind, clock);
        var (files, sweep) = (Stored(app), Sweep(app));
        var (caseId, kept) = await AttachedAsync(app, clock);
        var removed = await Kit(app, app.Services.GetRequiredService<IWriter>(), clock).Files.AttachAsync(Applicant, caseId, Slot, "b.png", SamplePicture.Png);
        await Kit(app, app.Services.GetRequiredService<IWriter>(), clock).Files.RemoveAsync(Applicant, caseId, removed);
        // The power fails after the file is written and before the commit; and in the middle of writing a file.
        await Assert.ThrowsAsync<PowerFailure>(() => Kit(app, new Failing(app.Services.GetRequiredService<IWriter>()), clock).Files.AttachAsync(Applicant, caseId, Slot, "c.png", SamplePicture.Png));
        Assert.Equal(3, files().Count);
        var half = Path.Combine(app.Data, "files", "aa", new string('a', 64) + "." + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(Path.GetDirectoryName(half)!);
        await File.WriteAllTextAsync(half, "half");

        Assert.Equal(0, await sweep.RunAsync(default));
        Assert.Equal(4, files().Count);
        clock.Forward(FileSweepJob.Grace + TimeSpan.FromMinutes(1));
        Assert.Equal(2, await sweep.RunAsync(default));
        Assert.Equal(0, await sweep.RunAsync(default));
        // The one taken out of the case is still named: its row stays, and so does the file.
        Assert.Equal(2, files().Count);
        Assert.Equal(SamplePicture.Png, (await Kit(app, app.Services.GetRequiredService<IWriter>(), clock).Files.ReadAsync(Applicant, caseId, kept)).Content);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_upload_that_is_still_to_commit_is_left_alone(string kind)
    {
        var clock = new ShiftedClock();
        await using var app = await Databases.StartAsync(kind, clock);
        var (files, sweep) = (Stored(app), Sweep(app));
        var (caseId, _) = await AttachedAsync(app, clock);
        clock.Forward(FileSweepJob.Grace + TimeSpan.FromHours(1));
        foreach (var file in files()) File.SetLastWriteTimeUtc(file, clock.GetUtcNow().UtcDateTime - FileSweepJob.Grace);

        foreach (var (grace, survives) in new[] { (FileSweepJob.Grace, true), (TimeSpan.FromTicks(-TimeSpan.TicksPerDay), false) })
        {
            var writer = new Paused(app.Services.GetRequiredService<IWriter>());
            var upload = Kit(app, writer, clock).Files.AttachAsync(Applicant, caseId, Slot, "late.png", SamplePicture.Png);
            await writer.Reached.Task.WaitAsync(TimeSpan.FromSeconds(30));
            // The file system's clock is the real one; the product's was put forward by a day.
            foreach (var file in files().Where(f => File.GetLastWriteTimeUtc(f) < clock.GetUtcNow().UtcDateTime - FileSweepJob.Grace)) File.SetLastWriteTimeUtc(file, clock.GetUtcNow().UtcDateTime);
            await sweep.SweepAsync(grace, default);
            writer.GoOn.SetResult();
            var id = await upload;
            // Without the grace the same upload loses its file: the grace is what keeps it.
            var read = Kit(app, app.Services.GetRequiredService<IWriter>(), clock).Files.ReadAsync(Applicant, caseId, id);
            if (survives) Assert.Equal(SamplePicture.Png, (await read).Content);
            else await Assert.ThrowsAsync<FileNotFoundException>(() => read);
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_database_that_knows_none_of_many_files_removes_none(string kind)
    {
        var clock = new ShiftedClock();
        await using var app = await Databases.StartAsync(kind, clock);
        var (files, store) = (Stored(app), app.Services.GetRequiredService<BlobStore>());
        for (var i = 0; i <= FileSweepJob.Suspicious; i++) store.Put([(byte)i, 1, 2]);
        clock.Forward(FileSweepJob.Grace + TimeSpan.FromMinutes(1));
        Assert.Equal(0, await Sweep(app).RunAsync(default));
        await AttachedAsync(app, clock);
        Assert.Equal(0, await Sweep(app).RunAsync(default));
        Assert.Equal(FileSweepJob.Suspicious + 2, files().Count);
        // One fewer is no suspicion any more.
        File.Delete(files().First(f => new FileInfo(f).Length == 3));
        Assert.Equal(FileSweepJob.Suspicious, await Sweep(app).RunAsync(default));
    }

    private static FileSweepJob Sweep(TestApp app) => app.Services.GetServices<IJob>().OfType<FileSweepJob>().Single();

    private static Func<IReadOnlyList<string>> Stored(TestApp app) =>
        () => Directory.Exists(Path.Combine(app.Data, "files")) ? Directory.GetFiles(Path.Combine(app.Data, "files"), "*", SearchOption.AllDirectories) : [];

    private static CaseKit Kit(TestApp app, IWriter writer, TimeProvider clock) => new(app.Services, new CommandRunner(writer, clock), clock);

    /// <summary>A draft with one file.</summary>
    private static async Task<(Guid Case, Guid File)> AttachedAsync(TestApp app, TimeProvider clock)
    {
        var kit = Kit(app, app.Services.GetRequiredService<IWriter>(), clock);
        var caseId = await kit.Drafts.StartAsync(Applicant, "rural-dibao", Guid.NewGuid().ToString());
        return (caseId, await kit.Files.AttachAsync(Applicant, caseId, Slot, "a.png", SamplePicture.Png));
    }

    private sealed class PowerFailure() : Exception("The power failed.");

    /// <summary>Does the work, and never commits it.</summary>
    private sealed class Failing(IWriter inner) : IWriter
    {
        public Task<T> WriteAsync<T>(Func<CivilAffairsDb, CancellationToken, Task<T>> work, CancellationToken cancel = default) => inner.WriteAsync<T>(async (db, token) =>
        {
            await work(db, token);
            throw new PowerFailure();
        }, cancel);

        public Task<T> WriteGuardedAsync<T>(Func<CivilAffairsDb, CancellationToken, Task<T>> work, CancellationToken cancel = default) => WriteAsync(work, cancel);
    }

    /// <summary>Does the work, then waits before the commit.</summary>
    private sealed class Paused(IWriter inner) : IWriter
    {
        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public TaskCompletionSource GoOn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<T> WriteAsync<T>(Func<CivilAffairsDb, CancellationToken, Task<T>> work, CancellationToken cancel = default) => inner.WriteAsync(async (db, token) =>
        {
            var value = await work(db, token);
            Reached.TrySetResult();
            await GoOn.Task;
            return value;
        }, cancel);

        public Task<T> WriteGuardedAsync<T>(Func<CivilAffairsDb, CancellationToken, Task<T>> work, CancellationToken cancel = default) => WriteAsync(work, cancel);
    }
}
