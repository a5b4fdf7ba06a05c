using System.Text.Json;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Api;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;

namespace CivilAffairs.Web.Features.Cases.Web;

/// <summary>A refusal in the reader's words: for a page, a dialog of the desk, or problem details of the API.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">Stable, for programs: <c>task.separated</c>.</param>
/// <param name="Faults">By field; empty unless answers were refused.</param>
public sealed record Refusal(int Status, string Code, string Title, string Text, IReadOnlyList<FieldFault> Faults)
{
    /// <summary>Key in <see cref="HttpContext.Items"/> under which the status page finds it.</summary>
    public const string Item = "civilaffairs:refusal";
}

/// <summary>Puts the exceptions of commands and queries into words, in one place.</summary>
public sealed class Refusals(IStringLocalizer<CaseTexts> texts, IStringLocalizer<RoleTexts> roles)
{
    /// <returns>Null: no refusal but a fault of the product.</returns>
    public Refusal? Of(Exception exception) => exception switch
    {
        UnknownCaseException => Make(404, "notFound", texts["notFound"]),
        NotAllowedException refused => Make(403, refused.Reason, texts[refused.Reason, [.. Values(refused)]]),
        AlreadyDecidedException decided => Make(409, "decided", Decided(decided)),
        OrderMovedException moved => Make(409, "supervision.moved", texts[$"supervision.moved.{moved.Kind}", moved.By, Display.Time(moved.At)]),
        DbUpdateConcurrencyException => Make(409, "changed", texts["changed"]),
        CaseErasedException => Make(410, "erased", texts["erased"]),
        FileRefusedException { TooLarge: true } file => Make(413, "tooLarge", texts["tooLarge"], file.Faults),
        FileRefusedException file => Make(415, "wrongKind", texts["wrongKind"], file.Faults),
        InvalidAnswersException invalid => Make(422, "invalid", texts["invalid"], invalid.Faults),
        StaleVersionException stale => Make(412, "stale", stale.By.Length > 0 ? texts[stale.Text, stale.By, Display.Time(stale.At)] : texts["changed"]),
        MalformedRequestException malformed => Make(400, "malformed", texts["malformed"], [new FieldFault(malformed.Field, malformed.Zh, malformed.En)]),
        AccessReasonException => Make(400, "accessReason", texts["accessReason"], [ReasonWanted]),
        BadHttpRequestException bad => Unread(bad),
        KeyReusedException => Make(422, "keyReused", texts["keyReused"]),
        BusyException => Make(503, "busy", texts["busy"]),
        NobodySignedInException => Make(401, "signIn", texts["signIn"]),
        _ => null,
    };

    /// <summary>For an answer that has a status and nothing else: what routing and authorization refuse.</summary>
    /// <param name="temporary">The caller must change a password that was handed out first.</param>
    public Refusal OfStatus(int status, bool temporary = false) => status switch
    {
        401 => Make(401, "signIn", texts["signIn"]),
        403 when temporary => Make(403, "temporaryPassword", texts["temporaryPassword"]),
        403 => Make(403, "forbidden", texts["forbidden"]),
        404 => Make(404, "notFound", texts["notFound"]),
        405 => Make(405, "method", texts["method"]),
        413 => Make(413, "tooLarge", texts["tooLarge"]),
        415 => Make(415, "wrongKind", texts["wrongKind"]),
        429 => Make(429, "tooMany", texts["tooMany"]),
        _ => Make(status, "malformed", texts["malformed"]),
    };

    private static readonly FieldFault ReasonWanted = new(AccessReasons.Header, $"请在请求头中给出理由：{ReasonCodes}；或者先提交到 access-reasons。",
        $"Give a reason in this header: {ReasonCodes}; or send one to access-reasons first.");

    private static string ReasonCodes => string.Join(", ", AccessReasons.Plain);

    /// <summary>A task's outcome in words; its code where the manager gave it a name of their own.</summary>
    public string Outcome(string outcome) => Known($"Outcome.{outcome}", outcome);

    /// <summary>A life-cycle state in words.</summary>
    public string Status(string status) => Known($"Status.{status}", status);

    /// <summary>Roles and outcomes come as codes, a task's title in both languages.</summary>
    private IEnumerable<object> Values(NotAllowedException refused) => refused.Reason switch
    {
        "task.notYourRole" => [Role(refused.Values[0])],
        "task.separated" => [Role(refused.Values[0]), Role(refused.Values[1]), refused.Values[2]],
        "task.sameAs" => [refused.Values[Languages.IsEnglish ? 1 : 0]],
        "reassign.notYourRole" => [refused.Values[0], Role(refused.Values[1])],
        "reassign.separated" => [refused.Values[0], Role(refused.Values[1]), Role(refused.Values[2]), refused.Values[3]],
        "reassign.sameAs" => [refused.Values[0], refused.Values[Languages.IsEnglish ? 2 : 1]],
        "comparison.refuses" or "comparison.refusesUnless" => [refused.Values[Languages.IsEnglish ? 1 : 0]],
        "task.noSuchOutcome" => [Outcome(refused.Values[0].ToString()!)],
        _ => refused.Values,
    };

    /// <summary>What the server could not read: JSON that is none or lacks something names the property.</summary>
    private Refusal Unread(BadHttpRequestException bad) => bad is { StatusCode: 400, InnerException: JsonException { Path: { } path } }
        ? Make(400, "malformed", texts["malformed"], [new FieldFault(path.TrimStart('$', '.') is { Length: > 0 } named ? named : "body", "内容缺少必填项，或者格式不对。", "Something required is missing, or it has the wrong form.")])
        : OfStatus(bad.StatusCode);

    private string Role(object code) => roles[code.ToString()!].Value;

    private string Decided(AlreadyDecidedException decided)
    {
        var at = Display.Time(decided.At);
        return decided.Outcome is { } outcome ? texts["decidedOutcome", decided.By, at, Outcome(outcome)] : texts["decided", decided.By, at];
    }

    private string Known(string key, string otherwise) => texts[key] is { ResourceNotFound: false } text ? text.Value : otherwise;

    private Refusal Make(int status, string code, string text, IReadOnlyList<FieldFault>? faults = null) =>
        new(status, code, Known($"Title.{status}", text), text, faults ?? []);
}
