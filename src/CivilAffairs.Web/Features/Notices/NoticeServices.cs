namespace CivilAffairs.Web.Features.Notices;

internal static class NoticeServices
{
    internal static IServiceCollection AddNoticeBoard(this IServiceCollection services) => services.AddSingleton<NoticeBoardQuery>();
}
