using System.Globalization;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Documents;
using CivilAffairs.Web.Platform.Mail;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Localization;

namespace CivilAffairs.Web.Features.Mail.Office;

/// <summary>Shows a letter of a matter as it would be sent, about a case that is made up: no case of anybody's is read.</summary>
[Authorize(Policies.Configuration)]
internal sealed class PreviewModel(MatterLibrary library, CaseTemplateData templateData, DivisionDirectory divisions, DocumentRenderer renderer, TimeProvider time, IStringLocalizer<MailTexts> texts) : PageModel
{
    /// <summary><c>matter/file</c>.</summary>
    [BindProperty(SupportsGet = true)] public string? Letter { get; set; }
    [BindProperty(SupportsGet = true)] public string? Lang { get; set; }
    public bool English => Lang == "en";
    public IReadOnlyList<MatterRevision> Matters { get; private set; } = [];
    public MailText? Shown { get; private set; }
    public string? Fault { get; private set; }

    /// <summary>As a mail program shows it, with nothing but the words and links: the page's own policy allows no style of a letter's.</summary>
    public string SafeHtml { get; private set; } = "";

    public void OnGet()
    {
        Matters = [.. library.Current.Where(r => r.Matter.Templates.Any(t => t.Kind == "mail")).OrderBy(r => r.Matter.Id, StringComparer.Ordinal)];
        if (Letter?.Split('/') is not [var id, var file] || Matters.FirstOrDefault(m => m.Matter.Id == id) is not { } matter || matter.Matter.Templates.All(t => t.File != file || t.Kind != "mail")) return;
        try
        {
            var text = (English ? matter.Templates.GetValueOrDefault(MailTemplate.EnglishOf(file)) : null) ?? matter.Templates[file];
            if (MailTemplate.Read(text) is not { } template)
            {
                Fault = texts["PreviewShape"];
                return;
            }
            Shown = template.Render(renderer, Sample(), English ? CultureInfo.GetCultureInfo("en") : CultureInfo.GetCultureInfo("zh-CN"));
            SafeHtml = MailHtml.Words(Shown.Html);
        }
        catch (Exception e) when (e is DocumentTemplateException or SlowRenderingException)
        {
            Fault = texts["PreviewWrong", e.Message];
        }
    }

    private System.Text.Json.Nodes.JsonObject Sample()
    {
        var today = time.Today();
        var county = divisions.County?.Code ?? "000000";
        var made = new OutwardCase(Guid.Empty, Cases.Model.Case.NumberOf(county, today.Year, 123), time.GetUtcNow().AddDays(-6), today.AddDays(-5), today.AddDays(30), divisions.Below(county) is [var first, ..] ? first.Code : null);
        return templateData.Outward(made, [new OutwardTask("Correction", today.AddDays(10)), new OutwardTask("Confirmation", today.AddDays(5))], English);
    }
}
