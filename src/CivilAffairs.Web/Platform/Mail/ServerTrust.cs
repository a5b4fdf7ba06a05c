using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CivilAffairs.Web.Platform.Mail;

/// <summary>Whether the mail server is who it says it is.</summary>
internal static class ServerTrust
{
    /// <summary>Accepts what the machine trusts, and what leads to one of the bureau's own certificates.</summary>
    internal static RemoteCertificateValidationCallback With(X509Certificate2Collection own) => (_, certificate, chain, errors) =>
    {
        if (errors == SslPolicyErrors.None) return true;
        // Another name, or no certificate: no authority makes up for that.
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || certificate is not X509Certificate2 server) return false;
        using var again = new X509Chain();
        again.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        again.ChainPolicy.CustomTrustStore.AddRange(own);
        // An authority of one's own publishes no list of what it revoked.
        again.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        foreach (var element in chain?.ChainElements ?? Enumerable.Empty<X509ChainElement>()) again.ChainPolicy.ExtraStore.Add(element.Certificate);
        return again.Build(server);
    };

    /// <exception cref="CryptographicException">The file holds no certificate.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    internal static X509Certificate2Collection Read(string file)
    {
        var found = new X509Certificate2Collection();
        found.ImportFromPemFile(file);
        return found.Count > 0 ? found : throw new CryptographicException("The file holds no certificate.");
    }

    internal static bool CanRead(string file)
    {
        try
        {
            foreach (var certificate in Read(file)) certificate.Dispose();
            return true;
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
