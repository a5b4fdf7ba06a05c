using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Mail;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Security;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;

namespace CivilAffairs.Bench;

/// <summary>
/// Letters a second from the outbox to the server, each about a case and to a person of its own, made from its template
/// and written down as sent on a disk that keeps its promises, against one raw connection that sends the same letters
/// ready made.
/// </summary>
internal static class Mail
{
    private const int Few = 1_000, Many = 10_000;

    internal static async IAsyncEnumerable<Measure> RunAsync()
    {
        foreach (var (letters, warmUp, rounds) in new[] { (Few, 4, 8), (Many, 1, 3) })
        {
            yield return await MeasureAsync($"mail, SQLite, {letters} letters", null, letters, warmUp, rounds);
            if (PostgresServer.Missing is not null) continue;
            await using var postgres = await PostgresServer.StartAsync(durable: true);
            yield return await MeasureAsync($"mail, PostgreSQL, {letters} letters", await postgres.CreateDatabaseAsync(), letters, warmUp, rounds);
        }
    }

    private static async Task<Measure> MeasureAsync(string name, string? connection, int letters, int warmUp, int rounds)
    {
        await using var server = SmtpServer.Start();
        await using var product = await Product.StartAsync(connection, new()
        {
            ["Mail:Host"] = server.Host, ["Mail:Port"] = server.Port.ToString(CultureInfo.InvariantCulture), ["Mail:Security"] = "None", ["Mail:From"] = "bureau@civilaffairs.example",
        });
        var services = product.Services;
        var (revision, cases) = await PrepareAsync(services, letters);
        var dispatcher = services.GetRequiredService<MailDispatcher>();

        // The first rounds warm both sides up, until neither waits for the compiler; they take turns, and the best of each counts.
        var (ours, raw) = (new Best(letters), new Best(letters));
        for (var round = 0; round < warmUp + rounds; round++)
        {
            await WriteAsync(services, revision, cases);
            server.Forget();
            GC.Collect();
            var (watch, work) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
            var run = await dispatcher.RunOnceAsync(default);
            if (round >= warmUp) ours.Add(watch.Elapsed, Environment.CpuUsage.TotalTime - work);
            if (run.Sent != letters) throw new InvalidOperationException($"{run.Sent} of {letters} letters were sent.");
            var same = server.Messages.Select(m => m.Message).ToList();
            GC.Collect();
            var (time, spent) = await RawAsync(server, same);
            if (round >= warmUp) raw.Add(time, spent);
        }
        // Ours runs on as many cores as there are, raw on little more than one: what a letter costs tells how far that goes.
        var costs = string.Create(CultureInfo.InvariantCulture, $"; this process's processor time a letter {ours.Microseconds:0} µs against {raw.Microseconds:0} µs, {Environment.ProcessorCount} cores");
        return new Measure(name, ours.Rate, raw.Rate, "mails/s", "one raw connection without delay" + costs, 0.6);
    }

    /// <summary>The best of several rounds.</summary>
    private sealed class Best(int letters)
    {
        /// <summary>Letters a second.</summary>
        internal double Rate { get; private set; }

        /// <summary>Of processor time for a letter, the server's part included.</summary>
        internal double Microseconds { get; private set; } = double.MaxValue;

        internal void Add(TimeSpan time, TimeSpan work) =>
            (Rate, Microseconds) = (Math.Max(Rate, letters / time.TotalSeconds), Math.Min(Microseconds, work.TotalMicroseconds / letters));
    }

    private static async Task<(TimeSpan Time, TimeSpan Work)> RawAsync(SmtpServer server, List<MimeMessage> ready)
    {
        using var client = new SmtpClient();
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(server.Host, server.Port);
        await client.ConnectAsync(socket, server.Host, server.Port, SecureSocketOptions.None);
        var (watch, work) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        foreach (var letter in ready) await client.SendAsync(letter);
        var spent = (watch.Elapsed, Environment.CpuUsage.TotalTime - work);
        await client.DisconnectAsync(quit: true);
        return spent;
    }

    private static async Task<(string Revision, IReadOnlyList<(Guid Case, Guid Person)> Cases)> PrepareAsync(IServiceProvider services, int letters)
    {
        var revision = MatterFolder.Load(Repository.Path("workflows", "rural-dibao")).Revision!;
        var (ring, cipher) = (services.GetRequiredService<KeyRing>(), services.GetRequiredService<FieldCipher>());
        var cases = await services.GetRequiredService<IWriter>().WriteAsync((db, _) =>
        {
            db.Add(new PublishedRevision { Hash = revision.Hash, Matter = "rural-dibao", Bundle = revision.Bundle, Current = true, PublishedAt = DateTimeOffset.UtcNow });
            var made = new List<(Guid, Guid)>();
            for (var i = 0; i < letters; i++)
            {
                var person = new Person { NumberHash = $"bench{i}", NumberCipher = "", Name = "张三", RecordedAt = DateTimeOffset.UtcNow };
                person.Reach(ring, cipher, null, $"reader{i}@people.example");
                var one = new Case { Matter = "rural-dibao", Revision = revision.Hash, Number = $"341299-2026-{i:000000}", County = "341299", Township = "341299101" };
                db.AddRange(person, one, new Account { Id = Guid.CreateVersion7(), UserName = $"p-{i}", NormalizedUserName = $"P-{i}", DisplayName = "张三", Kind = AccountKind.Applicant, PersonId = person.Id });
                made.Add((one.Id, person.Id));
            }
            return Task.FromResult(made);
        });
        return (revision.Hash, cases);
    }

    private static Task<int> WriteAsync(IServiceProvider services, string revision, IReadOnlyList<(Guid Case, Guid Person)> cases) => services.GetRequiredService<IWriter>().WriteAsync((db, _) =>
    {
        foreach (var (@case, person) in cases)
            db.Add(new OutboxMessage
            {
                CaseId = @case, PersonId = person, Template = "granted.mail", Revision = revision,
                MessageId = $"{Guid.NewGuid():N}@civilaffairs.invalid", CreatedAt = DateTimeOffset.UtcNow, DueAt = DateTimeOffset.UtcNow,
            });
        return Task.FromResult(0);
    });
}
