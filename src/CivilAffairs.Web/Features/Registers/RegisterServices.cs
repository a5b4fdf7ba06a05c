namespace CivilAffairs.Web.Features.Registers;

internal static class RegisterServices
{
    internal static IServiceCollection AddRegisters(this IServiceCollection services) => services.AddSingleton<RegisterQuery>();
}
