namespace CivilAffairs.Web.Features.Desk.Absences;

internal static class AbsenceServices
{
    internal static IServiceCollection AddAbsences(this IServiceCollection services) => services.AddSingleton<AbsenceCommands>().AddSingleton<AbsenceQuery>();
}
