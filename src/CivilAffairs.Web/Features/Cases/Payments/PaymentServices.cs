using CivilAffairs.Web.Features.Cases.Payments.Layouts;
using CivilAffairs.Web.Platform.Data;

namespace CivilAffairs.Web.Features.Cases.Payments;

internal static class PaymentServices
{
    internal static IServiceCollection AddPayments(this IServiceCollection services) => services.AddSingleton<PayVault>().AddSingleton<PayBooks>().AddSingleton<RosterCommands>().AddSingleton<PayeeCommands>()
        .AddSingleton<RosterQuery>().AddSingleton<LedgerQuery>().AddSingleton(provider => PayLayouts.Of(provider.GetRequiredService<DataFolder>())).AddSingleton<PayExports>().AddSingleton<PayResults>();
}
