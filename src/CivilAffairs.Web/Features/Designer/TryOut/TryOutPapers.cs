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
        return Fill(play.Revision, paper, (paper.IsLetter && english ? play.Revision.Templates.GetValueOrDefault(MailTemplate.EnglishOf(file)) : null) ?? text, english);
    }

    /// <summary>The same from a text that need not be stored anywhere.</summary>
    public ShownPaper Fill(MatterRevision revision, TryOutPaper paper, string text, bool english)
    {
        try
        {
            var names = Names(revision, paper, english);
            if (!paper.IsLetter) return new ShownPaper(null, renderer.Render(text, names, Chinese).ToPreviewHtml(), null);
            if (MailTemplate.Read(text) is not { } template) return new ShownPaper(null, "", new PaperFault("shape", null));
            var letter = template.Render(renderer, names, english ? CultureInfo.GetCultureInfo("en") : Chinese);
            return new ShownPaper(letter.Subject, MailHtml.Words(letter.Html), null) { Text = letter.Text };
        }
        catch (DocumentTemplateException e)
        {
            return new ShownPaper(null, "", new PaperFault("template", e.Message) { Line = e.Line });
        }
        catch (SlowRenderingException e)
        {
            return new ShownPaper(null, "", new PaperFault("template", e.Message));
        }
    }

    /// <summary>Everything that the paper's template may read, as a JSON object.</summary>
    public JsonObject Names(MatterRevision revision, TryOutPaper paper, bool english) => paper.IsLetter ? Outward(revision, paper, english) : Data(revision, paper);

    private JsonObject Outward(MatterRevision revision, TryOutPaper paper, bool english)
    {
        var office = TryOutPlay.OfficeOf(revision.Form, paper.Form);
        var made = new OutwardCase(Guid.Empty, Cases.Model.Case.NumberOf(office[..6], paper.Case.SubmittedOn.Year, 1), BureauTime.Start(paper.Case.SubmittedOn, new TimeOnly(9, 0)),
            paper.Case.AcceptedOn, paper.Case.Clock?.LastDay, office);
        var told = templateData.Outward(made, paper.Asked.Select(a => new OutwardTask(a.Kind, a.FinishWithin.LastDay)), english);
        if (paper.Reminder is { } reminder) told["reminder"] = reminder.DeepClone();
        return told;
    }

    private JsonObject Data(MatterRevision revision, TryOutPaper paper)
    {
        var (office, place) = (TryOutPlay.OfficeOf(revision.Form, paper.Form), FormPeople.At(paper.Form, revision.Form.Place));
        var extra = (paper.Effect switch { IssueDocument d => d.Data, ChangeCertificate c => c.Data, PublishNotice n => n.Data, PublishResult r => r.Data, _ => null })?.DeepClone() as JsonObject ?? [];
        if (paper.Effect is PublishNotice notice) extra["notice"] = new JsonObject { ["firstDay"] = BureauTime.Iso(notice.FirstDay), ["lastDay"] = BureauTime.Iso(notice.LastDay) };
        if (paper.Effect is PublishResult) extra["notice"] = new JsonObject { ["firstDay"] = BureauTime.Iso(paper.On), ["lastDay"] = null };
        if (paper.Effect is ChangeCertificate certificate)
            extra["certificate"] = new JsonObject { ["validFrom"] = BureauTime.Iso(certificate.ValidFrom ?? paper.On), ["validTo"] = BureauTime.Iso(certificate.ValidTo), ["renews"] = certificate.Action == "Renew" ? "0000" : null };
        if (paper.Number is { } number) (extra["number"], extra["url"]) = (number, templateData.VerifyUrl("TRYOUT"));
        // Attachments are not tried out: a template that shows photographs is laid out without.
        (extra["attachments"], extra["images"]) = (new JsonObject(), new JsonObject());
        return templateData.Whole(new TemplateCase(revision, paper.Workflow, paper.Form, paper.Tasks, Outward(revision, paper, english: false), paper.On)
        {
            ApplicantName = TryOutPlay.ApplicantOf(revision.Form, paper.Form), Township = office.Length == 9 ? office : null, Village = place is { Length: 12 } village ? village : null, Variables = paper.Variables,
            Persons = paper.Case.Persons, AmountFen = paper.Case.AmountFen, FirstMonth = paper.Case.FirstMonth,
        }, extra);
    }
}

/// <summary>A paper as people would see it.</summary>
/// <param name="Subject">Of a letter.</param>
/// <param name="Html">Empty where <paramref name="Fault"/> says why.</param>
internal sealed record ShownPaper(string? Subject, string Html, PaperFault? Fault)
{
    /// <summary>Of a letter: the part for readers without HTML.</summary>
    public string? Text { get; init; }
}

/// <summary>Why a paper cannot be made: a real decision would stop by it, a real letter be parked.</summary>
/// <param name="Code"><c>none</c>: no such template; <c>shape</c>: it is not written like a letter; <c>template</c>: see <paramref name="Detail"/>.</param>
internal sealed record PaperFault(string Code, string? Detail)
{
    /// <summary>From 1, of the template as written; null: the fault has no place of its own.</summary>
    public int? Line { get; init; }
}
