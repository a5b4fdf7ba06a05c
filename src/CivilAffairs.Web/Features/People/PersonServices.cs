namespace CivilAffairs.Web.Features.People;

internal static class PersonServices
{
    internal static IServiceCollection AddPersons(this IServiceCollection services) => services.AddSingleton<PersonQuery>().AddScoped<PersonGuard>();
}
