namespace CivilAffairs.Web.Features.Matters;

// What a matter gives: benefits and certificates, the parts of MatterFile that say so.

/// <summary>A benefit that the matter grants.</summary>
public sealed record BenefitKind : MatterPart
{
    public required string Id { get; init; }
    public required Words Name { get; init; }

    /// <summary><c>month</c> or <c>once</c>.</summary>
    public required string Paid { get; init; }

    /// <summary>Why it is changed or ended: the codes that activities give as their reason, and what they are called.</summary>
    public IReadOnlyList<BenefitReason> Reasons { get; init; } = [];
}

/// <summary>A reason to change or end a benefit 变动原因.</summary>
public sealed record BenefitReason : MatterPart
{
    public required string Id { get; init; }
    public required Words Name { get; init; }
}

/// <summary>A certificate 证书 that the matter issues.</summary>
public sealed record CertificateKind : MatterPart
{
    public required string Id { get; init; }
    public required Words Name { get; init; }

    /// <summary>Its number series.</summary>
    public required string Numbering { get; init; }

    /// <summary>The register whose subjects hold it; absent: persons do.</summary>
    public string? Register { get; init; }

    /// <summary>How it is renewed 换证; absent: it is not.</summary>
    public CertificateRenewal? Renewal { get; init; }

    /// <summary>Who is reminded before it ends; empty: nobody.</summary>
    public IReadOnlyList<DayReminder> Reminders { get; init; } = [];

    /// <summary>What is opened the day after its last day 到期; absent: nothing.</summary>
    public CertificateExpiry? Expiry { get; init; }
}

/// <summary>Where a certificate is renewed, and until when one applies in good time.</summary>
public sealed record CertificateRenewal : MatterPart
{
    public required string Matter { get; init; }

    /// <summary>Key of the parameter, of the same matter as the certificate: so many days before the last day, at the latest.</summary>
    public required string ApplyBefore { get; init; }
}

/// <summary>The case that is opened, once, when a certificate has expired and no timely renewal is pending.</summary>
public sealed record CertificateExpiry : MatterPart
{
    public required string Matter { get; init; }

    /// <summary>Key in that matter's <see cref="MatterFile.Workflows"/>.</summary>
    public required string Workflow { get; init; }

    /// <summary>The code of why, which the workflow gets: <c>certificateExpired</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>The reason in words, for lists.</summary>
    public required Words Label { get; init; }
}
