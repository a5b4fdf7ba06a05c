namespace CivilAffairs.Web.Features.Designer.Forms;

internal static class FormServices
{
    internal static IServiceCollection AddForms(this IServiceCollection services) => services.AddSingleton<MatterEdits>().AddSingleton<LimitSaves>().AddSingleton<RoleQuery>();
}
