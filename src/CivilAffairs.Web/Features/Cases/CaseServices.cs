using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Drafts;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Cases.Web;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Pages;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Cases;

internal static class CaseServices
{
    internal static IServiceCollection AddCases(this IServiceCollection services) => services
        .AddSingleton<CaseVault>()
        .AddSingleton<Queue.QueueQuery>()
        .AddScoped<Refusals>()
        .AddScoped<Words.FieldDisplay>()
        .AddSingleton<DivisionDirectory>()
        .AddSingleton<SiteAddress>()
        .AddSingleton<CaseTemplateData>()
        .AddSingleton<ReminderFacts>()
        .AddSingleton<CaseImages>()
        .AddSingleton<Withdrawals>()
        .AddSingleton<IMailData, CaseMailData>()
        .AddSingleton<ISampleDraw, RandomDraw>()
        .AddSingleton<IEffectHandler, WorkEffects>()
        .AddSingleton<IEffectHandler, CaseEffects>()
        .AddSingleton<IEffectHandler, BenefitEffects>()
        .AddSingleton<IEffectHandler, RegisterEffects>()
        .AddSingleton<IEffectHandler, PaperEffects>()
        .AddSingleton<Subjects.SubjectLedger>()
        .AddSingleton<IEffectHandler, RegisterLookups>()
        .AddSingleton<Subjects.SubjectFiling>()
        .AddSingleton<Comparisons.CaseComparisons>()
        .AddSingleton(p => new Comparisons.ComparisonCommands(p.GetRequiredService<CommandRunner>(), p.GetRequiredService<MatterLibrary>(), p.GetRequiredService<CaseVault>()))
        .AddSingleton<DocumentIssue>()
        .AddSingleton<IEffectHandler, CertificateEffects>()
        .AddSingleton<CaseOpening>()
        .AddSingleton<IEffectHandler, OpenCaseEffects>()
        .AddSingleton<ParameterSnapshots>()
        .AddSingleton<CaseStepper>()
        .AddSingleton<Replay>()
        .AddSingleton<CaseProof>()
        .AddSingleton<CaseLoader>()
        .AddSingleton<TaskRules>()
        .AddSingleton<Filing>()
        .AddSingleton<Offices>()
        .AddSingleton(p => new RecusalCommands(p.GetRequiredService<CommandRunner>(), p.GetRequiredService<Offices>(), p.GetRequiredService<IReader>()))
        .AddSingleton<AccessReasons>()
        .AddScoped(p => new Print.FormPrint(p))
        .AddSingleton<FileCommands>()
        .AddSingleton<Applications>()
        .AddSingleton<PersonCommands>()
        .AddSingleton(p => new DraftCommands(p.GetRequiredService<CommandRunner>(), p.GetRequiredService<CaseLoader>(), p.GetRequiredService<CaseStepper>(),
            p.GetRequiredService<Filing>(), p.GetRequiredService<MatterLibrary>(), p.GetRequiredService<CaseVault>()))
        .AddSingleton(p => new CounterCommands(p.GetRequiredService<CommandRunner>(), p.GetRequiredService<Filing>(), p.GetRequiredService<MatterLibrary>(),
            p.GetRequiredService<CaseVault>(), p.GetRequiredService<KeyRing>(), p.GetRequiredService<FieldCipher>()))
        .AddSingleton(p => new TaskCommands(p.GetRequiredService<CommandRunner>(), p.GetRequiredService<CaseLoader>(), p.GetRequiredService<CaseStepper>(),
            p.GetRequiredService<TaskRules>(), p.GetRequiredService<Filing>()))
        .AddSingleton<Foresight.Rehearsal>()
        .AddScoped<Foresight.ForeseenWords>()
        .AddSingleton(p => new Foresight.DecisionForesight(p.GetRequiredService<IReader>(), p.GetRequiredService<CaseLoader>(), p.GetRequiredService<TaskRules>(), p.GetRequiredService<Foresight.Rehearsal>(), p.GetRequiredService<TimeProvider>()))
        .AddSingleton(p => new CaseEvents(p.GetRequiredService<CommandRunner>(), p.GetRequiredService<CaseLoader>(), p.GetRequiredService<CaseStepper>()))
        .AddSingleton(p => new SubjectCases(p.GetRequiredService<CommandRunner>(), p.GetRequiredService<CaseStepper>(), p.GetRequiredService<Filing>(), p.GetRequiredService<MatterLibrary>(),
            p.GetRequiredService<CaseVault>(), p.GetRequiredService<Subjects.SubjectLedger>(), p.GetRequiredService<Subjects.SubjectFiling>()))
        .AddSingleton(p => new ReviewCommands(p.GetRequiredService<CommandRunner>(), p.GetRequiredService<CaseLoader>(), p.GetRequiredService<CaseStepper>(), p.GetRequiredService<MatterLibrary>()))
        .AddSingleton(p => new Reverifications(p.GetRequiredService<IReader>(), p.GetRequiredService<IWriter>(), p.GetRequiredService<CommandRunner>(), p.GetRequiredService<CaseLoader>(), p.GetRequiredService<CaseOpening>(),
            p.GetRequiredService<CaseStepper>(), p.GetRequiredService<MatterLibrary>(), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<Reverifications>>()))
        .AddSingleton(p => new GrantEnds(p.GetRequiredService<IReader>(), p.GetRequiredService<IWriter>(), p.GetRequiredService<CommandRunner>(), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<GrantEnds>>()))
        .AddSingleton(p => new CalendarChanges(p.GetRequiredService<IReader>(), p.GetRequiredService<IWriter>()))
        .AddSingleton(p => new CaseTimers(p.GetRequiredService<IReader>(), p.GetRequiredService<CommandRunner>(), p.GetRequiredService<CaseLoader>(),
            p.GetRequiredService<CaseStepper>(), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<CaseTimers>>()));
}
