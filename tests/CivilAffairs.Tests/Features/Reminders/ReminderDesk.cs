using CivilAffairs.Engine.Time;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Cases.Subjects;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Reminders;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Account = CivilAffairs.Web.Platform.Security.Account;

namespace CivilAffairs.Tests.Features.Reminders;

/// <summary>A county of its own with its officers, and work with limits, stored as the product stores it.</summary>
internal sealed class ReminderDesk
{
    private static int counties = 341_300;

    private ReminderDesk(TestApp app) => App = app;

    public TestApp App { get; }
    public string County { get; } = $"{Interlocked.Increment(ref counties)}";
    public string Township => County + "101";
    public string Village => Township + "201";
    public Account Holder { get; private set; } = null!;
    public Account Colleague { get; private set; } = null!;
    public Account Supervisor { get; private set; } = null!;
    public Account Approver { get; private set; } = null!;

    public static WorkCalendar Calendar { get; } = Calendars.Load([Path.Combine(AppContext.BaseDirectory, "Data", "calendars")], demoThrough: null).Working;

    public static async Task<ReminderDesk> OpenAsync(TestApp app)
    {
        var desk = new ReminderDesk(app);
        desk.Holder = await desk.OfficerAsync("TRV", desk.Township);
        desk.Colleague = await desk.OfficerAsync("TRV", desk.Township);
        desk.Supervisor = await desk.OfficerAsync("SUP", desk.County);
        desk.Approver = await desk.OfficerAsync("CAP", desk.County);
        await desk.OfficerAsync("TRV", desk.County + "102");
        return desk;
    }

    /// <summary>An officer whose postings began before every day that tests play on.</summary>
    public async Task<Account> OfficerAsync(string role, string division)
    {
        var account = await TestAccounts.OfficerAsync(App, null, new HeldRole(role, division));
        await WriteAsync(db => db.Set<Posting>().Where(p => p.AccountId == account.Id).ExecuteUpdateAsync(s => s.SetProperty(p => p.From, new DateOnly(2020, 1, 1)).SetProperty(p => p.To, (DateOnly?)null)));
        return account;
    }

    /// <summary>Names another officer as the one whom the test is about.</summary>
    public ReminderDesk With(Account holder)
    {
        Holder = holder;
        return this;
    }

    public Case NewCase(LegalClock? clock = null) => new()
    {
        Matter = "rural-dibao", Revision = App.Services.GetRequiredService<MatterLibrary>().Find("rural-dibao")!.Hash, Status = "Reviewing", Number = $"{County}-2026-{Guid.NewGuid():N}"[..20],
        ApplicantName = "张三", County = County, Township = Township, Village = Village, Clock = clock ?? new LegalClock(), WatchOn = clock?.AmberFrom,
    };

    /// <summary>A task that counts from a day.</summary>
    public WorkTask NewTask(Case @case, DateOnly from, string limit = "10wd", Guid? holder = null, string role = "TRV", string? division = null)
    {
        var last = Limits.Compute(limit, from, Calendar);
        return new WorkTask
        {
            CaseId = @case.Id, Matter = @case.Matter, InstanceId = Guid.NewGuid(), BookmarkId = "b", ActivityId = "opinion", Role = role, Division = division ?? Township, TitleZh = "提出初审意见", TitleEn = "Give an opinion",
            Outcomes = "[]", FinishLimit = limit, OpenedOn = from, FinishBy = last.LastDay, AmberFrom = last.AmberFrom, WatchOn = last.AmberFrom, HolderId = holder,
        };
    }

    public Task StoreAsync(params object[] rows) => App.Services.GetRequiredService<IWriter>().WriteAsync((db, _) =>
    {
        db.AddRange(rows);
        return Task.FromResult(0);
    });

    public Task<int> WriteAsync(Func<CivilAffairsDb, Task<int>> work) => App.Services.GetRequiredService<IWriter>().WriteAsync((db, _) => work(db));

    public CivilAffairsDb Read() => App.Services.GetRequiredService<IReader>().Open();

    public DeadlineWatch Watch(DateOnly day, IWriter? writer = null) =>
        new(App.Services.GetRequiredService<IReader>(), writer ?? App.Services.GetRequiredService<IWriter>(), App.Services.GetRequiredService<MatterLibrary>(), Clock(day));

    /// <summary>Runs the watch on a day; other tests of the class share the database.</summary>
    /// <returns>How many letters it wrote about cases of this county.</returns>
    public async Task<int> RunAsync(DateOnly day)
    {
        var before = await LettersAsync();
        await Watch(day).RunAsync(default);
        return await LettersAsync() - before;
    }

    public async Task<int> LettersAsync()
    {
        await using var db = Read();
        return await db.Set<OutboxMessage>().CountAsync(m => db.Set<Case>().Any(c => c.Id == m.CaseId && c.County == County));
    }

    public ReverificationWatch Plans(DateOnly day) => new(App.Services.GetRequiredService<IReader>(), App.Services.GetRequiredService<IWriter>(), App.Services.GetRequiredService<MatterLibrary>(),
        App.Services.GetRequiredService<CivilAffairs.Web.Platform.Divisions.DivisionDirectory>(), App.Services.GetRequiredService<Calendars>(), Clock(day));

    /// <param name="writer">Of the watch; null: the product's.</param>
    /// <param name="opener">Of the cases that it opens; null: the product's.</param>
    public ExpiryWatch Expiry(DateOnly day, IWriter? writer = null, IWriter? opener = null)
    {
        var (clock, services) = (Clock(day), App.Services);
        var cases = new SubjectCases(new CommandRunner(opener ?? services.GetRequiredService<IWriter>(), clock), services.GetRequiredService<CaseStepper>(), services.GetRequiredService<Filing>(),
            services.GetRequiredService<MatterLibrary>(), services.GetRequiredService<CaseVault>(), services.GetRequiredService<SubjectLedger>(), services.GetRequiredService<SubjectFiling>());
        return new ExpiryWatch(services.GetRequiredService<IReader>(), writer ?? services.GetRequiredService<IWriter>(), services.GetRequiredService<MatterLibrary>(), cases, services.GetRequiredService<Calendars>(), clock, services.GetRequiredService<ILogger<ExpiryWatch>>());
    }

    /// <summary>Nine in the morning.</summary>
    public static TimeProvider Clock(DateOnly day) => new StoryClock(new DateTimeOffset(day.ToDateTime(new TimeOnly(1, 0)), TimeSpan.Zero));

    /// <summary>Everything reminded of so far: stage, reader, whether a letter goes.</summary>
    public async Task<IReadOnlyList<(string Stage, Guid Reader, bool Sent)>> RemindersAsync(Guid subject)
    {
        await using var db = Read();
        var rows = await db.Set<Reminder>().Where(r => r.SubjectId == subject).ToListAsync();
        var letters = await db.Set<OutboxMessage>().Where(m => rows.Select(r => r.MessageId).Contains(m.Id)).CountAsync();
        Assert.Equal(letters, rows.Count(r => r.MessageId is not null));
        return [.. rows.Select(r => (r.Stage, r.RecipientId, r.MessageId is not null)).Order()];
    }
}
