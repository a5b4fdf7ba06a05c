using CivilAffairs.Web.Features.Mail.Choice;
using CivilAffairs.Web.Features.Mail.Office;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Platform.Mail;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Web.Features.Mail;

internal static class MailServices
{
    internal static IServiceCollection AddMail(this IServiceCollection services) => services
        .AddSingleton<OutboxQueue>()
        .AddSingleton<MailTemplates>()
        .AddSingleton<SubjectContacts>()
        .AddSingleton<LetterMaker>()
        .AddSingleton<MailDispatcher>()
        .AddSingleton<MailChoices>()
        .AddSingleton(p => new MailOffice(p.GetRequiredService<CommandRunner>()))
        .AddSingleton(p => new MailOfficeQuery(p.GetRequiredService<IReader>(), p.GetRequiredService<IMailTransport>(), p.GetRequiredService<MatterLibrary>(), p.GetRequiredService<FieldCipher>(), p.GetRequiredService<SubjectContacts>()))
        .AddSingleton<IJob, MailJob>();
}
