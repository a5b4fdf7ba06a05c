using CivilAffairs.Engine.Port;
using CivilAffairs.Engine.Runtime;

namespace CivilAffairs.Web.Features.Matters;

internal static class MatterServices
{
    internal static IServiceCollection AddMatters(this IServiceCollection services) => services
        .AddSingleton<IWorkflowEngine, WorkflowEngine>()
        .AddSingleton<MatterLibrary>();
}
