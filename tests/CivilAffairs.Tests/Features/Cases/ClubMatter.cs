using CivilAffairs.Tests.Support;

namespace CivilAffairs.Tests.Features.Cases;

/// <summary>A small made-up matter, as a folder: a club gets a certificate, which is renewed at once and inspected in a case of its own.</summary>
internal static class ClubMatter
{
    public const string Id = "club";

    /// <returns>The folder that holds the matter's folder; the caller removes it.</returns>
    public static string Write()
    {
        var root = Directory.CreateTempSubdirectory("matters-").FullName;
        var folder = Directory.CreateDirectory(Path.Combine(root, Id)).FullName;
        Directory.CreateDirectory(Path.Combine(folder, "templates"));
        File.WriteAllText(Path.Combine(folder, "matter.json"), Matter);
        File.WriteAllText(Path.Combine(folder, "form.json"), Form);
        File.WriteAllText(Path.Combine(folder, "apply.workflow.json"), Apply);
        File.WriteAllText(Path.Combine(folder, "inspect.workflow.json"), Inspect);
        File.WriteAllText(Path.Combine(folder, "templates", "club.html"), "<h1>登记证书</h1><p>{{ applicant.name }}，证号{{ number }}，有效期自{{ certificate.validFrom | zh_date }}</p>");
        return root;
    }

    private static string Apply => new Flow().Variable("Certificate").Variable("Opened").Add("Elsa.Start", "start")
        .Add("Elsa.Event", "issued", ("eventName", "Issued"))
        .Add("CivilAffairs.IssueCertificate", "issue", ("certificate", "club"), ("template", "club.html"), ("validFrom", "2026-01-15"), ("validTo", "2030-01-14"), ("certificateRef", "-> Certificate"))
        .Add("Elsa.PublishEvent", "tell", ("eventName", "Issued"))
        .Add("CivilAffairs.RenewCertificate", "renew", ("certificate", "club"), ("template", "club.html"), ("validFrom", "2030-01-15"), ("validTo", "2034-01-14"))
        .Add("CivilAffairs.OpenCase", "open", ("matter", Id), ("workflow", "inspect"), ("reason", "每年检查"), ("caseRef", "-> Opened"))
        .Add("CivilAffairs.SuspendCertificate", "suspend", ("certificate", "club"))
        .Add("CivilAffairs.SetStatus", "registered", ("status", "Registered"))
        .Connect("start", "issued").Connect("start", "issue").Connect("issue", "tell")
        .Connect("issued", "renew").Connect("renew", "open").Connect("open", "suspend").Connect("suspend", "registered").ToString();

    private static string Inspect => new Flow().Add("Elsa.Start", "start")
        .Add("CivilAffairs.SetStatus", "investigating", ("status", "Investigating"))
        .Add("CivilAffairs.HumanTask", "visit", ("title", "实地检查"), ("titleEn", "Visit"), ("role", "INV"), ("level", "township"), ("finishWithin", "20wd"), ("outcomes", "[\"Fine\"]"))
        .Add("Elsa.Finish", "end")
        .Connect("start", "investigating").Connect("investigating", "visit").Connect("visit", "end", "Fine").ToString();

    private const string Matter = """
        {"id":"club","name":{"zh":"社团登记","en":"Club"},"family":"organisation","summary":{"zh":"登记","en":"Registration"},
         "applicants":{"who":{"zh":"发起人","en":"Founder"},"where":"hukou","channels":["online"]},
         "roles":[{"code":"APP","level":"village","does":{"zh":"申请","en":"Applies"}},{"code":"INV","level":"township","does":{"zh":"检查","en":"Inspects"}}],
         "certificates":[{"id":"club","name":{"zh":"登记证书","en":"Certificate"},"numbering":"certificate"}],
         "numbering":[{"kind":"certificate","prefix":"社证","name":{"zh":"登记证书","en":"Certificate"}}],
         "retention":[{"keep":"10y","from":"decision","mark":"L","source":"L"}],
         "guide":{"who":[],"bring":[],"steps":[],"duration":{"zh":"即办","en":"At once"},"where":{"zh":"乡镇","en":"Township"},"cost":{"zh":"免费","en":"Free"},"remedy":{"zh":"复议","en":"Review"},"law":[]},
         "workflows":{"apply":"apply.workflow.json","inspect":"inspect.workflow.json"},
         "templates":[{"file":"club.html","kind":"document","name":{"zh":"登记证书","en":"Certificate"}}]}
        """;

    private const string Form = """
        {"place":"founder.village","parties":[{"role":"applicant","section":"founder","name":"fullName","idNumber":"card"}],
         "sections":[{"id":"founder","title":{"zh":"发起人","en":"Founder"},"fields":[
           {"id":"fullName","type":"personName","label":{"zh":"姓名","en":"name"},"required":true,"mask":"name"},
           {"id":"card","type":"idNumber","label":{"zh":"身份证号","en":"ID number"},"required":true,"mask":"id"},
           {"id":"village","type":"division","label":{"zh":"所在村","en":"village"},"required":true}]}]}
        """;
}
