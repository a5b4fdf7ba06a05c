using System.Globalization;
using CivilAffairs.Engine.Rules;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.Extensions.DependencyInjection;
using Account = CivilAffairs.Web.Platform.Security.Account;

namespace CivilAffairs.Tests.Support;

/// <summary>Accounts for tests, stored as the product stores them.</summary>
public static partial class TestAccounts
{
    public const string Password = "correct-horse-9";
    private static int serial;

    /// <summary>An officer with postings from today on; his user name if none is given is fresh.</summary>
    public static async Task<Account> OfficerAsync(TestApp app, string? userName = null, params HeldRole[] held)
    {
        ArgumentNullException.ThrowIfNull(app);
        await using var scope = app.Services.CreateAsyncScope();
        var name = userName ?? $"officer{Interlocked.Increment(ref serial)}";
        var account = scope.ServiceProvider.GetRequiredService<AccountMaker>().Officer(name, $"测试{name}", Password, held);
        return await StoreAsync(app, account);
    }

    /// <summary>How officers of tests are called: data, whatever the reader's language.</summary>
    [System.Text.RegularExpressions.GeneratedRegex(@"测试officer\d+")]
    public static partial System.Text.RegularExpressions.Regex GivenName();

    /// <summary>An applicant with a person behind; signs in by <paramref name="idNumber"/> or the account's user name.</summary>
    public static async Task<Account> ApplicantAsync(TestApp app, string? idNumber = null, string name = "张三", string? mobile = null, string? email = null)
    {
        ArgumentNullException.ThrowIfNull(app);
        var (ring, cipher) = (app.Services.GetRequiredService<KeyRing>(), app.Services.GetRequiredService<FieldCipher>());
        var person = Persons.New(ring, cipher, idNumber ?? IdNumber(), name, DateTimeOffset.UtcNow);
        person.Reach(ring, cipher, mobile, email);
        await using var scope = app.Services.CreateAsyncScope();
        var account = scope.ServiceProvider.GetRequiredService<AccountMaker>().Applicant(person.Id, name, Password);
        await app.Services.GetRequiredService<IWriter>().WriteAsync((db, _) => Task.FromResult(db.Add(person)));
        return await StoreAsync(app, account);
    }

    /// <summary>An account of somebody whom the bureau knows already, from a case that was filed for them.</summary>
    public static async Task<Account> OfPersonAsync(TestApp app, string idNumber)
    {
        ArgumentNullException.ThrowIfNull(app);
        await using var scope = app.Services.CreateAsyncScope();
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        var person = await db.FindPersonAsync(app.Services.GetRequiredService<KeyRing>(), idNumber) ?? throw new InvalidOperationException("Nobody is known by that number.");
        return await StoreAsync(app, scope.ServiceProvider.GetRequiredService<AccountMaker>().Applicant(person.Id, person.Name, Password));
    }

    /// <summary>A valid ID number that no other test uses; born 1980-01-01 and later.</summary>
    public static string IdNumber()
    {
        var n = Interlocked.Increment(ref serial);
        var first17 = string.Create(CultureInfo.InvariantCulture, $"341299{new DateOnly(1980, 1, 1).AddDays(n / 900):yyyyMMdd}{n % 900 + 100:000}");
        return first17 + CivilAffairs.Engine.Rules.IdNumber.CheckDigit(first17);
    }

    private static async Task<Account> StoreAsync(TestApp app, Account account)
    {
        await app.Services.GetRequiredService<IWriter>().WriteAsync((db, _) => Task.FromResult(db.Add(account)));
        return account;
    }
}
