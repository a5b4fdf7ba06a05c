using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Mail;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Support;

/// <summary>The product with a mail server, a published matter and one case: for tests of letters.</summary>
public sealed class MailApp : TestApp
{
    private MatterRevision? revision;

    private MailApp(string? connection, ShiftedClock clock, Dictionary<string, string> settings) : base(connection, clock, settings) => Clock = clock;

    public ShiftedClock Clock { get; }

    /// <summary>The case that letters are about.</summary>
    public Case Case { get; private set; } = null!;

    internal MailDispatcher Dispatcher => Services.GetRequiredService<MailDispatcher>();

    /// <param name="kind">One of <see cref="Databases"/>.</param>
    /// <param name="server">Null: no <c>Mail:Host</c>.</param>
    public static async Task<MailApp> StartAsync(string kind, SmtpServer? server, IReadOnlyDictionary<string, string>? more = null)
    {
        var (connection, first) = await Databases.BeginAsync(kind, null, more);
        return await StartOnAsync(connection, server, more, first: first);
    }

    /// <summary>On a database that another app may use as well.</summary>
    /// <param name="node">The other app where both are nodes of one installation: they share the key ring.</param>
    internal static async Task<MailApp> StartOnAsync(string? connection, SmtpServer? server, IReadOnlyDictionary<string, string>? more = null, MailApp? node = null, FirstStart? first = null)
    {
        var settings = new Dictionary<string, string>(more ?? new Dictionary<string, string>()) { ["Mail:From"] = "bureau@civilaffairs.example", ["Mail:FromName"] = "临河县民政局" };
        if (server is not null)
            (settings["Mail:Host"], settings["Mail:Port"]) = (server.Host, server.Port.ToString(System.Globalization.CultureInfo.InvariantCulture));
        settings.TryAdd("Mail:Security", "None");
        var app = new MailApp(connection, new ShiftedClock(), settings);
        first?.CopyTo(app.Data);
        if (node is not null)
            foreach (var file in Directory.EnumerateFiles(Path.Combine(node.Data, "keys"), "*", SearchOption.AllDirectories))
            {
                var copy = Path.Combine(app.Data, Path.GetRelativePath(node.Data, file));
                Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                File.Copy(file, copy);
            }
        await app.PrepareAsync();
        return app;
    }

    /// <summary>A message to write, due now; by default from a template about the case.</summary>
    public OutboxMessage Message(Guid? personId, string? template = "granted.mail") => new()
    {
        CaseId = Case.Id, PersonId = personId, Template = template, Revision = revision!.Hash,
        MessageId = $"{Guid.NewGuid():N}@civilaffairs.invalid", CreatedAt = Clock.GetUtcNow(), DueAt = Clock.GetUtcNow(),
    };

    /// <summary>A revision in which the letter is one that the law does not require.</summary>
    /// <returns>Makes such letters for a person.</returns>
    public async Task<Func<Guid, OutboxMessage>> OptionalAsync()
    {
        var folder = Directory.CreateTempSubdirectory("optional-").CreateSubdirectory("rural-dibao").FullName;
        foreach (var file in Directory.EnumerateFiles(Repository.Path("workflows", "rural-dibao"), "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(Repository.Path("workflows", "rural-dibao"), file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        var matter = System.Text.Json.Nodes.JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "matter.json")))!;
        matter["templates"]!.AsArray().Single(t => (string?)t!["file"] == "granted.mail")!["optional"] = true;
        await File.WriteAllTextAsync(Path.Combine(folder, "matter.json"), matter.ToJsonString());
        var made = MatterFolder.Load(folder).Revision!;
        Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);
        var library = Services.GetRequiredService<MatterLibrary>();
        await library.PublishAsync(made, default);
        await library.PublishAsync(revision!, default);
        return person =>
        {
            var message = Message(person);
            message.Revision = made.Hash;
            return message;
        };
    }

    /// <summary>Somebody with this address.</summary>
    public async Task<Guid> PersonAsync(string? email) => (await TestAccounts.ApplicantAsync(this, email: email)).PersonId!.Value;

    public async Task<IReadOnlyList<OutboxMessage>> WriteAsync(params IReadOnlyList<OutboxMessage> messages)
    {
        await Services.GetRequiredService<IWriter>().WriteAsync((db, _) =>
        {
            db.AddRange(messages);
            return Task.FromResult(0);
        });
        return messages;
    }

    /// <summary>A message as it is stored now.</summary>
    public async Task<OutboxMessage> StoredAsync(OutboxMessage message)
    {
        await using var db = Services.GetRequiredService<IReader>().Open();
        return await db.Set<OutboxMessage>().SingleAsync(m => m.Id == message.Id);
    }

    private async Task PrepareAsync()
    {
        revision = Services.GetRequiredService<MatterLibrary>().Find("rural-dibao")!;
        Case = new Case { Matter = "rural-dibao", Revision = revision.Hash, Number = $"341299-2026-{Random.Shared.Next(1_000_000):000000}", County = "341299", Township = "341299101" };
        await Services.GetRequiredService<IWriter>().WriteAsync((db, _) => Task.FromResult(db.Add(Case)));
    }
}
