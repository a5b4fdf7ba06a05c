using System.Globalization;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Mail.Office;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Documents;
using CivilAffairs.Web.Platform.Mail;
using CivilAffairs.Web.Platform.Time;

namespace CivilAffairs.Web.Features.Designer.TryOut;

/// <summary>The papers of a try-out as they would be printed and sent: the same templates, names and layout as for real cases.</summary>
internal sealed class TryOutPapers(CaseTemplateData templateData, DocumentRenderer renderer)
{
    private static readonly CultureInfo Chinese = CultureInfo.GetCultureInfo("zh-CN");

    /// <summary>A document's or notice's pages as SVG, or a letter's words; safe to insert.</summary>
    /// <param name="english">A letter for somebody who reads English, where the matter has one.</param>
    public ShownPaper Show(TryOutPlay play, TryOutPaper paper, bool english)
    {
        ArgumentNullException.ThrowIfNull(play);
        ArgumentNullException.ThrowIfNull(paper);
        if (paper.Effect is SendEmail own) return new ShownPaper(own.Subject, MailHtml.Words(own.Body ?? ""), null);
        if (paper.Template is not { } file || !play.Revision.Templates.TryGetValue(file, out var text)) return new ShownPaper(null, "", new PaperFault("none", null));
        try
        {
            if (!paper.IsLetter) return new ShownPaper(null, renderer.Render(text, Data(play, paper), Chinese).ToPreviewHtml(), null);
            var mail = (english ? play.Revision.Templates.GetValueOrDefault(MailTemplate.EnglishOf(file)) : null) ?? text;
            if (MailTemplate.Read(mail) is not { } template) return new ShownPaper(null, "", new PaperFault("shape", null));
            var letter = template.Render(renderer, Outward(paper, play, english), english ? CultureInfo.GetCultureInfo("en") : Chinese);
            return new ShownPaper(letter.Subject, MailHtml.Words(letter.Html), null);
        }
        catch (DocumentTemplateException e)
        {
            return new ShownPaper(null, "", new PaperFault("template", e.Message));
        }
    }

    private JsonObject Outward(TryOutPaper paper, TryOutPlay play, bool english)
    {
        var made = new OutwardCase(Guid.Empty, Cases.Model.Case.NumberOf(play.Office[..6], paper.Case.SubmittedOn.Year, 1), BureauTime.Start(paper.Case.SubmittedOn, new TimeOnly(9, 0)),
            paper.Case.AcceptedOn, paper.Case.Clock?.LastDay, play.Office);
        return templateData.Outward(made, paper.Asked.Select(a => new OutwardTask(a.Kind, a.FinishWithin.LastDay)), english);
    }

    private JsonObject Data(TryOutPlay play, TryOutPaper paper)
    {
        var extra = (paper.Effect switch { IssueDocument d => d.Data, ChangeCertificate c => c.Data, PublishNotice n => n.Data, PublishResult r => r.Data, _ => null })?.DeepClone() as JsonObject ?? [];
        if (paper.Effect is PublishNotice notice) extra["notice"] = new JsonObject { ["firstDay"] = BureauTime.Iso(notice.FirstDay), ["lastDay"] = BureauTime.Iso(notice.LastDay) };
        if (paper.Effect is PublishResult) extra["notice"] = new JsonObject { ["firstDay"] = BureauTime.Iso(paper.On), ["lastDay"] = null };
        if (paper.Effect is ChangeCertificate certificate)
            extra["certificate"] = new JsonObject { ["validFrom"] = BureauTime.Iso(certificate.ValidFrom ?? paper.On), ["validTo"] = BureauTime.Iso(certificate.ValidTo), ["renews"] = certificate.Action == "Renew" ? "0000" : null };
        if (paper.Number is { } number) (extra["number"], extra["url"]) = (number, templateData.VerifyUrl("TRYOUT"));
        // Attachments are not tried out: a template that shows photographs is laid out without.
        (extra["attachments"], extra["images"]) = (new JsonObject(), new JsonObject());
        return templateData.Whole(new TemplateCase(play.Revision, paper.Workflow, paper.Form, paper.Tasks, Outward(paper, play, english: false), paper.On)
        {
            ApplicantName = play.ApplicantName, Township = play.Office.Length == 9 ? play.Office : null, Village = play.Place is { Length: 12 } village ? village : null, Variables = paper.Variables,
            Persons = paper.Case.Persons, AmountFen = paper.Case.AmountFen, FirstMonth = paper.Case.FirstMonth,
        }, extra);
    }
}

/// <summary>A paper as people would see it.</summary>
/// <param name="Subject">Of a letter.</param>
/// <param name="Html">Empty where <paramref name="Fault"/> says why.</param>
internal sealed record ShownPaper(string? Subject, string Html, PaperFault? Fault);

/// <summary>Why a paper cannot be made: a real decision would stop by it, a real letter be parked.</summary>
/// <param name="Code"><c>none</c>: no such template; <c>shape</c>: it is not written like a letter; <c>template</c>: see <paramref name="Detail"/>.</param>
internal sealed record PaperFault(string Code, string? Detail);
