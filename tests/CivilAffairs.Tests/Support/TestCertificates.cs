using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CivilAffairs.Tests.Support;

/// <summary>Certificates of nobody's: each signed by itself, made when it is needed.</summary>
public static class TestCertificates
{
    /// <param name="name">A host name or an IP address.</param>
    public static X509Certificate2 SelfSigned(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out var address)) names.AddIpAddress(address);
        else names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
    }

    /// <summary>A PEM file with the certificates, without their keys.</summary>
    public static string WritePem(string folder, params IReadOnlyList<X509Certificate2> certificates)
    {
        ArgumentNullException.ThrowIfNull(certificates);
        var file = Path.Combine(folder, $"{Guid.NewGuid():N}.pem");
        File.WriteAllText(file, string.Join('\n', certificates.Select(c => c.ExportCertificatePem())));
        return file;
    }
}
