namespace CivilAffairs.Web.Features.Cases.Messages;

internal static class MessageServices
{
    internal static IServiceCollection AddMessages(this IServiceCollection services) => services.AddSingleton<MessageCommands>().AddSingleton<MessageQuery>();
}
