using CivilAffairs.Engine.Runtime;

namespace CivilAffairs.Engine.Activities;

/// <summary>The activity types this engine runs.</summary>
internal static class Catalogue
{
    private static readonly UnknownActivity Unknown = new();
    private static readonly Dictionary<string, Behaviour> Behaviours = new(StringComparer.Ordinal)
    {
        ["Elsa.Start"] = new Start(), ["Elsa.Finish"] = new Finish(), ["Elsa.End"] = new End(), ["Elsa.Fault"] = new Fault(),
        ["Elsa.Complete"] = new Complete(), ["Elsa.Break"] = new Break(),
        ["Elsa.FlowDecision"] = new FlowDecision(), ["Elsa.FlowSwitch"] = new FlowSwitch(), ["Elsa.FlowFork"] = new FlowFork(),
        ["Elsa.FlowJoin"] = new FlowJoin(), ["Elsa.FlowNode"] = new FlowNode(), ["Elsa.Flowchart"] = new Flowchart(),
        ["Elsa.If"] = new If(), ["Elsa.Switch"] = new Switch(), ["Elsa.Sequence"] = new Sequence(), ["Elsa.Fork"] = new Fork(),
        ["Elsa.Parallel"] = new Parallel(), ["Elsa.ForEach"] = new ForEach(), ["Elsa.ParallelForEach"] = new ParallelForEach(),
        ["Elsa.While"] = new While(), ["Elsa.For"] = new For(),
        ["Elsa.SetVariable"] = new SetVariable(), ["Elsa.SetName"] = new SetName(), ["Elsa.SetOutput"] = new SetOutput(),
        ["Elsa.Correlate"] = new Correlate(), ["Elsa.RunJavaScript"] = new RunJavaScript(), ["Elsa.WriteLine"] = new WriteLine(),
        ["Elsa.Delay"] = new Delay("TimeSpan"), ["Elsa.Timer"] = new Delay("Interval"), ["Elsa.StartAt"] = new StartAt(), ["Elsa.Cron"] = new Cron(),
        ["Elsa.Event"] = new Event(), ["Elsa.PublishEvent"] = new PublishEvent(), ["Elsa.RunTask"] = new RunTask(), ["Elsa.SendEmail"] = new SendEmailActivity(),
    };

    static Catalogue()
    {
        foreach (var (type, behaviour) in CaseActivities.CaseActivityCatalogue.Behaviours) Behaviours[type] = behaviour;
    }

    internal static bool Knows(string type) => Behaviours.ContainsKey(type);
    internal static Behaviour Behaviour(string type) => Behaviours.GetValueOrDefault(type, Unknown);
}
