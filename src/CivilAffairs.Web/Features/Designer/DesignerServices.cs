using CivilAffairs.Web.Features.Designer.Drafts;
using CivilAffairs.Web.Features.Designer.Forms;
using CivilAffairs.Web.Features.Designer.Pages;
using CivilAffairs.Web.Features.Designer.Papers;
using CivilAffairs.Web.Features.Designer.Settings;

namespace CivilAffairs.Web.Features.Designer;

internal static class DesignerServices
{
    internal static IServiceCollection AddDesigner(this IServiceCollection services) =>
        services.AddSingleton<MatterDrafts>().AddSingleton<FolderOffers>().AddSingleton<DraftHistory>().AddSingleton<DesignerQuery>().AddScoped<DesignerGuard>().AddTransient<PartSave>().AddSingleton<DesignerLinks>().AddForms().AddHostedService<MatterWatch>()
            .AddSingleton<OpenMatters>().AddSingleton<PaperCommands>().AddSingleton<PaperSamples>().AddSingleton<PaperPreview>()
            .AddSingleton<SettingsCommands>().AddSingleton<NumberPreview>();
}
