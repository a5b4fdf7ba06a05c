using CivilAffairs.Web.Platform.Jobs;

namespace CivilAffairs.Web.Features.Designer.Moves;

internal static class MoveServices
{
    internal static IServiceCollection AddMoves(this IServiceCollection services) => services
        .AddSingleton<MovePlacer>().AddSingleton<MoveRunner>().AddSingleton<MoveCommands>().AddSingleton<MoveQuery>().AddSingleton<MoveTotals>().AddSingleton<IJob, MoveJob>();
}
