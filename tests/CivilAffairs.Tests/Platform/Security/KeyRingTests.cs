using System.Globalization;
using System.Security.Cryptography;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.CommandLine;
using CivilAffairs.Web.Platform;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting.Internal;
using Xunit;

namespace CivilAffairs.Tests.Platform.Security;

/// <summary>Keys: rotated without losing anything, readable by their owner alone, never made anew beside data they cannot open.</summary>
public sealed class KeyRingTests : IDisposable
{
    private readonly DataFolder folder = new(Directory.CreateTempSubdirectory("civilaffairs-keys-").FullName);

    [Fact]
    public void A_new_key_encrypts_and_the_old_one_still_opens()
    {
        var running = KeyRing.Open(folder);
        var old = new FieldCipher(running).Encrypt("张某", "person.name");
        Assert.Equal("k2", KeyRing.Rotate(folder));
        var ring = KeyRing.Open(folder);
        var cipher = new FieldCipher(ring);
        Assert.Equal("张某", cipher.Decrypt(old, "person.name"));
        var fresh = cipher.Encrypt("张某", "person.name");
        Assert.StartsWith("k1.", old, StringComparison.Ordinal);
        Assert.StartsWith("k2.", fresh, StringComparison.Ordinal);
        Assert.Equal(running.LookupHash("phone", "1"), ring.LookupHash("phone", "1"));
        // A process that has run since before the rotation reads what a restarted one wrote.
        Assert.Equal("张某", new FieldCipher(running).Decrypt(fresh, "person.name"));
        Assert.Throws<CryptographicException>(() => cipher.Decrypt("k9." + fresh[3..], "person.name"));
    }

    [Fact]
    public void Equal_texts_never_look_equal_and_a_changed_or_moved_one_does_not_open()
    {
        var cipher = new FieldCipher(KeyRing.Open(folder));
        Assert.Equal(1000, Enumerable.Range(0, 1000).Select(_ => cipher.Encrypt("同", "a")).Distinct().Count());
        var stored = cipher.Encrypt("同", "a");
        Assert.ThrowsAny<CryptographicException>(() => cipher.Decrypt(stored, "b"));
        var bytes = Convert.FromBase64String(stored[3..]);
        for (var i = 0; i < bytes.Length; i++)
        {
            var changed = bytes.ToArray();
            changed[i] ^= 1;
            Assert.ThrowsAny<CryptographicException>(() => cipher.Decrypt("k1." + Convert.ToBase64String(changed), "a"));
        }
    }

    [Fact]
    public void Only_the_owner_reads_the_keys_also_after_a_copy_with_wider_rights()
    {
        if (OperatingSystem.IsWindows()) return;
        KeyRing.Open(folder);
        var file = folder.Path("keys", "field-keys.json");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        KeyRing.Open(folder);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        KeyRing.Rotate(folder);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(file)!));
    }

    [Fact]
    public void A_damaged_ring_is_named_without_its_content()
    {
        KeyRing.Open(folder);
        File.WriteAllText(folder.Path("keys", "field-keys.json"), """{"Active":"k1","Keys":{"k1":"secret""");
        Assert.DoesNotContain("secret", Assert.Throws<InvalidDataException>(() => KeyRing.Open(folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_verb_adds_a_key_to_keys_that_are_there()
    {
        var output = new StringWriter(CultureInfo.InvariantCulture);
        Assert.Equal(2, Verbs.TryRun(["rotate-keys", "--CIVILAFFAIRS_DATA", folder.Root], output, TextWriter.Null));
        Assert.False(KeyRing.Exists(folder));
        KeyRing.Open(folder);
        Assert.Equal(0, Verbs.TryRun(["rotate-keys", "--CIVILAFFAIRS_DATA", folder.Root], output, TextWriter.Null));
        Assert.StartsWith("k2 encrypts", output.ToString(), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Without_its_keys_or_with_others_a_filled_database_is_not_started(string kind)
    {
        var connection = await Databases.FreshAsync(kind);
        await using var app = new TestApp(connection);
        await TestAccounts.ApplicantAsync(app);
        await KeyCheck.CheckAsync(app.Services, default);

        await using var elsewhere = Services(app, connection);
        var missing = await Assert.ThrowsAsync<InvalidOperationException>(() => KeyCheck.CheckAsync(elsewhere, default));
        Assert.Contains("keys to it are missing", missing.Message, StringComparison.Ordinal);
        Assert.False(KeyRing.Exists(folder));

        KeyRing.Open(folder);
        var foreign = await Assert.ThrowsAsync<InvalidOperationException>(() => KeyCheck.CheckAsync(elsewhere, default));
        Assert.Contains("do not open this database", foreign.Message, StringComparison.Ordinal);

        File.Copy(Path.Combine(app.Data, "keys", "field-keys.json"), folder.Path("keys", "field-keys.json"), overwrite: true);
        await using var restored = Services(app, connection);
        await KeyCheck.CheckAsync(restored, default);
    }

    /// <summary>The same database under this class's data folder.</summary>
    private ServiceProvider Services(TestApp app, string? connection)
    {
        foreach (var file in Directory.EnumerateFiles(app.Data, "civilaffairs.db*")) File.Copy(file, folder.Path(Path.GetFileName(file)), overwrite: true);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["CIVILAFFAIRS_DATA"] = folder.Root, ["ConnectionStrings:Database"] = connection }).Build();
        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration);
        services.AddLogging();
        services.AddPlatform(configuration, new HostingEnvironment { EnvironmentName = "Production" });
        services.AddSingleton<CaseVault>();
        return services.BuildServiceProvider();
    }

    public void Dispose() => Directory.Delete(folder.Root, recursive: true);
}
