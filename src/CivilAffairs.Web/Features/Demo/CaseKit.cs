using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Cases.Subjects;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Storage;

namespace CivilAffairs.Web.Features.Demo;

/// <summary>The product's own commands, over another clock.</summary>
internal sealed class CaseKit
{
    public CaseKit(IServiceProvider services, CommandRunner runner, TimeProvider clock)
    {
        T Get<T>() where T : notnull => services.GetRequiredService<T>();
        Drafts = new DraftCommands(runner, Get<CaseLoader>(), Get<CaseStepper>(), Get<Filing>(), Get<MatterLibrary>(), Get<CaseVault>());
        Counter = new CounterCommands(runner, Get<Filing>(), Get<MatterLibrary>(), Get<CaseVault>(), Get<KeyRing>(), Get<FieldCipher>());
        Files = new FileCommands(runner, Get<MatterLibrary>(), Get<CaseVault>(), Get<BlobStore>(), Get<IReader>(), new AccessReasons(runner, Get<CaseVault>()));
        Tasks = new TaskCommands(runner, Get<CaseLoader>(), Get<CaseStepper>(), Get<TaskRules>(), Get<Filing>());
        Events = new CaseEvents(runner, Get<CaseLoader>(), Get<CaseStepper>());
        Reviews = new ReviewCommands(runner, Get<CaseLoader>(), Get<CaseStepper>(), Get<MatterLibrary>());
        Reverifications = new Reverifications(Get<IReader>(), Get<IWriter>(), runner, Get<CaseLoader>(), Get<CaseOpening>(), Get<CaseStepper>(), Get<MatterLibrary>(), clock, Get<ILogger<Reverifications>>());
        Subjects = new SubjectCases(runner, Get<CaseStepper>(), Get<Filing>(), Get<MatterLibrary>(), Get<CaseVault>(), Get<SubjectLedger>(), Get<SubjectFiling>());
        GrantEnds = new GrantEnds(Get<IReader>(), Get<IWriter>(), runner, clock, Get<ILogger<GrantEnds>>());
        Timers = new CaseTimers(Get<IReader>(), runner, Get<CaseLoader>(), Get<CaseStepper>(), clock, Get<ILogger<CaseTimers>>());
    }

    public DraftCommands Drafts { get; }
    public CounterCommands Counter { get; }
    public FileCommands Files { get; }
    public TaskCommands Tasks { get; }
    public CaseEvents Events { get; }
    public ReviewCommands Reviews { get; }
    public Reverifications Reverifications { get; }
    public SubjectCases Subjects { get; }
    public GrantEnds GrantEnds { get; }
    public CaseTimers Timers { get; }
}
