namespace CivilAffairs.Engine.CaseActivities;

/// <summary>The states of the shared life cycle 办件状态 (domain specification, section 5).</summary>
public static class CaseStatuses
{
    public static IReadOnlyList<string> All { get; } =
    [
        "Draft", "Submitted", "Correction", "Accepted", "Investigating", "Reviewing", "Notice", "CountyReview", "Granted", "Refused",
        "Paying", "Registered", "Suspended", "Ended", "NotAccepted", "Withdrawn", "Terminated", "Lapsed", "Review",
    ];
}
