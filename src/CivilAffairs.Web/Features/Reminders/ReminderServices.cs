using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Reminders.Digest;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Jobs;
using CivilAffairs.Web.Platform.Time;

namespace CivilAffairs.Web.Features.Reminders;

internal static class ReminderServices
{
    internal static IServiceCollection AddReminders(this IServiceCollection services) => services
        .AddSingleton(p => new DeadlineWatch(p.GetRequiredService<IReader>(), p.GetRequiredService<IWriter>(), p.GetRequiredService<MatterLibrary>(), p.GetRequiredService<TimeProvider>()))
        .AddSingleton(p => new ReverificationWatch(p.GetRequiredService<IReader>(), p.GetRequiredService<IWriter>(), p.GetRequiredService<MatterLibrary>(), p.GetRequiredService<DivisionDirectory>(),
            p.GetRequiredService<Calendars>(), p.GetRequiredService<TimeProvider>()))
        .AddSingleton(p => new ExpiryWatch(p.GetRequiredService<IReader>(), p.GetRequiredService<IWriter>(), p.GetRequiredService<MatterLibrary>(), p.GetRequiredService<SubjectCases>(),
            p.GetRequiredService<Calendars>(), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<ExpiryWatch>>()))
        .AddSingleton<SupervisionWatch>()
        .AddSingleton(p => new MorningDigest(p.GetRequiredService<IReader>(), p.GetRequiredService<IWriter>(), p.GetRequiredService<Calendars>(), p.GetRequiredService<TimeProvider>()))
        .AddSingleton<IJob, DigestJob>()
        .AddSingleton<IJob, DeadlineJob>()
        .AddSingleton<IJob, ExpiryJob>()
        .AddSingleton<IJob, ReverificationPlanJob>();
}
