using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Tests.Features.Api.Scope;

/// <summary>What a request comes to, as far as scope decides it.</summary>
internal enum Verdict
{
    /// <summary>Lets them in: done, or refused for what was sent and not for who sent it.</summary>
    Open,

    /// <summary>401.</summary>
    SignIn,

    /// <summary>403: not theirs to do.</summary>
    Forbidden,

    /// <summary>404: not even known to be there.</summary>
    Hidden,
}

/// <summary>Somebody who asks.</summary>
/// <param name="Owns">The applicant of the case and the draft.</param>
/// <param name="Temporary">With a password that was handed out.</param>
/// <param name="Recused">From the case.</param>
internal sealed record Asker(string Name, AccountKind? Kind, IReadOnlyList<HeldRole> Held, bool Owns = false, bool Temporary = false, bool Recused = false)
{
    public bool Holds(string role, string division) => Held.Any(h => h.Role == role && h.Division == division);
}

/// <summary>What the rule looks at in a case.</summary>
/// <param name="Worked">Roles and divisions that have or had a task on it.</param>
internal sealed record Place(string Township, string Village, IReadOnlyList<HeldRole> Worked);

/// <summary>
/// The rule of domain §2 for the API's routes, written plainly and without the product: person × jurisdiction × action.
/// </summary>
/// <param name="Case">With an open visit for two investigators, one document, one attachment, in the register of relatives.</param>
/// <param name="Noticed">Another case, in another township, that is in public notice.</param>
internal sealed record Oracle(Place Case, Place Noticed)
{
    private static readonly string[] Overseeing = ["TCK", "TRV", "DHD", "LDR", "SUP"], Blind = ["MGR", "ADM"], Leading = ["LDR", "DHD", "SUP"], ReadRelatives = ["TCK", "TRV", "CCK", "CAP", "SUP"], ReadBenefits = ["VIL", "TCK", "INV", "TRV", "CHK", "CCK", "CAP", "FIN", "SUP", "DHD", "LDR"], ReadOrganisations = ["SOC", "DHD", "CAP", "LDR", "SUP"];

    public Verdict Of(string route, Asker who) => route switch
    {
        "GET /api/v1/matters" or "GET /api/v1/matters/{id}" or "GET /api/v1/matters/{id}/form" or "GET /api/v1/notices" or "GET /api/v1/notices/{id}" or "POST /api/v1/notices/{id}/objections"
            or "GET /api/v1/verifications/{code}" or "POST /api/v1/session" or "POST /api/v1/registrations" or "POST /api/v1/password-links" or "PUT /api/v1/password-links" => Verdict.Open,
        _ when route.Contains(" /api/v1/tools/", StringComparison.Ordinal) => Verdict.Open,
        "GET /api/v1/session" or "DELETE /api/v1/session" or "PUT /api/v1/session/password" => who.Kind is null ? Verdict.SignIn : Verdict.Open,
        _ when who.Kind is null => Verdict.SignIn,
        _ when who.Temporary => Verdict.Forbidden,
        _ when route.Contains("/accounts", StringComparison.Ordinal) => who.Held.Any(h => h.Role == "ADM") ? Verdict.Open : Verdict.Forbidden,
        "GET /api/v1/matters/{id}/health" or "GET /api/v1/matters/{id}/what-if" => who.Held.Any(h => h.Role == "MGR" && h.Division == Case.Township[..6]) ? Verdict.Open : Verdict.Forbidden,
        "GET /api/v1/designer/matters" => Officer(who, Verdict.Open),
        _ when route.StartsWith("GET /api/v1/designer/", StringComparison.Ordinal) => Officer(who, Manages(who) ? Verdict.Open : Verdict.Hidden),
        _ when route.Contains("/designer/", StringComparison.Ordinal) => Officer(who, Manages(who) ? Verdict.Open : Verdict.Forbidden),
        "GET /api/v1/drafts" => Verdict.Open,
        "POST /api/v1/drafts" => who.Kind == AccountKind.Applicant || who.Held.Any(h => h.Role == "TCK") ? Verdict.Open : Verdict.Forbidden,
        _ when route.Contains("/drafts/", StringComparison.Ordinal) => who.Owns ? Verdict.Open : Verdict.Hidden,
        "GET /api/v1/my/cases" or "GET /api/v1/my/organisations" => Applicant(who, Verdict.Open),
        "GET /api/v1/my/cases/{id}" => Applicant(who, Seen(who, Case)),
        "GET /api/v1/tasks" or "POST /api/v1/cases/search" or "GET /api/v1/benefits/totals" or "GET /api/v1/registers" or "GET /api/v1/desk/notices" => Officer(who, Verdict.Open),
        "GET /api/v1/benefits/{id}" or "GET /api/v1/registers/{id}/lines/{lineId}" or "POST /api/v1/registers/{id}/lines/{lineId}/full-view" =>
            Officer(who, who.Held.Any(h => ReadBenefits.Contains(h.Role) && Case.Village.StartsWith(h.Division, StringComparison.Ordinal)) ? Verdict.Open : Verdict.Hidden),
        "GET /api/v1/registers/{id}" or "POST /api/v1/registers/{id}/lines/search" => Officer(who, who.Held.Any(h => ReadRelatives.Contains(h.Role)) ? Verdict.Open : Verdict.Hidden),
        "POST /api/v1/registers/{id}/subjects/search" or "POST /api/v1/registers/{id}/exports" => Officer(who, who.Held.Any(h => ReadOrganisations.Contains(h.Role)) ? Verdict.Open : Verdict.Hidden),
        "GET /api/v1/registers/subjects/{subjectId}" or "POST /api/v1/registers/subjects/{subjectId}/full-view" => Officer(who, Listed(who) ? Verdict.Open : Verdict.Hidden),
        "POST /api/v1/registers/subjects/{subjectId}/cases" => Officer(who, who.Held.Any(h => h.Role == "SOC" && Case.Village.StartsWith(h.Division, StringComparison.Ordinal)) ? Verdict.Open : Verdict.Hidden),
        "GET /api/v1/registers/exports/{exportId}/workbook" => Officer(who, Verdict.Hidden),
        _ when route.Contains("/imports", StringComparison.Ordinal) => Officer(who, Verdict.Hidden),
        "GET /api/v1/cases/{id}" or "POST /api/v1/cases/{id}/full-view" or "POST /api/v1/cases/{id}/access-reasons" => Officer(who, Seen(who, Case)),
        "GET /api/v1/cases/{id}/documents" or "GET /api/v1/cases/{id}/documents/{documentId}" or "GET /api/v1/cases/{id}/documents/{documentId}/pdf"
            or "GET /api/v1/cases/{id}/attachments/{fileId}" or "GET /api/v1/cases/{id}/messages" or "POST /api/v1/cases/{id}/messages" or "POST /api/v1/cases/{id}/messages/read" or "GET /api/v1/cases/{id}/form/pdf" => Seen(who, Case),
        "GET /api/v1/cases/{id}/comparisons" => Officer(who, Seen(who, Case)),
        // Nobody has the visit in hand.
        "POST /api/v1/cases/{id}/comparisons/overrides" => Officer(who, Theirs(who, Case, false)),
        "POST /api/v1/cases/{id}/prints" => Officer(who, Seen(who, Case)),
        "GET /api/v1/cases/{id}/prints/{printId}" or "GET /api/v1/cases/{id}/prints/{printId}/pdf" => Officer(who, Verdict.Hidden),
        "GET /api/v1/desk/messages" => Officer(who, Verdict.Open),
        "POST /api/v1/cases/{id}/withdraw" => Sees(who, Case) ? (who.Owns ? Verdict.Open : Verdict.Forbidden) : Verdict.Hidden,
        "POST /api/v1/cases/{id}/reopen" => Officer(who, Theirs(who, Case, who.Holds("SUP", Case.Township[..6]) || who.Holds("CAP", Case.Township[..6]))),
        "POST /api/v1/tasks/{id}/claim" => Officer(who, Theirs(who, Case, who.Holds("INV", Case.Township))),
        "POST /api/v1/tasks/{id}/release" => Officer(who, Seen(who, Case)),
        "POST /api/v1/tasks/{id}/preview" => Officer(who, Theirs(who, Case, who.Holds("INV", Case.Township))),
        "POST /api/v1/tasks/{id}/complete" => Theirs(who, Case, who.Holds("INV", Case.Township)),
        "POST /api/v1/desk/notices/{id}/objections" => Officer(who, Theirs(who, Noticed, who.Holds("TRV", Noticed.Township))),
        "POST /api/v1/cases/{id}/recusals" => Officer(who, Theirs(who, Case, Supervises(who))),
        "POST /api/v1/tasks/{id}/reassign" => Officer(who, Theirs(who, Case, Supervises(who))),
        "GET /api/v1/cases/{id}/staff" or "GET /api/v1/tasks/{id}/candidates" => Officer(who, Sees(who, Case) && Supervises(who) ? Verdict.Open : Verdict.Hidden),
        "POST /api/v1/cases/{id}/erasure-proposals" => Officer(who, Theirs(who, Case, who.Holds("SUP", Case.Township[..6]))),
        "POST /api/v1/erasure-proposals/{id}/approve" or "POST /api/v1/erasure-proposals/{id}/keep" => Officer(who, Theirs(who, Case, who.Holds("LDR", Case.Township[..6]))),
        "POST /api/v1/persons/{id}/id-number" or "POST /api/v1/persons/{id}/merge" => Officer(who, who.Holds("SUP", Case.Township[..6]) ? Verdict.Open : Verdict.Forbidden),
        "POST /api/v1/persons/search" or "GET /api/v1/retention/due" or "GET /api/v1/retention/proposals" or "GET /api/v1/desk/stranded" or "GET /api/v1/parameters" => Officer(who, Verdict.Open),
        "GET /api/v1/parameters/{key}" => Officer(who, who.Held.Any(h => Blind.Contains(h.Role)) ? Verdict.Open : Verdict.Hidden),
        "POST /api/v1/parameters/{key}/values" or "DELETE /api/v1/parameters/values/{id}" => Officer(who, who.Held.Any(h => Blind.Contains(h.Role) && h.Division == Case.Township[..6]) ? Verdict.Open : Verdict.Forbidden),
        _ when route.Contains("/mail", StringComparison.Ordinal) => who.Held.Any(h => h.Role == "ADM") ? Verdict.Open : Verdict.Forbidden,
        "GET /api/v1/matters/{id}/running" or "GET /api/v1/matters/{id}/moves" or "POST /api/v1/matters/{id}/moves" => who.Held.Any(h => h.Role == "MGR") ? Verdict.Open : Verdict.Forbidden,
        "POST /api/v1/matters/{id}/moves/preview" or "POST /api/v1/matters/{id}/moves/preview/totals" or "GET /api/v1/matters/{id}/moves/{moveId}" or "POST /api/v1/matters/{id}/moves/{moveId}/undo" => who.Held.Any(h => h.Role == "MGR") ? Verdict.Hidden : Verdict.Forbidden,
        "GET /api/v1/handovers" or "GET /api/v1/handovers/{officerId}" => Officer(who, Verdict.Open),
        "POST /api/v1/handovers" or "POST /api/v1/handovers/preview" => Officer(who, who.Held.Any(h => h.Role == "SUP") ? Verdict.Open : Verdict.Forbidden),
        "GET /api/v1/cases/{id}/supervision" => Officer(who, Seen(who, Case)),
        "POST /api/v1/cases/{id}/supervision" => Officer(who, Theirs(who, Case, who.Held.Any(h => h.Role is "SUP" or "LDR" && Case.Village.StartsWith(h.Division, StringComparison.Ordinal)))),
        "GET /api/v1/supervision" => Officer(who, Verdict.Open),
        "GET /api/v1/supervision/offices" or "POST /api/v1/supervision/exports" => Officer(who, who.Held.Any(h => Leading.Contains(h.Role)) ? Verdict.Open : Verdict.Forbidden),
        "GET /api/v1/supervision/exports/{exportId}/workbook" => Officer(who, Verdict.Hidden),
        // At once the township visits, the county checks and the village helps: each of them answers, and the head of each office.
        "POST /api/v1/supervision/{id}/answer" => Officer(who, Theirs(who, Case, who.Held.Any(h => (h.Role, h.Division) == ("INV", Case.Township) || (h.Role, h.Division) == ("CHK", Case.Township[..6]) || (h.Role, h.Division) == ("VIL", Case.Village) || (h.Role is "TRV" or "DHD" && Case.Village.StartsWith(h.Division, StringComparison.Ordinal))))),
        _ when route.Contains("/supervision/{id}", StringComparison.Ordinal) => Officer(who, Theirs(who, Case, who.Held.Any(h => h.Role is "SUP" or "LDR" && Case.Village.StartsWith(h.Division, StringComparison.Ordinal)))),
        // Results and exports are of nobody; a batch is the county's who pays or leads it; what changes one is for who pays alone.
        _ when route.Contains("/payments/results/", StringComparison.Ordinal) || route.Contains("/payments/exports/", StringComparison.Ordinal) => Officer(who, Verdict.Hidden),
        "GET /api/v1/payments" or "GET /api/v1/payments/benefits" or "GET /api/v1/payments/layouts" => Officer(who, who.Held.Any(h => (h.Role == "FIN" || Leading.Contains(h.Role)) && h.Division == Case.Township[..6]) ? Verdict.Open : Verdict.Forbidden),
        "GET /api/v1/payments/{id}" or "GET /api/v1/payments/{id}/lines" => Officer(who, who.Held.Any(h => (h.Role == "FIN" || Leading.Contains(h.Role)) && h.Division == Case.Township[..6]) ? Verdict.Open : Verdict.Hidden),
        "GET /api/v1/payments/grants/{grantId}" => Officer(who, who.Holds("FIN", Case.Township[..6]) ? Verdict.Open : Verdict.Hidden),
        _ when route.Contains("/payments", StringComparison.Ordinal) => Officer(who, who.Holds("FIN", Case.Township[..6]) ? Verdict.Open : Verdict.Forbidden),
        // For a day that is over: refused for that, whoever asks. AbsenceTests ask for whom one may.
        "GET /api/v1/absences" or "POST /api/v1/absences" => Officer(who, Verdict.Open),
        "POST /api/v1/absences/{id}/end" => Officer(who, Verdict.Hidden),
        "GET /api/v1/calls" => Officer(who, Verdict.Open),
        "POST /api/v1/calls/{id}/sheet" or "POST /api/v1/calls/{id}/told" => Officer(who, Verdict.Hidden),
        "GET /api/v1/overview" => Officer(who, who.Held.Any(h => Leading.Contains(h.Role) && h.Division == Case.Township[..6]) ? Verdict.Open : Verdict.Hidden),
        "GET /api/v1/overview/overdue" or "GET /api/v1/overview/reverifications" or "GET /api/v1/registers/certificates/expiring" => Officer(who, who.Held.Any(h => Leading.Contains(h.Role)) ? Verdict.Open : Verdict.Hidden),
        "GET /api/v1/jobs" or "GET /api/v1/jobs/failed-items" or "GET /api/v1/jobs/{id}/history" => Officer(who, who.Held.Any(h => h.Role is "ADM" or "SUP") ? Verdict.Open : Verdict.Forbidden),
        "POST /api/v1/jobs/{id}/run" => Officer(who, who.Held.Any(h => h.Role == "ADM") ? Verdict.Open : Verdict.Forbidden),
        "GET /api/v1/digest" or "PUT /api/v1/digest" => Officer(who, Verdict.Open),
        _ => throw new ArgumentOutOfRangeException(nameof(route), route, "No rule is written for this route."),
    };

    /// <summary>Whether the rule for a route depends on where somebody's post is, and not on its role alone.</summary>
    public static bool LooksAtDivisions(string route) =>
        route.Contains("/cases", StringComparison.Ordinal) || route == "GET /api/v1/overview" || route.Contains("/tasks", StringComparison.Ordinal) || route.Contains("/registers/", StringComparison.Ordinal) || route.Contains("/benefits/{", StringComparison.Ordinal) || route.Contains("/desk/", StringComparison.Ordinal) || route.Contains("/supervision", StringComparison.Ordinal) || route.Contains("/erasure-", StringComparison.Ordinal) || route.Contains("/retention/", StringComparison.Ordinal) || route.Contains("/persons/", StringComparison.Ordinal) || route.Contains("/parameters/", StringComparison.Ordinal) || route.Contains("/designer/", StringComparison.Ordinal) || route.Contains("/payments", StringComparison.Ordinal);

    public static bool Sees(Asker who, Place place)
    {
        if (who.Kind == AccountKind.Applicant) return who.Owns;
        if (who.Recused) return false;
        return who.Held.Any(h => !Blind.Contains(h.Role) && place.Village.StartsWith(h.Division, StringComparison.Ordinal)
            && (Overseeing.Contains(h.Role) || place.Worked.Contains(h)));
    }

    /// <summary>Whether the list of proposals shows them the one that waits.</summary>
    public bool Retains(Asker who) => !who.Recused && who.Held.Any(h => h.Role is "SUP" or "LDR" && h.Division == Case.Township[..6]);

    /// <summary>Whether the persons of the case are found.</summary>
    public bool Identifies(Asker who) => !who.Recused && who.Holds("SUP", Case.Township[..6]);

    /// <summary>Whether the open visit is in their queue.</summary>
    public bool Queued(Asker who) => !who.Recused && who.Holds("INV", Case.Township);

    /// <summary>Whether the register shows them the case's line.</summary>
    public bool Registered(Asker who) => !who.Recused && who.Held.Any(h => ReadRelatives.Contains(h.Role) && (h.Division == Case.Township || h.Division == Case.Township[..6]));

    /// <summary>Whether the register of organisations shows them the one in the case's village.</summary>
    public bool Listed(Asker who) => who.Held.Any(h => ReadOrganisations.Contains(h.Role) && Case.Village.StartsWith(h.Division, StringComparison.Ordinal));

    private bool Manages(Asker who) => who.Holds("MGR", Case.Township[..6]);

    private bool Supervises(Asker who) => who.Held.Any(h => h.Role == "SUP" && Case.Village.StartsWith(h.Division, StringComparison.Ordinal));

    private static Verdict Seen(Asker who, Place place) => Sees(who, place) ? Verdict.Open : Verdict.Hidden;
    private static Verdict Theirs(Asker who, Place place, bool theirs) => !Sees(who, place) ? Verdict.Hidden : theirs ? Verdict.Open : Verdict.Forbidden;
    private static Verdict Officer(Asker who, Verdict then) => who.Kind == AccountKind.Officer ? then : Verdict.Forbidden;
    private static Verdict Applicant(Asker who, Verdict then) => who.Kind == AccountKind.Applicant ? then : Verdict.Forbidden;
}
