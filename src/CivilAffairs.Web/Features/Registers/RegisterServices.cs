using CivilAffairs.Web.Features.Registers.Import;
using CivilAffairs.Web.Features.Registers.Subjects;
using CivilAffairs.Web.Platform.Jobs;

namespace CivilAffairs.Web.Features.Registers;

internal static class RegisterServices
{
    internal static IServiceCollection AddRegisters(this IServiceCollection services) => services
        .AddSingleton<RegisterQuery>()
        .AddSingleton<SubjectQuery>()
        .AddSingleton<RegisterAccesses>()
        .AddScoped<SubjectWorkbook>()
        .AddSingleton<LedgerImports>()
        .AddSingleton<LedgerWorkbooks>()
        .AddSingleton<IJob, LedgerImportJob>();
}
