using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Features.Demo;

namespace CivilAffairs.Tests.Features.Api.Scope;

/// <summary>What the requests of the scope's tests are about.</summary>
internal sealed record Targets(Guid Case, Guid Task, Guid Document, Guid File, Guid Draft, Guid Throwaway, Guid DraftFile, Guid Notice, string Code, Guid Officer, Guid Posting, Guid Value, Guid Grant, Guid Erasure, Guid Proposal, Guid Person, string Number, Guid Organisation, Guid Order, Guid Roster);

/// <summary>
/// One request for each route. Those that change something are sent so that whoever may send them is refused for what is
/// in them (an old version, a field left out, a day to come), or changes nothing that another asker depends on.
/// </summary>
internal static class Requests
{
    /// <summary>Open to everybody and limited by address: only some ask them.</summary>
    public static IReadOnlyList<string> Public { get; } =
    [
        "GET /api/v1/matters", "GET /api/v1/matters/{id}", "GET /api/v1/matters/{id}/form", "GET /api/v1/notices", "GET /api/v1/notices/{id}", "GET /api/v1/verifications/{code}",
        "POST /api/v1/tools/resident-id", "POST /api/v1/tools/credit-code", "POST /api/v1/tools/disability-card", "POST /api/v1/tools/bank-card", "POST /api/v1/tools/estimate/{matter}",
        "GET /api/v1/tools/deadline", "GET /api/v1/tools/divorce-window", "GET /api/v1/tools/certificate",
        "POST /api/v1/notices/{id}/objections", "POST /api/v1/session", "POST /api/v1/registrations", "POST /api/v1/password-links", "PUT /api/v1/password-links",
    ];

    /// <summary>In the order in which they are sent: signing out comes last.</summary>
    public static IReadOnlyDictionary<string, Func<ApiCaller, Task<HttpResponseMessage>>> For(Targets on)
    {
        var all = new Dictionary<string, Func<ApiCaller, Task<HttpResponseMessage>>>();
        Open(all, on);
        Accounts(all, on);
        Drafts(all, on);
        Cases(all, on);
        Supervision(all, on);
        Payments(all, on);
        DesignerRequests.Add(all);
        all["DELETE /api/v1/session"] = c => c.SendAsync(HttpMethod.Delete, "/session");
        return all;
    }

    private static void Open(Dictionary<string, Func<ApiCaller, Task<HttpResponseMessage>>> all, Targets on)
    {
        all["GET /api/v1/matters"] = Get("/matters");
        all["GET /api/v1/matters/{id}"] = Get("/matters/rural-dibao");
        all["GET /api/v1/matters/{id}/form"] = Get("/matters/rural-dibao/form");
        all["GET /api/v1/notices"] = Get("/notices");
        all["GET /api/v1/notices/{id}"] = Get($"/notices/{on.Notice}");
        all["GET /api/v1/verifications/{code}"] = Get($"/verifications/{on.Code}");
        all["POST /api/v1/notices/{id}/objections"] = Post($"/notices/{on.Notice}/objections", new JsonObject { ["text"] = "" });
        foreach (var number in (string[])["resident-id", "credit-code", "disability-card", "bank-card"])
            all[$"POST /api/v1/tools/{number}"] = c => c.SendAsync(HttpMethod.Post, $"/tools/{number}", new JsonObject { ["value"] = "" });
        all["POST /api/v1/tools/estimate/{matter}"] = c => c.SendAsync(HttpMethod.Post, "/tools/estimate/rural-dibao", new JsonObject { ["members"] = new JsonArray(new JsonObject()) });
        all["GET /api/v1/tools/deadline"] = Get("/tools/deadline?start=2026-02-11&workdays=3");
        all["GET /api/v1/tools/divorce-window"] = Get("/tools/divorce-window?receipt=2026-01-15");
        all["GET /api/v1/tools/certificate"] = Get("/tools/certificate?issued=2022-11-20&years=4");
        all["POST /api/v1/session"] = c => c.SendAsync(HttpMethod.Post, "/session", new JsonObject { ["userName"] = "", ["password"] = "" });
        all["POST /api/v1/registrations"] = c => c.SendAsync(HttpMethod.Post, "/registrations", new JsonObject { ["name"] = "", ["idNumber"] = "", ["mobile"] = "", ["password"] = "" });
        all["POST /api/v1/password-links"] = c => c.SendAsync(HttpMethod.Post, "/password-links", new JsonObject { ["userName"] = "" });
        all["PUT /api/v1/password-links"] = c => c.SendAsync(HttpMethod.Put, "/password-links", new JsonObject { ["account"] = Guid.Empty, ["until"] = 0, ["token"] = "", ["password"] = "" });
        all["GET /api/v1/session"] = Get("/session");
        all["PUT /api/v1/session/password"] = c => c.SendAsync(HttpMethod.Put, "/session/password", new JsonObject { ["current"] = "", ["password"] = "" });
    }

    private static void Accounts(Dictionary<string, Func<ApiCaller, Task<HttpResponseMessage>>> all, Targets on)
    {
        all["GET /api/v1/accounts"] = Get("/accounts?pageSize=1");
        all["GET /api/v1/accounts/{id}"] = Get($"/accounts/{on.Officer}");
        all["POST /api/v1/accounts"] = Post("/accounts", new JsonObject { ["userName"] = "1", ["name"] = "" });
        all["POST /api/v1/accounts/{id}/postings"] = Post($"/accounts/{on.Officer}/postings", new JsonObject { ["role"] = "", ["division"] = "", ["from"] = "2026-01-01" });
        all["POST /api/v1/accounts/{id}/postings/{postingId}/end"] = Post($"/accounts/{on.Officer}/postings/{on.Posting}/end", new JsonObject { ["last"] = "2030-01-01" });
        all["POST /api/v1/accounts/{id}/unlock"] = Post($"/accounts/{on.Officer}/unlock", null);
        all["PUT /api/v1/accounts/{id}/disabled"] = c => c.SendAsync(HttpMethod.Put, $"/accounts/{on.Officer}/disabled", new JsonObject { ["disabled"] = true }, ApiCaller.NewKey());
        all["POST /api/v1/accounts/{id}/password"] = Post($"/accounts/{on.Officer}/password", null);
    }

    private static void Drafts(Dictionary<string, Func<ApiCaller, Task<HttpResponseMessage>>> all, Targets on)
    {
        all["GET /api/v1/drafts"] = Get("/drafts");
        all["POST /api/v1/drafts"] = Post("/drafts", new JsonObject { ["matter"] = "rural-dibao" });
        all["GET /api/v1/drafts/{id}"] = Get($"/drafts/{on.Draft}");
        all["PUT /api/v1/drafts/{id}/sections/{section}"] = c => c.SendAsync(HttpMethod.Put, $"/drafts/{on.Draft}/sections/reason", new JsonObject { ["code"] = "illness" }, ApiCaller.NewKey());
        all["POST /api/v1/drafts/{id}/attachments/{slot}"] = c => c.SendAsync(HttpMethod.Post, $"/drafts/{on.Draft}/attachments/photos", key: ApiCaller.NewKey(), content: ApiCaller.File(SamplePicture.Png, "a.png"));
        all["DELETE /api/v1/drafts/{id}/attachments/{fileId}"] = c => c.SendAsync(HttpMethod.Delete, $"/drafts/{on.Draft}/attachments/{on.DraftFile}", key: ApiCaller.NewKey());
        all["POST /api/v1/drafts/{id}/submit"] = Post($"/drafts/{on.Draft}/submit", null);
        all["DELETE /api/v1/drafts/{id}"] = c => c.SendAsync(HttpMethod.Delete, $"/drafts/{on.Throwaway}", key: ApiCaller.NewKey());
    }

    private static void Cases(Dictionary<string, Func<ApiCaller, Task<HttpResponseMessage>>> all, Targets on)
    {
        all["GET /api/v1/my/cases"] = Get("/my/cases");
        all["GET /api/v1/my/organisations"] = Get("/my/organisations");
        all["GET /api/v1/my/cases/{id}"] = Get($"/my/cases/{on.Case}");
        all["GET /api/v1/tasks"] = Get("/tasks?pageSize=100&role=INV");
        all["GET /api/v1/cases/{id}"] = Get($"/cases/{on.Case}");
        all["POST /api/v1/cases/{id}/full-view"] = c => c.SendAsync(HttpMethod.Post, $"/cases/{on.Case}/full-view", new JsonObject { ["reason"] = "verify" });
        // Without the note: whoever sees the case is refused for that. Their look at papers is then asked for a reason, which is no matter of scope.
        all["POST /api/v1/cases/{id}/access-reasons"] = Post($"/cases/{on.Case}/access-reasons", new JsonObject { ["reason"] = "other" });
        all["POST /api/v1/cases/search"] = c => c.SendAsync(HttpMethod.Post, "/cases/search", new JsonObject { ["term"] = "王建", ["pageSize"] = 100 });
        all["GET /api/v1/cases/{id}/documents"] = Get($"/cases/{on.Case}/documents");
        all["GET /api/v1/cases/{id}/documents/{documentId}"] = Get($"/cases/{on.Case}/documents/{on.Document}");
        all["GET /api/v1/cases/{id}/documents/{documentId}/pdf"] = Get($"/cases/{on.Case}/documents/{on.Document}/pdf");
        all["GET /api/v1/cases/{id}/attachments/{fileId}"] = Get($"/cases/{on.Case}/attachments/{on.File}");
        // Without a word: whoever may write is refused for that.
        all["GET /api/v1/cases/{id}/messages"] = Get($"/cases/{on.Case}/messages");
        all["POST /api/v1/cases/{id}/messages"] = c => c.SendAsync(HttpMethod.Post, $"/cases/{on.Case}/messages", key: ApiCaller.NewKey(), content: new MultipartFormDataContent { { new StringContent(""), "text" } });
        all["POST /api/v1/cases/{id}/messages/read"] = Post($"/cases/{on.Case}/messages/read", null);
        all["GET /api/v1/cases/{id}/form/pdf"] = Get($"/cases/{on.Case}/form/pdf");
        all["POST /api/v1/cases/{id}/prints"] = Post($"/cases/{on.Case}/prints", null);
        all["GET /api/v1/cases/{id}/prints/{printId}"] = Get($"/cases/{on.Case}/prints/{Guid.Empty}");
        all["GET /api/v1/cases/{id}/prints/{printId}/pdf"] = Get($"/cases/{on.Case}/prints/{Guid.Empty}/pdf");
        all["GET /api/v1/desk/messages"] = Get("/desk/messages");
        all["POST /api/v1/cases/{id}/withdraw"] = c => c.SendAsync(HttpMethod.Post, $"/cases/{on.Case}/withdraw", key: ApiCaller.NewKey(), ifMatch: "\"999999\"");
        // Without what it rests on: whoever may reopen is refused for that.
        all["POST /api/v1/cases/{id}/reopen"] = Post($"/cases/{on.Case}/reopen", new JsonObject { ["basis"] = "", ["reference"] = "", ["occurredOn"] = "2026-01-01" });
        all["POST /api/v1/tasks/{id}/claim"] = async c =>
        {
            var answer = await c.PostAsync($"/tasks/{on.Task}/claim");
            // For the next one who may.
            if (answer.IsSuccessStatusCode) await c.DoAsync(HttpMethod.Post, $"/tasks/{on.Task}/release");
            return answer;
        };
        all["POST /api/v1/tasks/{id}/release"] = Post($"/tasks/{on.Task}/release", null);
        all["POST /api/v1/tasks/{id}/preview"] = Post($"/tasks/{on.Task}/preview", new JsonObject { ["outcome"] = "Done" });
        all["POST /api/v1/tasks/{id}/complete"] = Post($"/tasks/{on.Task}/complete", new JsonObject { ["outcome"] = "Done" });
        all["GET /api/v1/desk/notices"] = Get("/desk/notices");
        all["POST /api/v1/desk/notices/{id}/objections"] = Post($"/desk/notices/{on.Notice}/objections", new JsonObject { ["occurredOn"] = "2099-01-01", ["text"] = "情况不符" });
        all["GET /api/v1/benefits/totals"] = Get("/benefits/totals");
        all["GET /api/v1/registers/{id}/lines/{lineId}"] = Get($"/registers/benefits/lines/{on.Grant}");
        all["POST /api/v1/registers/{id}/lines/{lineId}/full-view"] = Post($"/registers/benefits/lines/{on.Grant}/full-view", new JsonObject { ["reason"] = "" });
        all["POST /api/v1/registers/{id}/lines/search"] = c => c.SendAsync(HttpMethod.Post, "/registers/relatives/lines/search", new JsonObject { ["term"] = on.Number });
        all["GET /api/v1/benefits/{id}"] = Get($"/benefits/{on.Grant}");
        all["GET /api/v1/registers"] = Get("/registers");
        all["GET /api/v1/registers/{id}"] = Get("/registers/relatives?pageSize=100");
        all["POST /api/v1/registers/{id}/subjects/search"] = c => c.SendAsync(HttpMethod.Post, "/registers/organisations/subjects/search", new JsonObject { ["pageSize"] = 100 });
        all["GET /api/v1/registers/subjects/{subjectId}"] = Get($"/registers/subjects/{on.Organisation}");
        // Without a reason: whoever may look or export is refused for that.
        all["POST /api/v1/registers/subjects/{subjectId}/full-view"] = Post($"/registers/subjects/{on.Organisation}/full-view", new JsonObject { ["reason"] = "" });
        all["POST /api/v1/registers/{id}/exports"] = Post("/registers/organisations/exports", new JsonObject { ["reason"] = "" });
        // Nobody's: an export is fetched by who asked for it.
        all["GET /api/v1/registers/exports/{exportId}/workbook"] = Get($"/registers/exports/{on.Organisation}/workbook");
        all["POST /api/v1/registers/subjects/{subjectId}/cases"] = Post($"/registers/subjects/{on.Organisation}/cases", new JsonObject { ["matter"] = "so-rectification", ["cause"] = "none" });
        // Into a register that takes none: whoever asks finds nothing.
        all["GET /api/v1/registers/{id}/imports/template.xlsx"] = Get("/registers/relatives/imports/template.xlsx");
        all["POST /api/v1/registers/{id}/imports"] = c => c.SendAsync(HttpMethod.Post, "/registers/relatives/imports", key: ApiCaller.NewKey(), content: ApiCaller.File([1], "a.xlsx"));
        all["GET /api/v1/registers/imports/{importId}"] = Get($"/registers/imports/{on.Case}");
        all["GET /api/v1/registers/imports/{importId}/rows"] = Get($"/registers/imports/{on.Case}/rows");
        all["GET /api/v1/registers/imports/{importId}/report.xlsx"] = Get($"/registers/imports/{on.Case}/report.xlsx");
        all["POST /api/v1/registers/imports/{importId}/apply"] = Post($"/registers/imports/{on.Case}/apply", null);
        all["DELETE /api/v1/registers/imports/{importId}"] = c => c.SendAsync(HttpMethod.Delete, $"/registers/imports/{on.Case}", key: ApiCaller.NewKey());
    }

    private static void Supervision(Dictionary<string, Func<ApiCaller, Task<HttpResponseMessage>>> all, Targets on)
    {
        // Nobody is meant: whoever may order or reassign is refused for that, and for nothing else.
        all["POST /api/v1/cases/{id}/recusals"] = Post($"/cases/{on.Case}/recusals", new JsonObject { ["reason"] = "other", ["officerId"] = Guid.Empty.ToString() });
        all["POST /api/v1/tasks/{id}/reassign"] = Post($"/tasks/{on.Task}/reassign", new JsonObject { ["reason"] = "absence", ["officerId"] = Guid.Empty.ToString() });
        all["GET /api/v1/cases/{id}/staff"] = Get($"/cases/{on.Case}/staff");
        all["GET /api/v1/tasks/{id}/candidates"] = Get($"/tasks/{on.Task}/candidates");
        all["GET /api/v1/desk/stranded"] = Get("/desk/stranded");
        // The case runs on: whoever may propose or approve is refused for that.
        all["GET /api/v1/retention/due"] = Get("/retention/due");
        all["GET /api/v1/retention/proposals"] = Get("/retention/proposals?pageSize=100");
        all["POST /api/v1/cases/{id}/erasure-proposals"] = Post($"/cases/{on.Case}/erasure-proposals", null);
        all["POST /api/v1/erasure-proposals/{id}/approve"] = Post($"/erasure-proposals/{on.Erasure}/approve", new JsonObject { ["reason"] = "noFurtherUse" });
        all["POST /api/v1/erasure-proposals/{id}/keep"] = Post($"/erasure-proposals/{on.Erasure}/keep", new JsonObject { ["reason"] = "dispute" });
        all["POST /api/v1/persons/search"] = c => c.SendAsync(HttpMethod.Post, "/persons/search", new JsonObject { ["caseNumber"] = on.Number });
        all["POST /api/v1/persons/{id}/id-number"] = Post($"/persons/{on.Person}/id-number", new JsonObject { ["idNumber"] = "", ["reason"] = "typo", ["evidence"] = "" });
        all["POST /api/v1/persons/{id}/merge"] = Post($"/persons/{on.Person}/merge", new JsonObject { ["into"] = on.Person.ToString(), ["reason"] = "typo", ["evidence"] = "" });
        all["GET /api/v1/matters/{id}/health"] = Get("/matters/rural-dibao/health");
        all["GET /api/v1/matters/{id}/what-if"] = Get("/matters/rural-dibao/what-if?cases=1");
        all["GET /api/v1/parameters"] = Get("/parameters");
        all["GET /api/v1/parameters/{key}"] = Get("/parameters/dibao.rural.standard");
        all["POST /api/v1/parameters/{key}/values"] = Post("/parameters/dibao.rural.standard/values", new JsonObject { ["scope"] = "", ["value"] = "1", ["from"] = "2020-01-01", ["source"] = "", ["reason"] = "" });
        // In force, so that nobody takes it back.
        all["DELETE /api/v1/parameters/values/{id}"] = c => c.SendAsync(HttpMethod.Delete, $"/parameters/values/{on.Value}", key: ApiCaller.NewKey());
        all["GET /api/v1/mail"] = Get("/mail");
        all["GET /api/v1/mail/parked"] = Get("/mail/parked");
        // Of no letter, or without a key: whoever may is refused for that.
        all["POST /api/v1/mail/parked/retry"] = Post("/mail/parked/retry", new JsonObject());
        all["POST /api/v1/mail/parked/drop"] = Post("/mail/parked/drop", new JsonObject());
        all["POST /api/v1/mail/pause"] = c => c.SendAsync(HttpMethod.Post, "/mail/pause");
        all["POST /api/v1/mail/resume"] = c => c.SendAsync(HttpMethod.Post, "/mail/resume", new JsonObject { ["dropOlder"] = false });
        // Of nobody's tasks: whoever supervises is refused for the successor, and changes nothing.
        all["GET /api/v1/handovers"] = Get("/handovers");
        all["GET /api/v1/handovers/{officerId}"] = Get($"/handovers/{on.Officer}");
        all["POST /api/v1/handovers/preview"] = Post("/handovers/preview", new JsonObject { ["from"] = on.Officer.ToString(), ["to"] = on.Officer.ToString(), ["tasks"] = new JsonArray() });
        all["POST /api/v1/handovers"] = Post("/handovers", new JsonObject { ["from"] = on.Officer.ToString(), ["to"] = on.Officer.ToString(), ["reason"] = "handover", ["tasks"] = new JsonArray() });
        // Without a word, and for a case that has an order already: whoever may order or answer is refused for that.
        all["GET /api/v1/cases/{id}/supervision"] = Get($"/cases/{on.Case}/supervision");
        all["POST /api/v1/cases/{id}/supervision"] = Post($"/cases/{on.Case}/supervision", new JsonObject { ["text"] = "", ["dueOn"] = "2020-01-01" });
        all["GET /api/v1/supervision"] = Get("/supervision?only=Running&pageSize=100");
        foreach (var verb in new[] { "answer", "close", "withdraw", "demand" })
            all[$"POST /api/v1/supervision/{{id}}/{verb}"] = Post($"/supervision/{on.Order}/{verb}", new JsonObject { ["text"] = "", ["dueOn"] = "2020-01-01", ["version"] = 1 });
        all["GET /api/v1/supervision/offices"] = Get("/supervision/offices");
        all["POST /api/v1/supervision/exports"] = Post("/supervision/exports", new JsonObject { ["reason"] = "" });
        // Nobody's: an export is fetched by who asked for it.
        all["GET /api/v1/supervision/exports/{exportId}/workbook"] = Get($"/supervision/exports/{on.Order}/workbook");
        all["GET /api/v1/absences"] = Get("/absences");
        all["POST /api/v1/absences"] = Post("/absences", new JsonObject { ["deputyId"] = Guid.NewGuid().ToString(), ["from"] = "2020-01-01", ["to"] = "2020-01-02" });
        all["POST /api/v1/absences/{id}/end"] = Post($"/absences/{on.Case}/end", null);
        // About no letter of anybody's list: its own tests ask about real ones.
        all["GET /api/v1/calls"] = Get("/calls");
        all["POST /api/v1/calls/{id}/sheet"] = Post($"/calls/{on.Case}/sheet", null);
        all["POST /api/v1/calls/{id}/told"] = Post($"/calls/{on.Case}/told", new JsonObject { ["reached"] = true });
        // To no version of the matter, and of no move: whoever manages is refused for that.
        all["GET /api/v1/matters/{id}/running"] = Get("/matters/rural-dibao/running");
        all["POST /api/v1/matters/{id}/moves/preview"] = Post("/matters/rural-dibao/moves/preview", new JsonObject { ["to"] = "" });
        all["POST /api/v1/matters/{id}/moves/preview/totals"] = Post("/matters/rural-dibao/moves/preview/totals", new JsonObject { ["to"] = "" });
        all["GET /api/v1/matters/{id}/moves"] = Get("/matters/rural-dibao/moves");
        all["POST /api/v1/matters/{id}/moves"] = Post("/matters/rural-dibao/moves", new JsonObject { ["to"] = "", ["reason"] = "测试" });
        all["GET /api/v1/matters/{id}/moves/{moveId}"] = Get($"/matters/rural-dibao/moves/{on.Case}");
        all["POST /api/v1/matters/{id}/moves/{moveId}/undo"] = Post($"/matters/rural-dibao/moves/{on.Case}/undo", null);
        all["GET /api/v1/overview"] = Get("/overview");
        all["GET /api/v1/overview/overdue"] = Get("/overview/overdue");
        all["GET /api/v1/overview/reverifications"] = Get("/overview/reverifications");
        all["GET /api/v1/registers/certificates/expiring"] = Get("/registers/certificates/expiring");
        all["GET /api/v1/jobs"] = Get("/jobs");
        all["GET /api/v1/jobs/failed-items"] = Get("/jobs/failed-items");
        all["GET /api/v1/jobs/{id}/history"] = Get("/jobs/notices-down/history");
        all["POST /api/v1/jobs/{id}/run"] = Post("/jobs/notices-down/run", null);
        all["GET /api/v1/digest"] = Get("/digest");
        all["PUT /api/v1/digest"] = c => c.SendAsync(HttpMethod.Put, "/digest", new JsonObject { ["wanted"] = true }, ApiCaller.NewKey());
    }

    // Of another version, without a reason, or of nothing that is there: whoever pays is refused for that.
    private static void Payments(Dictionary<string, Func<ApiCaller, Task<HttpResponseMessage>>> all, Targets on)
    {
        foreach (var list in (string[])["", "/benefits", "/layouts"]) all[$"GET /api/v1/payments{list}"] = Get($"/payments{list}");
        all["GET /api/v1/payments/preview"] = Get("/payments/preview?matter=rural-dibao&benefit=none&month=2026-01-01");
        all["GET /api/v1/payments/{id}"] = Get($"/payments/{on.Roster}");
        all["GET /api/v1/payments/{id}/lines"] = Get($"/payments/{on.Roster}/lines");
        all["POST /api/v1/payments"] = Post("/payments", new JsonObject { ["matter"] = "rural-dibao", ["benefit"] = "none", ["month"] = "2026-01-01" });
        foreach (var verb in (string[])["recompute", "submit", "approve", "return", "discard", "close", "send"])
            all[$"POST /api/v1/payments/{{id}}/{verb}"] = Post($"/payments/{on.Roster}/{verb}", verb == "send" ? new JsonObject { ["version"] = 0, ["layout"] = "none" } : new JsonObject { ["version"] = 0 });
        all["POST /api/v1/payments/{id}/exports"] = Post($"/payments/{on.Roster}/exports", new JsonObject { ["reason"] = "" });
        all["POST /api/v1/payments/{id}/results"] = c => c.SendAsync(HttpMethod.Post, $"/payments/{on.Roster}/results", key: ApiCaller.NewKey(), content: ApiCaller.File([1], "result.txt"));
        all["GET /api/v1/payments/exports/{exportId}/file"] = Get($"/payments/exports/{on.Case}/file");
        all["GET /api/v1/payments/results/{resultId}"] = Get($"/payments/results/{on.Case}");
        all["GET /api/v1/payments/results/{resultId}/rows"] = Get($"/payments/results/{on.Case}/rows");
        all["POST /api/v1/payments/results/{resultId}/apply"] = Post($"/payments/results/{on.Case}/apply", new JsonObject { ["version"] = 0 });
        all["GET /api/v1/payments/grants/{grantId}"] = Get($"/payments/grants/{on.Grant}");
        foreach (var verb in (string[])["account", "account/confirm", "hold", "release"])
            all[$"POST /api/v1/payments/grants/{{grantId}}/{verb}"] = Post($"/payments/grants/{on.Grant}/{verb}", new JsonObject { ["reason"] = "" });
    }

    private static Func<ApiCaller, Task<HttpResponseMessage>> Get(string path) => c => c.SendAsync(HttpMethod.Get, path);
    private static Func<ApiCaller, Task<HttpResponseMessage>> Post(string path, JsonNode? body) => c => c.SendAsync(HttpMethod.Post, path, body?.DeepClone(), ApiCaller.NewKey());
}
