using System.Text.Json.Nodes;
using CivilAffairs.Engine.Activities;
using CivilAffairs.Engine.CaseActivities;
using CivilAffairs.Engine.Definitions;
using CivilAffairs.Engine.Expressions;
using CivilAffairs.Engine.Time;
using Cronos;

namespace CivilAffairs.Engine.Checks;

/// <summary>Inputs: the required ones are there, roles exist, durations and limits can be read, every task has its limit or a reason for none.</summary>
internal static class InputCheck
{
    private static readonly string[] LimitInputs = ["startWithin", "finishWithin", "limit", "after"];

    internal static void Run(CheckContext context, ActivityNode activity)
    {
        Stock(context, activity);
        if (CaseActivityCatalogue.Find(activity.Type) is not { } declaration) return;
        foreach (var input in declaration.Inputs)
        {
            if (input.Required && !CheckContext.IsSet(activity, input.Property))
                context.Add(activity, $"“{FlowCheck.Label(activity)}”缺少“{input.Label.Zh}”。", $"'{FlowCheck.Label(activity)}' lacks '{input.Label.En}'.");
            else if (input.Options is { } options && CheckContext.Literal(activity, input.Property) is { Length: > 0 } chosen && !options.Contains(chosen))
                context.Add(activity, $"“{input.Label.Zh}”的值“{chosen}”不在可选范围内（{string.Join("、", options)}）。", $"'{chosen}' is not one of the values of '{input.Label.En}' ({string.Join(", ", options)}).");
            else if (input.Type == "Int32" && CheckContext.Literal(activity, input.Property) is { Length: > 0 } number && !int.TryParse(number, System.Globalization.CultureInfo.InvariantCulture, out _))
                context.Add(activity, $"“{input.Label.Zh}”应是整数，“{number}”不是。", $"'{input.Label.En}' is a whole number, and '{number}' is none.");
            if (input.Property == "parameters" && context.Parameters is { } keys)
                foreach (var key in (CheckContext.LiteralList(activity, "parameters") ?? []).Where(k => !keys.ContainsKey(k)))
                    context.Add(activity, $"“{input.Label.Zh}”中的参数“{key}”，本事项没有。", $"'{input.Label.En}' names the parameter '{key}', which the matter does not have.");
        }
        foreach (var property in LimitInputs)
            if (declaration.Inputs.Any(i => i.Property == property) && CheckContext.Literal(activity, property) is { Length: > 0 } text && !Limits.TryParse(text, out _))
                context.Add(activity, $"期限“{text}”无法识别，请写成 10wd（工作日）、0wd（当日）、7d（自然日）、3M（月）或 none。", $"The limit '{text}' cannot be read; write 10wd, 0wd (the same day), 7d, 3M or none.");
        if (declaration.Type == "CivilAffairs.HumanTask") Task(context, activity);
        if (declaration.Type == "CivilAffairs.Notify") Recipient(context, activity);
        if (declaration.Type == "CivilAffairs.WaitUntil" && CheckContext.IsSet(activity, "date") == CheckContext.IsSet(activity, "limit"))
            context.Add(activity, $"“{FlowCheck.Label(activity)}”应写明等到哪一天，或者等哪个期限过去，二者选一。", $"'{FlowCheck.Label(activity)}' waits for a date or for a limit: one of the two.");
        if (declaration.Type is "CivilAffairs.HumanTask" or "CivilAffairs.ApplicantTask") NoLimit(context, activity);
    }

    private static void Task(CheckContext context, ActivityNode activity)
    {
        if (CheckContext.Literal(activity, "role") is { Length: > 0 } role)
        {
            if (!context.Roles.TryGetValue(role, out var levels))
                context.Add(activity, $"没有人能担任角色“{role}”。", $"Nobody can hold the role '{role}'.");
            else if (CheckContext.Literal(activity, "level") is { Length: > 0 } level && !levels.Contains(level))
                context.Add(activity, $"“{FlowCheck.Label(activity)}”的层级是“{level}”，但角色“{role}”只在这些层级有人担任：{string.Join("、", levels)}。", $"'{FlowCheck.Label(activity)}' is at the level '{level}', but the role '{role}' is held at: {string.Join(", ", levels)}.");
        }
        foreach (var other in CheckContext.LiteralList(activity, "notSameAs") ?? [])
            if (!context.Definition.Activities.Any(a => a.Id == other && a.Type == activity.Type) && context.OtherTasks?.Contains(other) != true)
                context.Add(activity, $"“不得同一人”指向的步骤“{other}”不存在。", $"'Not the same person' names the step '{other}', which does not exist.");
    }

    private static void Recipient(CheckContext context, ActivityNode activity)
    {
        if (CheckContext.Literal(activity, "to") is not { Length: > 0 } to) return;
        if (to.StartsWith("role:", StringComparison.Ordinal) ? !context.Roles.ContainsKey(to[5..]) : to is not ("applicant" or "parties" or "holder" or "supervisor"))
            context.Add(activity, $"“{to}”收不到信件，请写 applicant、parties、holder、supervisor 或“role:”加本事项的角色。", $"Nobody is '{to}'; write applicant, parties, holder, supervisor, or 'role:' and a role of the matter.");
    }

    private static void NoLimit(CheckContext context, ActivityNode activity)
    {
        if (CheckContext.IsSet(activity, "noLimitReason")) return;
        foreach (var property in new[] { "startWithin", "finishWithin" })
        {
            if (CheckContext.Literal(activity, property) is "none")
                context.Add(activity, $"“{FlowCheck.Label(activity)}”不设期限，但没有写明理由。", $"'{FlowCheck.Label(activity)}' has no limit and no reason for it.");
            foreach (var key in ExpressionCheck.ParametersOf(activity, property).Where(k => Json.Text(context.Parameters?.GetValueOrDefault(k)) is "none"))
                context.Add(activity, $"“{FlowCheck.Label(activity)}”的期限取自参数“{key}”，其值为不设期限，但没有写明理由。", $"'{FlowCheck.Label(activity)}' takes its limit from the parameter '{key}', whose value is none, and gives no reason for having no limit.");
        }
    }

    private static void Stock(CheckContext context, ActivityNode activity)
    {
        switch (activity.Type)
        {
            case "Elsa.Cron" when CheckContext.Literal(activity, "cronExpression") is { } cron:
                try
                {
                    Cron.Parse(cron);
                }
                catch (CronFormatException e)
                {
                    context.Add(activity, $"定时表达式“{cron}”无效：{e.Message}", $"The cron expression '{cron}' is invalid: {e.Message}");
                }
                break;
            case "Elsa.Delay" or "Elsa.Timer":
                var property = activity.Type == "Elsa.Delay" ? "timeSpan" : "interval";
                if (CheckContext.Literal(activity, property) is { } span && Values.Duration(span) is not { Ticks: >= 0 })
                    context.Add(activity, $"时长“{span}”无法识别，请写成 时:分:秒 或 天.时:分:秒。", $"The duration '{span}' cannot be read; write hh:mm:ss or d.hh:mm:ss.");
                break;
            case "Elsa.StartAt" when CheckContext.Literal(activity, "dateTime") is { Length: > 0 } at && !DateTimeOffset.TryParse(at, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal, out _):
                context.Add(activity, $"时间“{at}”无法识别，请写成 2026-03-01T09:00:00Z。", $"The time '{at}' cannot be read; write 2026-03-01T09:00:00Z.");
                break;
            case "Elsa.SetVariable":
                var id = Json.Text((activity.Raw["variable"] as JsonObject)?["id"]);
                if (!context.Variables.Any(v => v.Id == id))
                    context.Add(activity, $"要赋值的变量“{id}”不存在。", $"The variable '{id}' to be set does not exist.");
                break;
        }
    }
}
