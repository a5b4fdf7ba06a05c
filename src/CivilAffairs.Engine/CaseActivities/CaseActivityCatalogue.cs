using System.Text.Json.Nodes;
using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Runtime;
using CivilAffairs.Engine.Time;

namespace CivilAffairs.Engine.CaseActivities;

/// <summary>All case activities, declared once. See docs/case-activities.md.</summary>
public static class CaseActivityCatalogue
{
    private static readonly string[] Done = ["Done"];
    private static readonly InputDeclaration Data = In("Data", "Object", "附加数据", "Data", hint: "json-editor");

    private static readonly InputDeclaration[] TaskInputs =
    [
        In("Title", "String", "任务名称", "Title (Chinese)", required: true), In("TitleEn", "String", "任务名称（英文）", "Title (English)"),
        In("Role", "String", "角色", "Role", required: true, hint: "dropdown"),
        In("Level", "String", "层级", "Level", true, "dropdown", ["village", "township", "county"]),
        In("StartWithin", "String", "几日内开始", "Start within"), In("FinishWithin", "String", "几日内办结", "Finish within", required: true),
        In("CountFrom", "String", "起算日", "Count from"), In("NotAfter", "String", "最迟日期", "Not after"), In("NoLimitReason", "String", "不设期限的理由", "Reason for no limit"),
        In("Form", "String", "办理表单", "Form"), In("Outcomes", "List<String>", "办理结果", "Outcomes", true, "dynamic-outcomes"),
        In("NotSameAs", "List<String>", "不得与下列步骤同一人", "Not the same person as in", hint: "json-editor"),
        In("Mode", "String", "办理方式", "Mode", false, "dropdown", ["Single", "All", "Share", "Any", "InOrder"]),
        In("Seats", "Int32", "人数", "Persons"), In("Share", "Int32", "比例（%）", "Share (%)"), In("Source", "String", "依据", "Source"),
    ];

    private static readonly CaseBehaviour[] All =
    [
        new HumanTask(Of("HumanTask", "人工办理", "Human task", "交由有相应职责的工作人员办理。", "Work for an officer who holds the role.", TaskInputs, [], "Result")),
        new ApplicantTask(Of("ApplicantTask", "申请人事项", "Task for the applicant", "请申请人补正、预约或签字。", "Asks the applicant for a correction, appointment or signature.",
            [In("Kind", "String", "类别", "Kind", true, "dropdown", ["Correction", "Appointment", "Signature", "Confirmation"]), In("Title", "String", "名称", "Title (Chinese)", true),
             In("TitleEn", "String", "名称（英文）", "Title (English)"), In("Form", "String", "表单", "Form"), In("FinishWithin", "String", "期限", "Finish within", true),
             In("CountFrom", "String", "起算日", "Count from"), In("NoLimitReason", "String", "不设期限的理由", "Reason for no limit"),
             In("PausesClock", "Boolean", "中止计时", "Pauses the legal clock", hint: "checkbox"), In("Outcomes", "List<String>", "结果", "Outcomes", true, "dynamic-outcomes")], ["Expired"], "Result")),
        new PublicNotice(Of("PublicNotice", "公示", "Public notice", "张贴公示，期内可提异议。", "Posts a notice; objections may be raised while it runs.",
            [In("Template", "String", "模板", "Template", true), In("Kind", "String", "类别", "Kind"), In("Place", "String", "地点", "Place", true, "dropdown", ["village", "township"]),
             In("Days", "Int32", "天数（自然日）", "Days (plain)", true), Data], ["NoObjection", "Objection"], "Result")),
        new WaitUntil(Of("WaitUntil", "等待至", "Wait until", "到该日零时，或者期限最后一日过后继续。", "Goes on at 00:00 of the date, or once the last day of a limit is over.",
            [In("Date", "Object", "日期", "Date"), In("Limit", "String", "期限", "Limit"), In("CountFrom", "String", "起算日", "Count from"), In("Offset", "Int32", "最后一日之后几日", "Days after the last day")], Done)),
        new EligibilityRule(Of("EligibilityRule", "资格条件", "Eligibility rules", "逐条核对条件。", "Checks each rule.", [In("Rules", "Object", "条件", "Rules", true, "json-editor")], ["Eligible", "NotEligible"], "Result")),
        new ComputeBenefit(Of("ComputeBenefit", "核定金额", "Compute benefit", "按公式计算金额（分）。", "Computes the amount in fen.",
            [In("Formula", "Int64", "公式", "Formula", true, "code-editor"), In("Parameters", "List<String>", "所用参数", "Parameters used", hint: "json-editor")], Done, "Amount")),
        new CaseClock(Of("CaseClock", "法定期限", "Legal clock", "开始、延长或停止办理期限；延长后的期限仍自开始之日起算。", "Starts, extends or stops the statutory clock; an extended limit still counts from the start.",
            [In("Action", "String", "动作", "Action", true, "dropdown", ["Start", "Extend", "Stop"]), In("Limit", "String", "期限", "Limit"), In("CountFrom", "String", "起算日", "Count from"), In("Source", "String", "依据", "Source")], Done)),
        new HostMessage(Of("SetStatus", "设置状态", "Set status", "更改办件状态。", "Changes the state of the case.", [In("Status", "String", "状态", "Status", true, "dropdown", CaseStatuses.All), In("On", "String", "日期", "Day")], Done),
            (a, _) => new SetStatus(a.Id, a.Text("Status"), a.Date("On"))),
        new HostMessage(Of("Notify", "通知", "Notify", "按模板发送通知。", "Sends a message from a template.",
            [In("To", "String", "收件人", "To", true), In("Template", "String", "模板", "Template", true), Data], Done),
            (a, _) => new SendNotice(a.Id, a.Text("To"), a.Text("Template"), a.Json("Data"))),
        new HostMessage(Of("PublishResult", "公布", "Publish the result", "长期公布结果，直到待遇或者登记终止。", "Publishes the result for the life of the benefit or of the register entry.",
            [In("Template", "String", "模板", "Template", true), In("Place", "String", "地点", "Place", true, "dropdown", ["village", "township", "county"]),
             In("LeastDays", "Int32", "至少公布天数", "Days at least"), In("Entry", "String", "登记编号", "Entry"), Data], Done),
            (a, _) => new PublishResult(a.Id, a.Text("Template"), a.Text("Place"), a.Whole("LeastDays"), a.Optional("Entry"), a.Json("Data"))),
        new HostMessage(Of("ScheduleReverification", "安排复核", "Schedule re-verification", "安排下一次动态管理。", "Plans the next re-verification.",
            [In("Benefit", "String", "待遇", "Benefit", true), In("Workflow", "String", "流程", "Workflow", true), In("After", "String", "多久以后", "After", true)], Done),
            (a, _) => new ScheduleReverification(a.Id, a.Text("Benefit"), a.Text("Workflow"), Plain(a.Text("After"), a.Day))),
        new HostCall(Of("IssueDocument", "出具文书", "Issue document", "编号并出具文书。", "Issues a numbered document.",
            [In("Template", "String", "模板", "Template", true), In("NumberKind", "String", "文号类别", "Number series", true), In("Deliver", "Boolean", "送达", "Deliver", hint: "checkbox"), Data], Done, "Document"),
            a => new IssueDocument(a.Id, a.BookmarkId, a.Text("Template"), a.Text("NumberKind"), a.Flag("Deliver"), a.Json("Data"))),
        new HostCall(Of("GrantBenefit", "给予待遇", "Grant benefit", "自某月起给予待遇。", "Grants a benefit from a month.",
            [Benefit, In("Amount", "Int64", "月金额（分）", "Amount a month (fen)", true), In("From", "String", "起始月", "From"), In("Until", "String", "终止月", "Until"),
             In("Parameters", "List<String>", "固定的参数", "Parameters frozen", hint: "json-editor"), Data], Done, "Grant"),
            a => new GrantBenefit(a.Id, a.BookmarkId, a.Text("Benefit"), a.Fen("Amount"), a.Month("From"), a.Optional("Until") is null ? null : a.Month("Until"), a.List("Parameters"), a.Json("Data"))),
        new HostCall(Of("AdjustBenefit", "调整待遇", "Adjust benefit", "自某月起改变金额。", "Changes the amount from a month.",
            [Benefit, Grant, In("Amount", "Int64", "月金额（分）", "Amount a month (fen)", true), In("From", "String", "起始月", "From"), Reason,
             In("Parameters", "List<String>", "固定的参数", "Parameters frozen", hint: "json-editor"), Data], Done, "Grant"),
            a => new AdjustBenefit(a.Id, a.BookmarkId, a.Text("Benefit"), a.Optional("Grant"), a.Fen("Amount"), a.Month("From"), a.Text("Reason"), a.List("Parameters"), a.Json("Data"))),
        new HostCall(Of("EndBenefit", "停止待遇", "End benefit", "某月后停发。", "Ends a benefit after a month.", [Benefit, Grant, In("LastMonth", "String", "最后月份", "Last month", true), Reason], Done, "Grant"),
            a => new EndBenefit(a.Id, a.BookmarkId, a.Text("Benefit"), a.Optional("Grant"), a.Month("LastMonth"), a.Text("Reason"))),
        new HostCall(Of("RegisterEntry", "登记", "Register entry", "写入登记簿。", "Writes a register entry.",
            [In("Register", "String", "登记簿", "Register", true), In("Entry", "Object", "内容", "Entry", true, "json-editor"),
             In("ValidFrom", "String", "有效期自", "Valid from"), In("ValidTo", "String", "有效期至", "Valid to")], Done, "EntryRef"),
            a => new WriteRegisterEntry(a.Id, a.BookmarkId, a.Text("Register"), a.Json("Entry"), a.Date("ValidFrom"), a.Date("ValidTo"))),
        new HostCall(Of("FindRegisterEntry", "查登记簿", "Look up a register", "查登记簿中有没有这些当事人的登记。", "Looks for an entry of these parties in a register.",
            [In("Register", "String", "登记簿", "Register", true), In("Subjects", "List<String>", "当事人", "Parties", true, "json-editor")], ["Valid", "Ended", "None"], "Result"),
            a => new FindRegisterEntry(a.Id, a.BookmarkId, a.Text("Register"), a.List("Subjects")),
            result => (string?)(result as JsonObject)?["state"] is "Valid" or "Ended" ? (string)result!["state"]! : "None"),
        new HostCall(Of("EndRegisterEntry", "终止登记", "End a register entry", "登记自某日起不再有效。", "An entry counts no more from a day on.",
            [In("Register", "String", "登记簿", "Register", true), In("Entry", "String", "登记编号", "Entry", true), In("From", "String", "自何日起", "From")], Done, "EntryRef"),
            a => new EndRegisterEntry(a.Id, a.BookmarkId, a.Text("Register"), a.Text("Entry"), a.Date("From"))),
        Certificate("IssueCertificate", "发证", "Issue certificate", "Issue"),
        Certificate("RenewCertificate", "换证", "Renew certificate", "Renew"),
        Certificate("SuspendCertificate", "中止证书", "Suspend certificate", "Suspend"),
        new HostCall(Of("OpenCase", "另立办件", "Open another case", "另立一个办件。", "Opens another case.",
            [In("Matter", "String", "事项", "Matter", true), In("Workflow", "String", "流程", "Workflow", true), Reason, Data], Done, "CaseRef"),
            a => new OpenCase(a.Id, a.BookmarkId, a.Text("Matter"), a.Text("Workflow"), a.Text("Reason"), a.Json("Data"))),
        new HostCall(Of("DrawSample", "抽查", "Draw sample", "按比例随机抽取。", "Draws at random.", [In("Sample", "String", "抽查名称", "Sample", true), In("Percent", "Decimal", "比例（%）", "Percent", true)], ["Selected", "NotSelected"], "Result"),
            a => new DrawSample(a.Id, a.BookmarkId, a.Text("Sample"), a.Percent("Percent")),
            result => (result as JsonObject)?["selected"]?.GetValue<bool>() == true ? "Selected" : "NotSelected"),
    ];

    /// <summary>Every declaration, in the order of the designer's toolbox.</summary>
    public static IReadOnlyList<ActivityDeclaration> Declarations { get; } = [.. All.Select(b => b.Declaration)];

    public static ActivityDeclaration? Find(string type) => Declarations.FirstOrDefault(d => d.Type == type);

    internal static IEnumerable<KeyValuePair<string, Behaviour>> Behaviours => All.Select(b => KeyValuePair.Create(b.Declaration.Type, (Behaviour)b));

    private static InputDeclaration Benefit => In("Benefit", "String", "待遇", "Benefit", true);
    private static InputDeclaration Grant => In("Grant", "String", "待遇编号", "Grant");
    private static InputDeclaration Reason => In("Reason", "String", "理由", "Reason", true);

    private static HostCall Certificate(string type, string zh, string en, string action) => new(
        Of(type, zh, en, $"{zh}。", $"{en}.", [In("Certificate", "String", "证书", "Certificate", true), In("Template", "String", "模板", "Template"),
            In("ValidFrom", "String", "有效期自", "Valid from"), In("ValidTo", "String", "有效期至", "Valid to"), In("ValidFor", "String", "有效年限", "Valid for"), Data], Done, "CertificateRef"),
        a => new ChangeCertificate(a.Id, a.BookmarkId, action, a.Text("Certificate"), a.Optional("Template"), a.Date("ValidFrom"), a.Date("ValidTo") ?? (a.Optional("ValidFor") is { } span ? Plain(span, a.Date("ValidFrom") ?? a.Day).AddDays(-1) : null), a.Json("Data")));

    /// <summary>A planned date is neither rolled nor a limit.</summary>
    private static DateOnly Plain(string text, DateOnly today)
    {
        var span = Limits.Parse(text);
        return span.Unit switch { LimitUnit.Months => today.AddMonths(span.Count), LimitUnit.Years => today.AddYears(span.Count), _ => today.AddDays(span.Count) };
    }

    private static ActivityDeclaration Of(string type, string zh, string en, string helpZh, string helpEn, IReadOnlyList<InputDeclaration> inputs, IReadOnlyList<string> outcomes, string? output = null) =>
        new($"CivilAffairs.{type}", new LocalText(zh, en), new LocalText(helpZh, helpEn), inputs, outcomes, output);

    private static InputDeclaration In(string name, string type, string zh, string en, bool required = false, string hint = "singleline", IReadOnlyList<string>? options = null) =>
        new(name, type, new LocalText(zh, en), required, hint, options);
}
