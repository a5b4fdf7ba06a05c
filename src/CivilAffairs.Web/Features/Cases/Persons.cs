using CivilAffairs.Engine.Rules;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Cases;

/// <summary>The one way to find and store a <see cref="Person"/>: how numbers are normalised, hashed and encrypted.</summary>
public static class Persons
{
    /// <summary>居民身份证.</summary>
    public const string ResidentId = "residentId";

    private enum Field { Number, Phone, Email, MergeEvidence }

    /// <summary>For <see cref="Person.NumberHash"/>.</summary>
    public static string IdNumberHash(this KeyRing ring, string typed) => Ring(ring).LookupHash(ResidentId, IdNumberOf(typed));

    /// <summary>For <see cref="Person.PhoneHash"/>.</summary>
    public static string PhoneHash(this KeyRing ring, string typed) => Ring(ring).LookupHash("phone", Typed.Number(typed));

    public static Task<Person?> FindPersonAsync(this CivilAffairsDb db, KeyRing ring, string idNumber, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(db);
        var hash = ring.IdNumberHash(idNumber);
        return db.Set<Person>().FirstOrDefaultAsync(p => p.DocumentType == ResidentId && p.NumberHash == hash, cancel);
    }

    /// <summary>A new person, not yet added to a context.</summary>
    public static Person New(KeyRing ring, FieldCipher cipher, string idNumber, string name, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(cipher);
        var person = new Person { NumberHash = ring.IdNumberHash(idNumber), NumberCipher = "", Name = name, RecordedAt = at };
        person.NumberCipher = cipher.Encrypt(IdNumberOf(idNumber), Purpose(person, Field.Number));
        return person;
    }

    /// <summary>Sets what the person may be reached by; null leaves a value as it is.</summary>
    public static void Reach(this Person person, KeyRing ring, FieldCipher cipher, string? phone, string? email)
    {
        ArgumentNullException.ThrowIfNull(person);
        ArgumentNullException.ThrowIfNull(cipher);
        if (phone is not null) (person.PhoneCipher, person.PhoneHash) = (cipher.Encrypt(Typed.Number(phone), Purpose(person, Field.Phone)), ring.PhoneHash(phone));
        if (email is not null) person.EmailCipher = cipher.Encrypt(email.Trim(), Purpose(person, Field.Email));
    }

    public static string IdNumber(this Person person, FieldCipher cipher) => Cipher(cipher).Decrypt((person ?? throw new ArgumentNullException(nameof(person))).NumberCipher, Purpose(person, Field.Number));
    public static string? Phone(this Person person, FieldCipher cipher) => (person ?? throw new ArgumentNullException(nameof(person))).PhoneCipher is { } stored ? Cipher(cipher).Decrypt(stored, Purpose(person, Field.Phone)) : null;
    public static string? Email(this Person person, FieldCipher cipher) => (person ?? throw new ArgumentNullException(nameof(person))).EmailCipher is { } stored ? Cipher(cipher).Decrypt(stored, Purpose(person, Field.Email)) : null;

    /// <summary>Keeps on a given-up record what it was given up for.</summary>
    public static void Prove(this Person person, FieldCipher cipher, string evidence) =>
        (person ?? throw new ArgumentNullException(nameof(person))).MergeEvidenceCipher = Cipher(cipher).Encrypt(evidence, Purpose(person, Field.MergeEvidence));

    /// <summary>Null: the record was not given up.</summary>
    public static string? MergeEvidence(this Person person, FieldCipher cipher) =>
        (person ?? throw new ArgumentNullException(nameof(person))).MergeEvidenceCipher is { } stored ? Cipher(cipher).Decrypt(stored, Purpose(person, Field.MergeEvidence)) : null;

    /// <summary>A number of 15 digits, as on old papers, is the same person's as its 18.</summary>
    private static string IdNumberOf(string typed) => CivilAffairs.Engine.Rules.IdNumber.Lengthen(Typed.Number(typed));

    // The row is part of it: a value moved to another person does not open.
    private static string Purpose(Person person, Field field) => Purpose(person.Id, field);
    private static string Purpose(Guid personId, Field field) => $"person.{field}.{personId:N}";

    /// <summary>The stored <see cref="Person.EmailCipher"/> of a person, for who reads nothing else of one.</summary>
    public static string? Email(this FieldCipher cipher, Guid personId, string? stored) => stored is null ? null : Cipher(cipher).Decrypt(stored, Purpose(personId, Field.Email));

    private static KeyRing Ring(KeyRing ring) => ring ?? throw new ArgumentNullException(nameof(ring));
    private static FieldCipher Cipher(FieldCipher cipher) => cipher ?? throw new ArgumentNullException(nameof(cipher));
}
