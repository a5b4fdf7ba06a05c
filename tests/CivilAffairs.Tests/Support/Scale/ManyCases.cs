using System.Globalization;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Security;

namespace CivilAffairs.Tests.Support.Scale;

/// <summary>
/// A county after many years: nearly every case is closed and all its work done, a few are being worked on. Ids follow
/// from a number, so that tests can name a case; nothing is encrypted, since no query of a list opens anything.
/// </summary>
/// <param name="Cases">How many, the open ones included.</param>
/// <param name="Townships">From <c>341299101</c> on, each with <see cref="Villages"/> villages.</param>
internal sealed record ManyCases(int Cases, int Townships = 20)
{
    public const string County = "341299";
    public const int Villages = 15;
    private static readonly string[] Surnames = ["王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "欧阳"];
    private static readonly string[] Given = ["某", "某甲", "某乙", "某丙", "某丁", "某戊", "某己", "某庚", "某辛", "某壬", "某癸"];
    private static readonly (string Activity, string Role, int Length)[] Steps =
        [("accept", "TCK", 9), ("visit", "INV", 9), ("neighbours", "VIL", 12), ("opinion", "TRV", 9), ("review", "CCK", 6), ("decide", "CAP", 6)];

    /// <summary>Day of which the county is as it is.</summary>
    public DateOnly Today { get; init; } = new(2026, 11, 25);

    /// <summary>Open tasks of one office: the reviewer of a township, or the approver of the county.</summary>
    public Dictionary<string, int> Open { get; init; } = [];

    /// <summary>Who holds every tenth of the open tasks.</summary>
    public Guid Holder { get; init; } = new("00000000-0000-7000-8000-00000000ffff");

    /// <summary>Hash of a published revision, where something opens it.</summary>
    public string Revision { get; init; } = "r";

    /// <summary>Also what no queue looks at: audit, outbox, timers, messages.</summary>
    public bool Whole { get; init; }

    public static string Township(int i) => string.Create(CultureInfo.InvariantCulture, $"{County}{101 + i}");
    public static Guid Id(int kind, int number, int part = 0) => new(number, (short)kind, (short)(0x7000 | part), 0x80, 0, 0, 0, 0, 0, 0, 0);
    public static string IdNumber(int person) => string.Create(CultureInfo.InvariantCulture, $"{County}{new DateOnly(1940, 1, 1).AddDays(person / 1000):yyyyMMdd}{person % 1000:000}0");

    public async Task FillAsync(CivilAffairsDb db, KeyRing ring, bool analyze)
    {
        await using var bulk = await Bulk.StartAsync(db);
        await bulk.WithoutIndexesAsync("register_subjects", "register_entries", "certificates", "cases", "tasks", "case_parties", "persons", "grants", "notices", "audit", "outbox", "timers", "case_messages", "reverifications");
        var open = Open.SelectMany(o => Enumerable.Repeat(o.Key, o.Value)).ToList();
        await bulk.AddAsync(Range().Select(i => CaseOf(i, open.ElementAtOrDefault(i))));
        await bulk.AddAsync(Range().SelectMany(i => TasksOf(i, open.ElementAtOrDefault(i))));
        await bulk.AddAsync(Range().Select(i => new Person
        {
            Id = Id(2, i), NumberHash = ring.IdNumberHash(IdNumber(i)), NumberCipher = "", Name = NameOf(i), PhoneHash = ring.PhoneHash(string.Create(CultureInfo.InvariantCulture, $"139{i:00000000}")), RecordedAt = At(i),
        }));
        await bulk.AddAsync(Range().Select(i => new CaseParty { Id = Id(3, i), CaseId = Id(1, i), PersonId = Id(2, i), Role = PartyRole.Applicant, Sees = true, RecordedAt = At(i) }));
        await bulk.AddAsync(Range().Where(IsGranted(open.Count)).Select(GrantOf));
        await bulk.AddAsync(Range().Where(IsGranted(open.Count)).SelectMany(NoticesOf));
        await bulk.AddAsync([new NumberCounter { Series = "case", Division = County, Year = 2026, Next = Cases + 1 }]);
        if (Whole) await WholeAsync(bulk);
        if (Whole) await bulk.AddAsync(Range().Where(i => i < open.Count ? i % 2 == 0 : i % 10 < 6).Select(i => PlanOf(i, i < open.Count)));
        if (Whole) await OrganisationsAsync(bulk);
        await bulk.FinishAsync(analyze);
    }

    private async Task WholeAsync(Bulk bulk)
    {
        await bulk.AddAsync(Range().SelectMany(i => Enumerable.Range(1, 4).Select(n => new AuditEntry { Chain = Id(1, i).ToString(), Sequence = n, At = At(i).AddDays(n), Action = "task.completed", Details = "{}", Hash = "" })));
        await bulk.AddAsync(Range().Select(i => new OutboxMessage { Id = Id(6, i), CaseId = Id(1, i), MessageId = $"{Id(6, i):N}@x", State = i % 500 == 0 ? OutboxState.Pending : OutboxState.Sent, CreatedAt = At(i), DueAt = At(i) }));
        await bulk.AddAsync(Range().Select(i => new CaseTimer { Id = Id(7, i), CaseId = Id(1, i), InstanceId = Id(5, i), BookmarkId = "t", ActivityId = "t", DueAt = At(i), State = i % 500 == 0 ? TimerState.Waiting : TimerState.Fired }));
        await bulk.AddAsync(Range().Select(i => new AccountUse { Id = Id(36, i), CaseId = Id(1, i), Hash = $"{i / 2:x64}", RecordedAt = At(i) }));
        await bulk.AddAsync(Range().Select(i => new CaseMessage { Id = Id(34, i), CaseId = Id(1, i), Side = i % 3 == 0 ? MessageSide.Office : MessageSide.Applicant, Cipher = [], OccurredOn = Today, RecordedAt = At(i), ReadAt = i % 200 == 1 ? null : At(i).AddDays(1) }));
    }

    /// <summary>Every second case that is being worked on is a re-verification, as was each of the closed ones of a benefit; nobody has begun a few, and a few wait.</summary>
    private PlannedReverification PlanOf(int i, bool open)
    {
        var waits = !open && i % 400 == 0;
        return new() { Id = Id(35, i), CaseId = Id(1, i), GrantId = Id(9, i), Benefit = "dibao", Workflow = "reverify", DueOn = open || waits ? Today.AddDays(i % 60 - 30) : DateOnly.FromDateTime(At(i).UtcDateTime), WatchOn = null, OccurredOn = DateOnly.FromDateTime(At(i).UtcDateTime), RecordedAt = At(i), SettledAt = waits ? null : At(i), OpenedCaseId = waits ? null : Id(1, i) };
    }

    /// <summary>An organisation with one version and its certificate.</summary>
    private async Task OrganisationsAsync(Bulk bulk)
    {
        await bulk.AddAsync(Range().Select(i => new RegisterSubject { Id = Id(30, i), Register = "organisations", KeyHash = $"{i:x64}", Name = $"{NameOf(i)}协会{i}", County = County, Township = Township(i % Townships), CurrentEntryId = Id(31, i), OccurredOn = Today.AddYears(-5), RecordedAt = At(i) }));
        await bulk.AddAsync(Range().Select(i => new RegisterEntry { Id = Id(31, i), Register = "organisations", SubjectId = Id(30, i), County = County, Township = Township(i % Townships), Entry = "{}", ValidFrom = Today.AddYears(-5), OccurredOn = Today.AddYears(-5), RecordedAt = At(i) }));
        await bulk.AddAsync(Range().Select(i => new RegisterEntry { Id = Id(34, i), Register = "marriages", CaseId = Id(1, i), County = County, Entry = "{\"certificate\":\"J\"}", ValidTo = i % 3 == 0 ? Today.AddDays(-1) : null, ValidFrom = DateOnly.FromDateTime(At(i).UtcDateTime), OccurredOn = DateOnly.FromDateTime(At(i).UtcDateTime), RecordedAt = At(i) }));
        Certificate CertificateOf(int kind, int i, DateOnly from, DateOnly last, Guid? renews) => new()
        {
            Id = Id(kind, i), Matter = "so-renewal", Kind = "so-certificate", Number = $"{kind}-{i}", SubjectId = Id(30, i), HolderName = $"协会{i}", County = County, Township = Township(i % Townships),
            ValidFrom = from, ValidTo = last, RenewsId = renews, OccurredOn = from, RecordedAt = At(i), WatchOn = null,
        };
        await bulk.AddAsync(Range().Select(i => CertificateOf(32, i, Today.AddYears(-4), Today.AddDays(i % 2000 - 400), null)));
        // What has ended was renewed, but for a few.
        await bulk.AddAsync(Range().Where(i => i % 2000 < 400 && i % 10 != 0).Select(i => CertificateOf(33, i, Today.AddDays(i % 2000 - 399), Today.AddDays(i % 2000 + 1061), Id(32, i))));
    }

    private IEnumerable<int> Range() => Enumerable.Range(0, Cases);
    private static Func<int, bool> IsGranted(int open) => i => i >= open && i % 10 < 6;
    private static string NameOf(int i) => Surnames[i % Surnames.Length] + Given[i / Surnames.Length % Given.Length] + (i % 7 == 0 ? "文" : "");

    /// <summary>Spread over twelve years; the open ones are this month's.</summary>
    private DateTimeOffset At(int i) => new DateTimeOffset(Today.ToDateTime(new TimeOnly(2, 0)), TimeSpan.Zero).AddDays(-1 - i * 4300L / Cases).AddSeconds(i % 3600);

    private Case CaseOf(int i, string? office)
    {
        var township = office is { Length: 9 } ? office : Township(i % Townships);
        var at = At(i);
        return new Case
        {
            Id = Id(1, i), Number = Case.NumberOf(County, 2026, i + 1), Matter = "rural-dibao", Revision = Revision, Status = office is not null ? "Reviewing" : i % 10 < 6 ? "Granted" : i % 10 < 9 ? "Refused" : "Withdrawn",
            ApplicantName = NameOf(i), County = County, Township = township, Village = $"{township}{201 + i % Villages}", HukouDivision = $"{township}{201 + i % Villages}", ApplicantAccountId = Id(4, i / 2), OriginId = i % 2 == 0 ? Id(1, (i + 1) % Cases) : null,
            CreatedAt = at, SubmittedAt = at, AcceptedOn = DateOnly.FromDateTime(at.UtcDateTime), DecidedAt = office is null ? at.AddDays(30) : null, ClosedAt = office is null ? at.AddDays(31) : null,
            ChangedAt = at.AddDays(31), Version = 9, ChangedBy = "经办",
        };
    }

    private IEnumerable<WorkTask> TasksOf(int i, string? office)
    {
        var township = office is { Length: 9 } ? office : Township(i % Townships);
        var at = At(i);
        for (var n = 0; n < Steps.Length; n++)
        {
            var (activity, role, length) = Steps[n];
            if (office is not null && length != office.Length) continue;
            var mine = office is not null && role == (office.Length == 9 ? "TRV" : "CAP");
            if (office is not null && !mine && n > 3) continue;
            yield return new WorkTask
            {
                Id = Id(10 + n, i), CaseId = Id(1, i), Matter = "rural-dibao", InstanceId = Id(5, i), BookmarkId = activity, ActivityId = activity, Role = role,
                Division = length == 6 ? County : length == 9 ? township : $"{township}{201 + i % Villages}", TitleZh = "办理", TitleEn = "Work", Outcomes = "[\"Done\"]", FinishLimit = "12wd",
                FinishBy = mine ? Today.AddDays(i % 40 - 8) : DateOnly.FromDateTime(at.UtcDateTime).AddDays(20), AmberFrom = mine ? Today.AddDays(i % 40 - 12) : null, WatchOn = mine ? Today.AddDays(i % 40 - 12) : null,
                State = mine ? TaskState.Open : TaskState.Done, HolderId = mine ? (i % 10 == 0 ? Holder : null) : Id(8, i % 50), CreatedAt = at, ClosedAt = mine ? null : at.AddDays(9), Outcome = mine ? null : "Done",
            };
        }
    }

    // Nine of ten benefits ended; the rest is being paid and its result hangs on the board.
    private Grant GrantOf(int i) => new()
    {
        Id = Id(9, i), CaseId = Id(1, i), Matter = "rural-dibao", Benefit = "dibao", PersonId = Id(2, i), HolderName = NameOf(i), County = County, Township = Township(i % Townships),
        Village = $"{Township(i % Townships)}{201 + i % Villages}", AmountFen = 60_000, Persons = 2, FirstMonth = Today.AddMonths(-30), LastMonth = i % 100 < 6 ? null : Today.AddMonths(-3), Parameters = "[]", OccurredOn = DateOnly.FromDateTime(At(i).UtcDateTime), RecordedAt = At(i),
    };

    private IEnumerable<PublicNotice> NoticesOf(int i)
    {
        var day = DateOnly.FromDateTime(At(i).UtcDateTime).AddDays(20);
        PublicNotice Of(int part, string kind, DateOnly? last, DateTimeOffset? down) => new()
        {
            Id = Id(20 + part, i), CaseId = Id(1, i), InstanceId = Id(5, i), Kind = kind, TitleZh = kind, TitleEn = kind, Division = $"{Township(i % Townships)}{201 + i % Villages}",
            FirstDay = day, LastDay = last, Html = "<p></p>", TakenDownAt = down, BookmarkId = part == 0 ? "notice" : null,
        };
        yield return Of(0, "公示", day.AddDays(7), day.AddDays(7) < Today ? At(i) : null);
        if (i % 100 < 6) yield return Of(1, "公布", null, null);
    }
}
