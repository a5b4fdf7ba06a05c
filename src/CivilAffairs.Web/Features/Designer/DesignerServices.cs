using CivilAffairs.Web.Features.Designer.Drafts;

namespace CivilAffairs.Web.Features.Designer;

internal static class DesignerServices
{
    internal static IServiceCollection AddDesigner(this IServiceCollection services) => services.AddSingleton<MatterDrafts>();
}
