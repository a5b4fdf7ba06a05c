using CivilAffairs.Web.Features.Registers.Benefits;
using CivilAffairs.Web.Features.Registers.Expiring;
using CivilAffairs.Web.Features.Registers.Import;
using CivilAffairs.Web.Features.Registers.Lines;
using CivilAffairs.Web.Features.Registers.Subjects;
using CivilAffairs.Web.Platform.Jobs;

namespace CivilAffairs.Web.Features.Registers;

internal static class RegisterServices
{
    internal static IServiceCollection AddRegisters(this IServiceCollection services) => services
        .AddSingleton<BenefitLines>()
        .AddSingleton<CertificateLines>()
        .AddSingleton<EntryLines>()
        // In the order in which they are listed.
        .AddSingleton<ILineSource>(s => s.GetRequiredService<BenefitLines>())
        .AddSingleton<ILineSource>(s => s.GetRequiredService<CertificateLines>())
        .AddSingleton<ILineSource>(s => s.GetRequiredService<EntryLines>())
        .AddSingleton<LineQuery>()
        .AddSingleton<ExpiringQuery>()
        .AddSingleton<BenefitsQuery>()
        .AddSingleton<GrantQuery>()
        .AddScoped<LineWords>()
        .AddSingleton<SubjectQuery>()
        .AddSingleton<RegisterQuery>()
        .AddSingleton<RegisterAccesses>()
        .AddScoped<RegisterWorkbook>()
        .AddSingleton<LedgerImports>()
        .AddSingleton<LedgerWorkbooks>()
        .AddSingleton<IJob, LedgerImportJob>();
}
