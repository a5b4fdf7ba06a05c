namespace CivilAffairs.Web.Features.Tools;

internal static class ToolServices
{
    internal static IServiceCollection AddTools(this IServiceCollection services) => services.AddSingleton<ToolRules>().AddSingleton<ToolForms>();
}
