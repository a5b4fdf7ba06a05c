namespace CivilAffairs.Web.Features.PublicBoard;

internal static class BoardServices
{
    internal static IServiceCollection AddPublicBoard(this IServiceCollection services) => services.AddSingleton<Board>();
}
