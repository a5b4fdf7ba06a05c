using System.Text.RegularExpressions;
using CivilAffairs.Tests.Support;
using Xunit;

namespace CivilAffairs.Tests.Architecture;

/// <summary>
/// Whoever reads cases, or what belongs to them, narrows them to what the viewer may see, or stands below with the reason
/// why nobody looks. A list page that forgets the scope fails here before it is ever opened.
/// </summary>
public sealed partial class ScopeGuardTests
{
    private static readonly Dictionary<string, string> Unscoped = new()
    {
        ["Apply/UsualTime.cs"] = "counts days over all decided cases of a matter; tells one number, and none of few",
        ["Cases/CaseMailData.cs"] = "writes the letter of one case, for its parties",
        ["Cases/CaseProof.cs"] = "proves the whole database, from the command line",
        ["Cases/CaseStory.cs"] = "what became of one case that was opened in scope",
        ["Cases/DecisionProof.cs"] = "proves the whole database, from the command line",
        ["Cases/Foresight/DecisionForesight.cs"] = "the benefit of a case whose task was opened in scope",
        ["Cases/Messages/MessageLetters.cs"] = "writes the letters of one message, to who has its case in hand",
        ["Cases/Comparisons/ComparisonReads.cs"] = "what there is elsewhere about one case's parties, for that case's decision; CaseComparisons shows of it what is in scope",
        ["Cases/Commands/CalendarChanges.cs"] = "computes open limits anew, for nobody's eyes",
        ["Cases/Commands/CaseLoader.cs"] = "opens one case by id; each command asks the scope first",
        ["Cases/Commands/Filing.cs"] = "finds a person's open case by matter, to refuse a second",
        ["Cases/Commands/GrantEnds.cs"] = "enters what is over, for nobody's eyes",
        ["Cases/Commands/Offices.cs"] = "asks who is posted for an open task",
        ["Cases/Commands/TaskRules.cs"] = "asks about one task that was opened in scope",
        ["Cases/Commands/Reverifications.cs"] = "opens what is due, for nobody's eyes",
        ["Cases/Commands/SubjectCases.cs"] = "opens what an expired certificate brings, for nobody's eyes",
        ["Cases/Payments/PayExports.cs"] = "writes the lines of a batch that was opened in scope",
        ["Cases/Payments/RosterCommands.cs"] = "asks whether the actor decided a case of a batch that they pay",
        ["Cases/Queue/QueueQuery.cs"] = "OpenInParts is the scope of tasks",
        ["Cases/Steps/CertificateEffects.cs"] = "within one case's decision",
        ["Cases/Steps/CaseTemplateData.cs"] = "within one case's decision",
        ["Cases/Steps/EarlierFindings.cs"] = "within one case's decision, and for a case that was read in scope",
        ["Cases/Steps/GrantFinder.cs"] = "within one case's decision: grants of its own household, and no other",
        ["Cases/Steps/PublishedResults.cs"] = "within one case's decision",
        ["Cases/Steps/RegisterLookups.cs"] = "entries about a case's own parties, within its decision",
        ["Cases/Steps/WorkEffects.cs"] = "within one case's decision",
        ["Cases/Subjects/SubjectFiling.cs"] = "finds the subject of an application, its certificate and its open case, for who may act for it",
        ["Cases/Subjects/SubjectLedger.cs"] = "one subject's versions, for whoever may read or write them",
        ["Designer/Moves/MovePlacer.cs"] = "computes for cases that were read in scope",
        ["Desk/Casefile/RegisterBefore.cs"] = "what the register said of a case that was opened in scope",
        ["Demo/CountyOffice.cs"] = "plays Development's calls",
        ["Demo/CountyYear.cs"] = "plays Development's cases",
        ["Demo/DemoOrganisations.cs"] = "plays Development's organisations",
        ["Demo/DemoSupervision.cs"] = "issues Development's orders",
        ["Demo/StoryPlayer.cs"] = "plays Development's cases",
        ["Documents/DocumentJob.cs"] = "renders what nobody opened, for nobody's eyes",
        ["Documents/Verification.cs"] = "open to everybody who holds a document's code; shows the minimum",
        ["Jobs/Clock/Index.cshtml.cs"] = "Development's clock: numbers and due times alone",
        ["Jobs/StrandedTasksJob.cs"] = "counts what waits, for the page of jobs",
        ["Jobs/NoticeJob.cs"] = "takes notices down, for nobody's eyes",
        ["Mail/SubjectContacts.cs"] = "where an organisation's letters go, for the sender alone",
        ["Mail/Calls/CallList.cs"] = "by post and place, less recusals: who calls sees a letter and no case",
        ["Mail/Office/MailOfficeQuery.cs"] = "numbers of cases whose letters are parked, for administrators",
        ["Overview/OverviewQuery.cs"] = "counts without names, for who leads or supervises the whole county",
        ["Projection/ProjectionSource.cs"] = "copies numbers, times and steps of every instance for another program; nothing about anybody",
        ["PublicBoard/Board.cs"] = "open to everybody: what hangs today",
        ["Registers/Import/LedgerMatch.cs"] = "finds what rows of an import are beside the register; refuses those of another jurisdiction",
        ["Registers/Lines/Few.cs"] = "numbers of the cases of lines that were read in scope",
        ["Reminders/CertificateLooks.cs"] = "takes what is to be looked at off the plan, for nobody's eyes",
        ["Reminders/DeadlineJob.cs"] = "counts what waits, for the page of jobs",
        ["Reminders/Digest/MorningDigest.cs"] = "counts each officer's own work, by his posts",
        ["Reminders/SupervisionWatch.cs"] = "writes letters to whom the rules name, less recusals",
        ["Reminders/DeadlineWatch.cs"] = "writes letters to whom the rules name, less recusals",
        ["Reminders/ExpiryRules.cs"] = "plans next days anew, for nobody's eyes",
        ["Reminders/ExpiryWatch.cs"] = "writes letters to whom the rules name",
        ["Reminders/ReverificationWatch.cs"] = "writes letters to whom the rules name, less recusals",
        ["Retention/CaseEraser.cs"] = "destroys one case that was approved",
    };

    [Fact]
    public void Whoever_reads_cases_asks_the_scope()
    {
        var files = Files().Where(f => Forgets(f.Text)).Select(f => f.Name).Order(StringComparer.Ordinal).ToList();
        Assert.Equal([], files.Except(Unscoped.Keys));
        // What no longer stands in need of an exception loses it.
        Assert.Equal([], Unscoped.Keys.Except(files));
    }

    [Theory]
    [InlineData("var rows = await db.Set<Case>().Take(25).ToListAsync();", true)]
    [InlineData("db.Set<IssuedDocument>().Where(d => d.Id == id)", true)]
    [InlineData("db.Set<Case>().VisibleTo(db, viewer).Take(25)", false)]
    [InlineData("db.Set<Posting>().Take(25)", false)]
    public void The_guard_sees_a_list_that_forgets(string code, bool forgets) => Assert.Equal(forgets, Forgets(code));

    private static bool Forgets(string code) => Reads().IsMatch(code) && !Scoped().IsMatch(code);

    private static IEnumerable<(string Name, string Text)> Files()
    {
        var root = Path.Combine(Repository.Root, "src", "CivilAffairs.Web", "Features");
        foreach (var file in Directory.EnumerateFiles(root, "*.*", SearchOption.AllDirectories).Where(f => f.EndsWith(".cs", StringComparison.Ordinal) || f.EndsWith(".razor", StringComparison.Ordinal)))
            yield return (Path.GetRelativePath(root, file).Replace('\\', '/'), File.ReadAllText(file));
    }

    [GeneratedRegex(@"Set<(Case|WorkTask|Grant|Certificate|IssuedDocument|PublicNotice|Objection|RegisterEntry)>\(\)")]
    private static partial Regex Reads();

    [GeneratedRegex(@"VisibleTo\(|CaseScope\.|InScope\(")]
    private static partial Regex Scoped();
}
