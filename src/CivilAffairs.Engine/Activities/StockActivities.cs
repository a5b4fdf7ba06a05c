using CivilAffairs.Engine.CaseActivities;
using CivilAffairs.Engine.Port;

namespace CivilAffairs.Engine.Activities;

/// <summary>A stock activity of Elsa as the designer shows it.</summary>
/// <param name="Declaration">Type under Elsa's own name; <see cref="ActivityDeclaration.Outcomes"/> are the fixed ports, none means <c>Done</c>.</param>
/// <param name="Group">Where the toolbox lists it.</param>
/// <param name="Embedded">Ports that hold an activity of their own: <c>Body</c>, <c>Then</c>.</param>
/// <param name="IsBrowsable">False: it is drawn where a definition has it, and not offered in the toolbox.</param>
/// <param name="IsTerminal">Its flowchart ends with it.</param>
public sealed record StockActivity(ActivityDeclaration Declaration, LocalText Group, IReadOnlyList<string> Embedded, bool IsBrowsable, bool IsContainer, bool IsTerminal);

/// <summary>
/// The stock activities that this engine runs, declared once for the designer. What each takes and gives is held to its
/// behaviour by a test; an activity that the engine does not run is not here, and cannot be drawn.
/// </summary>
public static class StockActivities
{
    private static readonly LocalText Flow = new("流程", "Flow"), Branching = new("分支", "Branching"), Looping = new("循环", "Looping"), Values = new("数据", "Values"),
        Scheduling = new("计时", "Scheduling"), Events = new("事件与任务", "Events and tasks"), Scripting = new("脚本", "Scripting"), Ending = new("结束与出错", "Ending");

    private static readonly InputDeclaration EventName = In("EventName", "String", "事件名称", "Event name", true), Correlation = In("CorrelationId", "String", "关联编号", "Correlation id"),
        Condition = In("Condition", "Boolean", "条件", "Condition", true);

    /// <summary>In the order of the toolbox.</summary>
    public static IReadOnlyList<StockActivity> All { get; } =
    [
        Of(Flow, "Start", "开始", "Start", "流程从这里开始。", "The flow begins here."),
        Of(Ending, "End", "结束流程图", "End", "本流程图到此结束。", "This flowchart ends here.", terminal: true),
        Of(Ending, "Finish", "办结", "Finish", "整个流程到此结束，其余分支一并停止。", "The whole workflow ends here, and every other branch with it.", terminal: true),
        Of(Branching, "FlowDecision", "判断", "Decision", "条件成立走“True”，不成立走“False”。", "Goes on by True where the condition holds, else by False.", [Condition], ["True", "False"]),
        Of(Branching, "FlowSwitch", "多路判断", "Switch", "依次判断各个条件，走条件成立的出口；都不成立走“Default”。", "Goes on by the cases whose condition holds, by Default where none does.",
            [In("Cases", "System.Collections.Generic.ICollection`1[[Elsa.Workflows.Activities.Flowchart.Models.FlowSwitchCase, Elsa.Workflows.Core]], System.Private.CoreLib", "条件", "Cases", hint: "flow-switch-editor"), Modes], ["Default"]),
        Of(Branching, "FlowFork", "并行分支", "Fork", "每个出口同时进行。", "Every branch goes on at once.", [In("Branches", "List<String>", "分支", "Branches", true, "dynamic-outcomes")]),
        Of(Branching, "FlowJoin", "汇合", "Join", "等待各分支到达后继续：任一（WaitAny）、全部（WaitAll）、已走的全部（WaitAllActive）。", "Goes on once any (WaitAny), all (WaitAll) or all begun (WaitAllActive) branches have come.",
            [In("Mode", "Elsa.Workflows.Activities.Flowchart.Models.FlowJoinMode, Elsa.Workflows.Core", "方式", "Mode", hint: "dropdown", options: ["WaitAny", "WaitAll", "WaitAllActive"])]),
        Of(Branching, "If", "如果", "If", "条件成立执行“Then”，否则执行“Else”。", "Runs Then where the condition holds, else Else.", [Condition], output: "Result", embedded: ["Then", "Else"]),
        Of(Branching, "Switch", "多项选择", "Switch (nested)", "执行条件成立的一项。", "Runs what belongs to the case that holds.",
            [In("Cases", "System.Collections.Generic.ICollection`1[[Elsa.Workflows.Activities.SwitchCase, Elsa.Workflows.Core]], System.Private.CoreLib", "条件", "Cases", hint: "switch-editor"), Modes], output: "Output", embedded: ["Default"]),
        Of(Branching, "Fork", "并行（嵌套）", "Fork (nested)", "同时执行其中各项。", "Runs all it holds at once.", [In("JoinMode", "Elsa.Workflows.ForkJoinMode, Elsa.Workflows.Core", "汇合方式", "Join mode", hint: "dropdown", options: ["WaitAny", "WaitAll"])], browsable: false, container: true),
        Of(Branching, "Parallel", "并行容器", "Parallel", "同时执行其中各项，全部完成后继续。", "Runs all it holds at once and goes on when all are done.", browsable: false, container: true),
        Of(Flow, "Sequence", "顺序", "Sequence", "依次执行其中各项。", "Runs what it holds in turn.", browsable: false, container: true),
        Of(Flow, "Flowchart", "流程图", "Flowchart", "由活动和连线组成的流程图。", "Activities and the connections between them.", embedded: ["Start"], browsable: false, container: true),
        Of(Flow, "FlowNode", "流程节点", "Flow node", "包着一项活动的节点。", "A node around one activity.", embedded: ["Body"]),
        Of(Looping, "ForEach", "逐项循环", "For each", "对每一项依次执行。", "Runs its body for each item in turn.", [In("Items", "Object", "各项", "Items", true)], output: "CurrentValue", embedded: ["Body"]),
        Of(Looping, "ParallelForEach", "逐项并行", "For each, at once", "对每一项同时执行。", "Runs its body for all items at once.", [In("Items", "Object", "各项", "Items", true)], embedded: ["Body"]),
        Of(Looping, "While", "当型循环", "While", "条件成立期间反复执行。", "Runs its body while the condition holds.", [Condition], embedded: ["Body"]),
        Of(Looping, "For", "计数循环", "For", "从起始数到结束数逐次执行。", "Runs its body from one number to another.",
            [In("Start", "Int32", "起始", "Start"), In("End", "Int32", "结束", "End"), In("Step", "Int32", "步长", "Step"), In("OuterBoundInclusive", "Boolean", "含结束数", "Includes the end", hint: "checkbox")], output: "CurrentValue", embedded: ["Body"]),
        Of(Looping, "Break", "跳出循环", "Break", "结束所在的循环。", "Ends the loop it is in.", terminal: true),
        Of(Values, "SetVariable", "设置变量", "Set variable", "给流程变量赋值。", "Gives a variable a value.",
            [In("Variable", "Elsa.Workflows.Memory.Variable, Elsa.Workflows.Core", "变量", "Variable", true, "variable-picker"), In("Value", "Object", "值", "Value")]),
        Of(Values, "SetOutput", "设置输出", "Set output", "给流程的输出赋值。", "Gives an output of the workflow a value.", [In("OutputName", "String", "输出", "Output", true, "output-picker"), In("OutputValue", "Object", "值", "Value")]),
        Of(Values, "SetName", "设置名称", "Set name", "给这次办理取名。", "Names the instance.", [In("Value", "String", "名称", "Name")]),
        Of(Values, "Correlate", "设置关联编号", "Correlate", "给这次办理一个关联编号。", "Gives the instance a correlation id.", [Correlation]),
        Of(Values, "WriteLine", "写一行文字", "Write line", "命令行试运行时显示一行文字。", "Shows a line where a definition is run from the command line.", [In("Text", "String", "文字", "Text")]),
        Of(Scheduling, "Delay", "延时", "Delay", "等待一段时间。", "Waits for a while.", [In("TimeSpan", "TimeSpan", "时长", "Duration", true)]),
        Of(Scheduling, "Timer", "间隔", "Timer", "等待一个间隔。", "Waits for an interval.", [In("Interval", "TimeSpan", "间隔", "Interval", true)]),
        Of(Scheduling, "StartAt", "定时", "Start at", "等到某个时刻。", "Waits for an instant.", [In("DateTime", "DateTimeOffset", "时刻", "Instant", true)]),
        Of(Scheduling, "Cron", "定时表达式", "Cron", "等到定时表达式的下一个时刻。", "Waits for the next time of a cron expression.", [In("CronExpression", "String", "定时表达式", "Cron expression", true)]),
        Of(Events, "Event", "等待事件", "Event", "等到有人发出这个事件。", "Waits for an event.", [EventName], output: "Result"),
        Of(Events, "PublishEvent", "发出事件", "Publish event", "发出一个事件。", "Publishes an event.", [EventName, Correlation, In("IsLocalEvent", "Boolean", "仅限本流程", "Local", hint: "checkbox"), In("Payload", "Object", "内容", "Payload")]),
        Of(Events, "RunTask", "外部任务", "Run task", "请外部程序办理一项任务并等待结果。", "Asks the host for a task and waits for its result.", [In("TaskName", "String", "任务名称", "Task name", true), In("Payload", "ObjectDictionary", "内容", "Payload", hint: "json-editor")], output: "Result"),
        Of(Events, "SendEmail", "发送邮件", "Send e-mail", "发送一封邮件。", "Sends an e-mail.", [In("To", "List<String>", "收件人", "To", hint: "multitext"), In("Subject", "String", "主题", "Subject"), In("Body", "String", "正文", "Body", hint: "multiline")], browsable: false),
        Of(Scripting, "RunJavaScript", "运行脚本", "Run JavaScript", "运行一段 JavaScript。", "Runs JavaScript.", [In("Script", "String", "脚本", "Script", true, "code-editor"), In("PossibleOutcomes", "List<String>", "可能的结果", "Possible outcomes", hint: "dynamic-outcomes")], output: "Result"),
        Of(Ending, "Complete", "完成容器", "Complete", "所在的容器按给定的结果完成。", "The container completes with these outcomes.", [In("Outcomes", "Object", "结果", "Outcomes", hint: "outcome-picker")], terminal: true),
        Of(Ending, "Fault", "报错", "Fault", "流程以错误告终，由管理人员处理。", "The workflow ends with an error that a manager looks at.",
            [In("Code", "String", "代码", "Code"), In("Category", "String", "类别", "Category"), In("FaultType", "String", "错误类型", "Fault type"), In("Message", "String", "说明", "Message")]),
    ];

    private static InputDeclaration Modes => In("Mode", "Elsa.Workflows.SwitchMode, Elsa.Workflows.Core", "方式", "Mode", hint: "dropdown", options: ["MatchFirst", "MatchAny"]);

    /// <summary>Whether the engine runs activities of this type, stock or ours.</summary>
    public static bool Knows(string type) => Catalogue.Knows(type);

    private static StockActivity Of(LocalText group, string type, string zh, string en, string helpZh, string helpEn, IReadOnlyList<InputDeclaration>? inputs = null, IReadOnlyList<string>? outcomes = null,
        string? output = null, IReadOnlyList<string>? embedded = null, bool browsable = true, bool container = false, bool terminal = false) =>
        new(new ActivityDeclaration($"Elsa.{type}", new LocalText(zh, en), new LocalText(helpZh, helpEn), inputs ?? [], outcomes ?? [], output), group, embedded ?? [], browsable, container, terminal);

    private static InputDeclaration In(string name, string type, string zh, string en, bool required = false, string hint = "singleline", IReadOnlyList<string>? options = null) =>
        new(name, type, new LocalText(zh, en), required, hint, options);
}
