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

    private const string NumberPurpose = "person.number", PhonePurpose = "person.phone", EmailPurpose = "person.email";

    /// <summary>For <see cref="Person.NumberHash"/>.</summary>
    public static string IdNumberHash(this KeyRing ring, string typed) => Ring(ring).LookupHash(ResidentId, Typed.Number(typed));

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
        return new Person { NumberHash = ring.IdNumberHash(idNumber), NumberCipher = cipher.Encrypt(Typed.Number(idNumber), NumberPurpose), Name = name, RecordedAt = at };
    }

    /// <summary>Sets what the person may be reached by; null leaves a value as it is.</summary>
    public static void Reach(this Person person, KeyRing ring, FieldCipher cipher, string? phone, string? email)
    {
        ArgumentNullException.ThrowIfNull(person);
        ArgumentNullException.ThrowIfNull(cipher);
        if (phone is not null) (person.PhoneCipher, person.PhoneHash) = (cipher.Encrypt(Typed.Number(phone), PhonePurpose), ring.PhoneHash(phone));
        if (email is not null) person.EmailCipher = cipher.Encrypt(email.Trim(), EmailPurpose);
    }

    public static string IdNumber(this Person person, FieldCipher cipher) => Cipher(cipher).Decrypt((person ?? throw new ArgumentNullException(nameof(person))).NumberCipher, NumberPurpose);
    public static string? Phone(this Person person, FieldCipher cipher) => (person ?? throw new ArgumentNullException(nameof(person))).PhoneCipher is { } stored ? Cipher(cipher).Decrypt(stored, PhonePurpose) : null;
    public static string? Email(this Person person, FieldCipher cipher) => (person ?? throw new ArgumentNullException(nameof(person))).EmailCipher is { } stored ? Cipher(cipher).Decrypt(stored, EmailPurpose) : null;

    /// <summary>A stored <see cref="Person.EmailCipher"/>, for who reads nothing else of a person.</summary>
    public static string? Email(this FieldCipher cipher, string? stored) => stored is null ? null : Cipher(cipher).Decrypt(stored, EmailPurpose);

    private static KeyRing Ring(KeyRing ring) => ring ?? throw new ArgumentNullException(nameof(ring));
    private static FieldCipher Cipher(FieldCipher cipher) => cipher ?? throw new ArgumentNullException(nameof(cipher));
}
