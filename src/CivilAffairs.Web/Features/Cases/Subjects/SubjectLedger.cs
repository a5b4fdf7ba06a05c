using System.Text.Json.Nodes;
using CivilAffairs.Engine.Rules;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases.Subjects;

/// <summary>
/// The one way to find a register's subject 社会组织 and to write a version of it: how keys are hashed and fields encrypted,
/// and which version is in force. All within the caller's transaction.
/// </summary>
public sealed class SubjectLedger(KeyRing ring, FieldCipher fields)
{
    /// <summary>For <see cref="RegisterSubject.KeyHash"/>.</summary>
    public string KeyHash(string register, string key) => ring.LookupHash($"register.{register}", Typed.Number(key));

    /// <summary>The fields that a line holds, by id.</summary>
    public JsonObject Fields(RegisterEntry line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return line.FieldsCipher is { } stored ? Fields(line.Id, stored) : [];
    }

    /// <param name="lineId">The line's, since a value moved to another line does not open.</param>
    internal JsonObject Fields(Guid lineId, string stored) => JsonNode.Parse(fields.Decrypt(stored, Purpose(lineId)))!.AsObject();

    public Task<RegisterSubject?> FindAsync(CivilAffairsDb db, string register, string key, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(db);
        var hash = KeyHash(register, key);
        return db.Set<RegisterSubject>().FirstOrDefaultAsync(s => s.Register == register && s.KeyHash == hash, cancel);
    }

    /// <summary>The version that was in force on a day; null: it was not entered yet.</summary>
    public static Task<RegisterEntry?> OnAsync(CivilAffairsDb db, RegisterSubject subject, DateOnly day, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(subject);
        return db.Set<RegisterEntry>().AsNoTracking().Where(e => e.SubjectId == subject.Id && e.Register == subject.Register && e.ValidFrom <= day)
            .OrderByDescending(e => e.ValidFrom).ThenByDescending(e => e.Id).FirstOrDefaultAsync(cancel);
    }

    /// <summary>What is known of a subject now; empty where nothing is.</summary>
    public async Task<JsonObject> CurrentAsync(CivilAffairsDb db, RegisterSubject subject, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(subject);
        var line = db.Set<RegisterEntry>().Local.FirstOrDefault(e => e.Id == subject.CurrentEntryId)
            ?? await db.Set<RegisterEntry>().AsNoTracking().FirstOrDefaultAsync(e => e.Id == subject.CurrentEntryId, cancel).ConfigureAwait(false);
        return line is null ? [] : Fields(line);
    }

    /// <summary>Locks a subject's row until the transaction ends, so that its versions, and cases opened about it, come one after the other.</summary>
    internal static async Task<RegisterSubject?> LockAsync(CivilAffairsDb db, Guid id)
    {
        var one = db.LocksRows
            ? db.Set<RegisterSubject>().FromSql($"SELECT * FROM register_subjects WHERE \"Id\" = {id} FOR UPDATE")
            : db.Set<RegisterSubject>().Where(s => s.Id == id);
        return await one.AsTracking().FirstOrDefaultAsync().ConfigureAwait(false);
    }

    /// <summary>A subject that was never entered; its first version comes with <see cref="EnterAsync"/>.</summary>
    internal RegisterSubject New(CivilAffairsDb db, MatterRegister register, string key, DateOnly from, DateTimeOffset now)
    {
        var subject = new RegisterSubject { Register = register.Id, KeyHash = KeyHash(register.Id, key), Name = "", OccurredOn = from, RecordedAt = now };
        db.Add(subject);
        return subject;
    }

    /// <summary>Writes a version. It is in force from its first day, unless one of a later day is already there.</summary>
    /// <param name="values">All fields, by id; a field without a value is not there.</param>
    /// <param name="line">What else the line says: its case, its days, codes.</param>
    internal async Task EnterAsync(CivilAffairsDb db, MatterRegister register, RegisterSubject subject, JsonObject values, RegisterEntry line)
    {
        line.SubjectId = subject.Id;
        line.FieldsCipher = fields.Encrypt(values.ToJsonString(), Purpose(line.Id));
        var place = Text(values, register.PlaceField) ?? "";
        (line.County, line.Township) = (place.Length >= 6 ? place[..6] : line.County, place.Length >= 9 ? place[..9] : null);
        db.Add(line);
        var current = subject.CurrentEntryId is { } id ? await db.Set<RegisterEntry>().Where(e => e.Id == id).Select(e => (DateOnly?)e.ValidFrom).FirstOrDefaultAsync().ConfigureAwait(false) : null;
        if (current > line.ValidFrom) return;
        (subject.CurrentEntryId, subject.Name) = (line.Id, Text(values, register.TitleField) ?? "");
        (subject.County, subject.Township, subject.Village) = (line.County, line.Township, place.Length >= 12 ? place[..12] : null);
        if (line.ValidFrom < subject.OccurredOn) subject.OccurredOn = line.ValidFrom;
        var before = await db.Set<RegisterPerson>().Where(p => p.SubjectId == subject.Id).ToListAsync().ConfigureAwait(false);
        db.RemoveRange(before);
        foreach (var person in register.Persons)
            if (FormPeople.Text(values, person.IdNumber) is { } number)
                db.Add(new RegisterPerson { SubjectId = subject.Id, Role = person.Role, NumberHash = ring.IdNumberHash(number) });
    }

    private static string? Text(JsonObject values, RegisterField? field) => field is null ? null : FormPeople.Text(values, field.Id);
    private static string Purpose(Guid lineId) => $"register.line.{lineId:N}";
}
