using CivilAffairs.Tests.Support;

namespace CivilAffairs.Tests.Features.Cases;

/// <summary>
/// A small made-up relief, as a folder: a clerk accepts, an approver decides; the household's later applications adjust or
/// end what it has. It goes by where the hardship happened, and asks where the household is registered beside it.
/// </summary>
internal static class ReliefMatter
{
    public const string Id = "relief-test";

    /// <param name="form">Changes form.json, to see what the check says.</param>
    /// <returns>The folder that holds the matter's folder; the caller removes it.</returns>
    public static string Write(Func<string, string>? form = null)
    {
        var root = Directory.CreateTempSubdirectory("matters-").FullName;
        var folder = Directory.CreateDirectory(Path.Combine(root, Id)).FullName;
        Directory.CreateDirectory(Path.Combine(folder, "templates"));
        File.WriteAllText(Path.Combine(folder, "matter.json"), Matter);
        File.WriteAllText(Path.Combine(folder, "form.json"), (form ?? (f => f))(Form));
        File.WriteAllText(Path.Combine(folder, "apply.workflow.json"), Apply);
        File.WriteAllText(Path.Combine(folder, "reverify.workflow.json"), Reverify);
        File.WriteAllText(Path.Combine(folder, "templates", "notice.html"), "<h1>确认通知书</h1><p>{{ number }}，{{ date | zh_date }}</p>");
        return root;
    }

    /// <summary>What the form's <c>wish</c> says decides what becomes of the case.</summary>
    private static string Apply => new Flow().Variable("Grant").Variable("Answer").Add("Elsa.Start", "start")
        .Add("CivilAffairs.HumanTask", "accept", ("title", "受理"), ("titleEn", "Accept"), ("role", "TCK"), ("level", "township"), ("startWithin", "2wd"),
            ("finishWithin", "js:getParameter('test.byCounty') ? getParameter('test.limit.accept') : '9wd'"), ("outcomes", "[\"Accept\"]"), ("source", "SAL 37"))
        .Add("CivilAffairs.SetStatus", "accepted", ("status", "Accepted"))
        .Add("CivilAffairs.CaseClock", "clock", ("action", "Start"), ("limit", "js:getParameter('test.limit.total')"), ("source", "DB 22"))
        .Add("CivilAffairs.HumanTask", "decide", ("title", "确认"), ("titleEn", "Decide"), ("role", "CAP"), ("level", "county"),
            ("finishWithin", "js:getParameter('test.limit.decide')"), ("outcomes", "[\"Grant\"]"))
        .Add("Elsa.FlowSwitch", "wish").With("wish", "cases", """[{"label":"apply","condition":{"type":"JavaScript","value":"getFact('wish') === 'apply'"}},{"label":"adjust","condition":{"type":"JavaScript","value":"getFact('wish') === 'adjust'"}},{"label":"end","condition":{"type":"JavaScript","value":"getFact('wish') === 'end'"}},{"label":"other","condition":{"type":"JavaScript","value":"getFact('wish') === 'other'"}}]""")
        .Add("CivilAffairs.GrantBenefit", "grant", ("benefit", "relief"), ("amount", "js:getParameter('test.amount')"), ("parameters", "[\"test.amount\"]"), ("grant", "-> Grant"))
        .Add("CivilAffairs.AdjustBenefit", "adjust", ("benefit", "relief"), ("amount", 5000), ("reason", "收入变化"), ("parameters", "[\"test.amount\"]"))
        .Add("CivilAffairs.EndBenefit", "end", ("benefit", "relief"), ("lastMonth", "thisMonth"), ("reason", "不再符合条件"))
        .Add("CivilAffairs.EndBenefit", "other", ("benefit", "relief"), ("grant", "js:getParameter('test.stranger')"), ("lastMonth", "thisMonth"), ("reason", "不再符合条件"))
        .Add("CivilAffairs.RegisterEntry", "register", ("register", "relief"), ("entry", "js:({ reason: 'granted' })"), ("validTo", "2027-12-31"))
        .Add("CivilAffairs.ScheduleReverification", "plan", ("benefit", "relief"), ("workflow", "reverify"), ("after", "12M"))
        .Add("CivilAffairs.OpenCase", "open", ("matter", Id), ("workflow", "reverify"), ("reason", "复核"), ("data", "js:({})"))
        .Add("CivilAffairs.IssueDocument", "paper", ("template", "notice.html"), ("numberKind", "notice"), ("deliver", true))
        .Add("CivilAffairs.SetStatus", "granted", ("status", "Granted"))
        .Connect("start", "accept").Connect("accept", "accepted", "Accept").Connect("accepted", "clock").Connect("clock", "decide").Connect("decide", "wish", "Grant")
        .Connect("wish", "grant", "apply").Connect("wish", "adjust", "adjust").Connect("wish", "end", "end").Connect("wish", "other", "other").Connect("wish", "granted", "Default")
        .Connect("grant", "register").Connect("register", "plan").Connect("plan", "open").Connect("open", "paper")
        .Connect("adjust", "granted").Connect("end", "granted").Connect("other", "granted").Connect("paper", "granted").ToString();

    private static string Reverify => new Flow().Add("Elsa.Start", "start")
        .Add("CivilAffairs.HumanTask", "verify", ("title", "复核"), ("titleEn", "Verify"), ("role", "CAP"), ("level", "county"), ("finishWithin", "20wd"), ("outcomes", "[\"Stop\"]"))
        .Add("CivilAffairs.EndBenefit", "stop", ("benefit", "relief"), ("lastMonth", "thisMonth"), ("reason", "复核"))
        .Add("CivilAffairs.SetStatus", "registered", ("status", "Registered"))
        .Connect("start", "verify").Connect("verify", "stop", "Stop").Connect("stop", "registered").ToString();

    private const string Matter = """
        {"id":"relief-test","name":{"zh":"测试救助","en":"Test relief"},"family":"relief","summary":{"zh":"救助","en":"Relief"},
         "applicants":{"who":{"zh":"本人","en":"Anybody"},"where":"event","channels":["online","counter"],"counterRoles":["TCK"],"recordWithinDays":30},
         "roles":[{"code":"APP","level":"village","does":{"zh":"申请","en":"Applies"}},{"code":"TCK","level":"township","does":{"zh":"受理","en":"Accepts"}},{"code":"CAP","level":"county","does":{"zh":"确认","en":"Decides"}}],
         "parameters":[
           {"key":"test.byCounty","type":"boolean","value":true,"name":{"zh":"县级","en":"County"},"mark":"L","source":"SAL 44"},
           {"key":"test.limit.accept","type":"limit","value":"5wd","name":{"zh":"受理期限","en":"Accept"},"mark":"S","source":"DB 10"},
           {"key":"test.limit.decide","type":"limit","value":"10wd","name":{"zh":"确认期限","en":"Decide"},"mark":"S","source":"DB 20"},
           {"key":"test.limit.total","type":"limit","value":"30wd","name":{"zh":"总期限","en":"Total"},"mark":"S","source":"DB 22"},
           {"key":"test.amount","type":"fen","value":30000,"name":{"zh":"金额","en":"Amount"},"mark":"L","source":"LS"},
           {"key":"test.stranger","type":"code","value":"-","name":{"zh":"编号","en":"Id"},"mark":"L","source":"L"}],
         "benefits":[{"id":"relief","name":{"zh":"测试救助金","en":"Test relief"},"paid":"month"}],
         "registers":[{"id":"relief","name":{"zh":"救助登记","en":"Relief register"},"readers":["CAP"],"source":"LS","mark":"S"}],
         "numbering":[{"kind":"notice","prefix":"测救","name":{"zh":"通知","en":"Notice"}}],
         "retention":[{"keep":"10y","from":"decision","mark":"L","source":"L"}],
         "guide":{"who":[],"bring":[],"steps":[],"duration":{"zh":"即办","en":"At once"},"where":{"zh":"乡镇","en":"Township"},"cost":{"zh":"免费","en":"Free"},"remedy":{"zh":"复议","en":"Review"},"law":[]},
         "workflows":{"apply":"apply.workflow.json","reverify":"reverify.workflow.json"},
         "templates":[{"file":"notice.html","kind":"document","name":{"zh":"确认通知书","en":"Notice"}}]}
        """;

    private const string Form = """
        {"place":"event.village","places":{"hukou":"person.hukou","event":"event.village"},
         "parties":[{"role":"applicant","section":"person","name":"fullName","idNumber":"card"},{"role":"member","section":"others","name":"fullName","idNumber":"card"},{"role":"agent","section":"agent","name":"fullName","idNumber":"card"}],
         "sections":[{"id":"person","title":{"zh":"申请人","en":"Applicant"},"fields":[
             {"id":"fullName","type":"personName","label":{"zh":"姓名","en":"name"},"required":true,"mask":"name"},
             {"id":"card","type":"idNumber","label":{"zh":"身份证号","en":"ID number"},"required":true,"mask":"id"},
             {"id":"hukou","type":"division","label":{"zh":"户籍地","en":"registered at"},"required":true},
             {"id":"wish","type":"choice","label":{"zh":"事由","en":"wish"},"required":true,"options":[{"value":"apply","label":{"zh":"申请","en":"apply"}},{"value":"adjust","label":{"zh":"调整","en":"adjust"}},{"value":"end","label":{"zh":"停发","en":"end"}},{"value":"other","label":{"zh":"其他","en":"other"}}]}]},
           {"id":"event","title":{"zh":"事件","en":"Event"},"fields":[{"id":"village","type":"division","label":{"zh":"发生地","en":"happened at"},"required":true}]},
           {"id":"others","title":{"zh":"家庭成员","en":"Household"},"repeat":{"max":5,"itemTitle":{"zh":"成员","en":"Member"}},"fields":[
             {"id":"fullName","type":"personName","label":{"zh":"姓名","en":"name"},"required":true,"mask":"name"},{"id":"card","type":"idNumber","label":{"zh":"身份证号","en":"ID number"},"required":true,"mask":"id"}]},
           {"id":"agent","title":{"zh":"代理人","en":"Agent"},"fields":[
             {"id":"fullName","type":"personName","label":{"zh":"姓名","en":"name"},"mask":"name"},{"id":"card","type":"idNumber","label":{"zh":"身份证号","en":"ID number"},"mask":"id"}]}],
         "facts":[{"id":"wish","type":"code","expression":"form.person.wish","zh":"事由","en":"Wish"},{"id":"receivedOn","type":"date","expression":"today","zh":"收件","en":"Received"}]}
        """;
}
