using CivilAffairs.Web.Features.Mail;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Mail.Calls;

internal static class CallServices
{
    internal static IServiceCollection AddCalls(this IServiceCollection services) => services.AddSingleton<CallList>()
        .AddSingleton(p => new CallCommands(p.GetRequiredService<CommandRunner>(), p.GetRequiredService<CallList>(), p.GetRequiredService<LetterMaker>(), p.GetRequiredService<FieldCipher>(), p.GetRequiredService<SubjectContacts>()));
}
