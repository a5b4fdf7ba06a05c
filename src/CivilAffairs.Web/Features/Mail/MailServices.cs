using CivilAffairs.Web.Platform.Jobs;

namespace CivilAffairs.Web.Features.Mail;

internal static class MailServices
{
    internal static IServiceCollection AddMail(this IServiceCollection services) => services
        .AddSingleton<OutboxQueue>()
        .AddSingleton<MailTemplates>()
        .AddSingleton<SubjectContacts>()
        .AddSingleton<LetterMaker>()
        .AddSingleton<MailDispatcher>()
        .AddSingleton<IJob, MailJob>();
}
