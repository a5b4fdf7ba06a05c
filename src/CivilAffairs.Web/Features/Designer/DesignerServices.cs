using CivilAffairs.Web.Features.Designer.Drafts;
using CivilAffairs.Web.Features.Designer.Forms;
using CivilAffairs.Web.Features.Designer.Pages;

namespace CivilAffairs.Web.Features.Designer;

internal static class DesignerServices
{
    internal static IServiceCollection AddDesigner(this IServiceCollection services) =>
        services.AddSingleton<MatterDrafts>().AddSingleton<FolderOffers>().AddSingleton<DesignerQuery>().AddScoped<DesignerGuard>().AddSingleton<DesignerLinks>().AddForms().AddHostedService<MatterWatch>();
}
