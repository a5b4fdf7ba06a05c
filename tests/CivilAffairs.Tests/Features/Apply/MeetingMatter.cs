using CivilAffairs.Tests.Support;

namespace CivilAffairs.Tests.Features.Apply;

/// <summary>A small made-up matter, as a folder: an office invites the applicant, who keeps the appointment or asks for another, and then signs an agreement.</summary>
internal static class MeetingMatter
{
    public const string Id = "meeting";

    /// <returns>The folder that holds the matter's folder; the caller removes it.</returns>
    public static string Write()
    {
        var root = Directory.CreateTempSubdirectory("matters-").FullName;
        var folder = Directory.CreateDirectory(Path.Combine(root, Id)).FullName;
        Directory.CreateDirectory(Path.Combine(folder, "templates"));
        File.WriteAllText(Path.Combine(folder, "matter.json"), Matter);
        File.WriteAllText(Path.Combine(folder, "form.json"), Form);
        File.WriteAllText(Path.Combine(folder, "apply.workflow.json"), Apply);
        File.WriteAllText(Path.Combine(folder, "templates", "invitation.html"), "<h1>面谈通知</h1><p>{{ applicant.name }}：请于{{ task.invite.day | zh_date }}到{{ task.invite.room }}面谈。</p>");
        File.WriteAllText(Path.Combine(folder, "templates", "agreement.html"), "<h1>服务协议</h1><p>{{ applicant.name }}同意每季度接受一次探访。</p>");
        return root;
    }

    private static string Apply => new Flow().Add("Elsa.Start", "start")
        .Add("CivilAffairs.HumanTask", "invite", ("title", "安排面谈"), ("titleEn", "Invite"), ("role", "TCK"), ("level", "township"), ("finishWithin", "5wd"), ("form", "invite"), ("outcomes", "[\"Done\"]"))
        .Add("CivilAffairs.IssueDocument", "letter", ("template", "invitation.html"), ("numberKind", "invitation"), ("deliver", true))
        .Add("CivilAffairs.ApplicantTask", "appointment", ("kind", "Appointment"), ("title", "面谈预约"), ("titleEn", "Appointment"), ("form", "appointment"), ("finishWithin", "3wd"), ("outcomes", "[\"Attend\",\"Reschedule\"]"))
        .Add("CivilAffairs.IssueDocument", "agreement", ("template", "agreement.html"), ("numberKind", "agreement"), ("deliver", true))
        .Add("CivilAffairs.ApplicantTask", "sign", ("kind", "Signature"), ("title", "签署服务协议"), ("titleEn", "Sign the agreement"), ("form", "sign"), ("finishWithin", "5wd"), ("outcomes", "[\"Sign\",\"Decline\"]"))
        .Add("CivilAffairs.SetStatus", "registered", ("status", "Registered"))
        .Add("CivilAffairs.SetStatus", "refused", ("status", "Refused"))
        .Add("CivilAffairs.SetStatus", "lapsed", ("status", "Lapsed"))
        .Connect("start", "invite").Connect("invite", "letter").Connect("letter", "appointment")
        .Connect("appointment", "agreement", "Attend").Connect("appointment", "invite", "Reschedule").Connect("appointment", "lapsed", "Expired")
        .Connect("agreement", "sign").Connect("sign", "registered", "Sign").Connect("sign", "refused", "Decline").Connect("sign", "lapsed", "Expired").ToString();

    private const string Matter = """
        {"id":"meeting","name":{"zh":"探访服务","en":"Visiting service"},"family":"register","summary":{"zh":"定期探访","en":"Regular visits"},
         "applicants":{"who":{"zh":"本人","en":"Oneself"},"where":"hukou","channels":["online"]},
         "roles":[{"code":"APP","level":"village","does":{"zh":"申请","en":"Applies"}},{"code":"TCK","level":"township","does":{"zh":"安排","en":"Arranges"}}],
         "numbering":[{"kind":"invitation","prefix":"谈","name":{"zh":"面谈通知","en":"Invitation"}},{"kind":"agreement","prefix":"协","name":{"zh":"服务协议","en":"Agreement"}}],
         "retention":[{"keep":"10y","from":"decision","mark":"L","source":"L"}],
         "guide":{"who":[],"bring":[],"steps":[],"duration":{"zh":"即办","en":"At once"},"where":{"zh":"乡镇","en":"Township"},"cost":{"zh":"免费","en":"Free"},"remedy":{"zh":"复议","en":"Review"},"law":[]},
         "workflows":{"apply":"apply.workflow.json"},
         "templates":[{"file":"invitation.html","kind":"document","name":{"zh":"面谈通知","en":"Invitation"}},{"file":"agreement.html","kind":"document","name":{"zh":"服务协议","en":"Agreement"}}]}
        """;

    private const string Form = """
        {"place":"person.village","parties":[{"role":"applicant","section":"person","name":"fullName","idNumber":"card"}],
         "sections":[{"id":"person","title":{"zh":"本人","en":"Oneself"},"fields":[
           {"id":"fullName","type":"personName","label":{"zh":"姓名","en":"name"},"required":true,"mask":"name"},
           {"id":"card","type":"idNumber","label":{"zh":"身份证号","en":"ID number"},"required":true,"mask":"id"},
           {"id":"village","type":"division","label":{"zh":"所在村","en":"village"},"required":true}]}],
         "taskForms":{
           "invite":{"title":{"zh":"安排面谈","en":"Invite"},"fields":[
             {"id":"day","type":"date","label":{"zh":"面谈日期","en":"Day"},"required":true,"flow":true},
             {"id":"room","type":"text","label":{"zh":"地点","en":"Place"},"required":true}]},
           "appointment":{"title":{"zh":"面谈预约","en":"Appointment"},"shows":["invitation.html"],"fields":[
             {"id":"wished","type":"date","label":{"zh":"希望改到哪一天","en":"Which day suits you"},"required":true,"showWhen":"item.outcome === 'Reschedule'","validators":[{"rule":"notPast"}]}]},
           "sign":{"title":{"zh":"签署服务协议","en":"Sign the agreement"},"shows":["agreement.html"],"fields":[
             {"id":"read","type":"boolean","label":{"zh":"我已阅读上面的协议，同意全部内容","en":"I have read the agreement above and agree to all of it"},"required":true,"showWhen":"item.outcome === 'Sign'","validators":[{"rule":"mustBeTrue"}]},
             {"id":"signature","type":"personName","label":{"zh":"签名（输入您的姓名）","en":"Signature (type your name)"},"required":true,"mask":"name","showWhen":"item.outcome === 'Sign'",
              "validators":[{"rule":"js","value":"item.signature === form.person.fullName","message":{"zh":"签名要与申请人的姓名一致。","en":"The signature must be the applicant's name."}}]}]}}}
        """;
}
