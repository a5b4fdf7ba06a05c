using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;

namespace CivilAffairs.Web.Features.Cases.Messages;

/// <summary>What holds for messages of every matter (ADR 56).</summary>
internal static class MessageRules
{
    /// <summary>Characters of one message.</summary>
    public const int Longest = 2000;
    public const int MostFiles = 3;

    /// <summary>From one account about one case within 24 hours: enough for a conversation, too little to bury an office.</summary>
    public const int MostADay = 20;

    /// <summary>
    /// Days after a case is closed in which there may still be messages: as long as its outcome can be contested
    /// (行政复议法 article 20, sixty days). Afterwards nobody watches them any more.
    /// </summary>
    public const int DaysAfterClosing = 60;

    /// <summary>Bytes of one request that sends a message.</summary>
    public const int LargestRequest = MostFiles * FileCommands.MaxSize + 1_000_000;

    public static IReadOnlyList<string> Accept { get; } = ["pdf", "jpg", "png"];

    /// <summary>They look on: what they read still waits for who handles the case.</summary>
    private static readonly string[] LookOn = [Roles.DepartmentHead, Roles.Leader, Roles.Supervisor];

    public static MessageSide SideOf(Viewer viewer) => viewer.IsOfficer ? MessageSide.Office : MessageSide.Applicant;

    /// <summary>Whether a message counts as read once it was before this viewer.</summary>
    public static bool Answers(Viewer viewer) => !viewer.IsOfficer || viewer.Held.Any(h => !LookOn.Contains(h.Role) && !Roles.WithoutCases.Contains(h.Role));

    /// <summary>Last day for messages; null: the case is not closed.</summary>
    public static DateOnly? LastDay(Case @case) => @case.ClosedAt is { } closed ? BureauTime.Day(closed).AddDays(DaysAfterClosing) : null;

    /// <exception cref="NotAllowedException">There may be no message about it now.</exception>
    /// <exception cref="CaseErasedException">It was destroyed.</exception>
    public static void RequireOpen(Case @case, DateOnly today)
    {
        if (@case.ErasedAt is not null) throw new CaseErasedException();
        if (@case.Status == "Draft") throw new NotAllowedException("message.draft");
        if (LastDay(@case) < today) throw new NotAllowedException("message.closed", DaysAfterClosing);
    }
}
