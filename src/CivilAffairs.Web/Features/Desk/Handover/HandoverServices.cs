namespace CivilAffairs.Web.Features.Desk.Handover;

internal static class HandoverServices
{
    internal static IServiceCollection AddHandover(this IServiceCollection services) => services.AddSingleton<HandoverCommands>().AddSingleton<HandoverQuery>();
}
