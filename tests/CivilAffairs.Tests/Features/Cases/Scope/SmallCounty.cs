using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Cases.Scope;

/// <summary>A generated county: two townships of two villages, cases in them with everything the scope looks at, and people of every kind.</summary>
internal sealed class SmallCounty
{
    private const string County = "341299";
    private static readonly string[] Villages = ["341299811201", "341299811202", "341299812201", "341299812202"];
    private static readonly string[] Divisions = [County, "341299811", "341299812", .. Villages];
    private static readonly string[] Statuses = ["Draft", "Submitted", "Accepted", "Investigating", "Granted", "Refused", "Withdrawn"];
    private readonly Random random = new(20261125);

    public List<Viewer> Officers { get; } = [];
    public List<Viewer> Applicants { get; } = [];
    public List<Case> Cases { get; } = [];
    public List<WorkTask> Tasks { get; } = [];
    public List<Grant> Grants { get; } = [];
    public List<CaseParty> Parties { get; } = [];
    public List<CaseRecusal> Recusals { get; } = [];
    public List<CaseFile> Files { get; } = [];
    public IEnumerable<Viewer> Everybody => [.. Officers, .. Applicants];

    /// <summary>Generates the county and stores it.</summary>
    public static async Task<SmallCounty> StoreAsync(TestApp app)
    {
        var county = new SmallCounty();
        var (ring, cipher) = (app.Services.GetRequiredService<KeyRing>(), app.Services.GetRequiredService<FieldCipher>());
        var (vault, store) = (app.Services.GetRequiredService<CaseVault>(), app.Services.GetRequiredService<BlobStore>());
        var persons = Enumerable.Range(0, 6).Select(_ => Persons.New(ring, cipher, TestAccounts.IdNumber(), "某人", DateTimeOffset.UtcNow)).ToList();
        county.People(persons);
        county.Work(app.Services.GetRequiredService<MatterLibrary>().Find("rural-dibao")!, persons);
        await app.Services.GetRequiredService<IWriter>().WriteAsync((db, _) =>
        {
            db.AddRange(persons);
            db.AddRange(county.Cases);
            foreach (var @case in county.Cases)
            {
                var key = vault.Create(db, @case.Id);
                county.Files.Add(new CaseFile
                {
                    CaseId = @case.Id, Slot = "diagnosis", ContentType = "application/pdf", Size = 5, NameCipher = key.SealText("a.pdf", "file.name"), RecordedAt = @case.CreatedAt,
                    StoredHash = store.Put(key.Seal("%PDF-"u8, "file.diagnosis")),
                });
            }
            db.AddRange(county.Files);
            db.AddRange(county.Tasks);
            db.AddRange(county.Grants);
            db.AddRange(county.Parties);
            db.AddRange(county.Recusals);
            return Task.FromResult(0);
        });
        return county;
    }

    // Every role in every division alone, then mixtures, then nobody's officer.
    private void People(List<Person> persons)
    {
        foreach (var role in Roles.All)
            foreach (var division in Divisions) Officers.Add(Officer(new HeldRole(role, division)));
        for (var i = 0; i < 40; i++) Officers.Add(Officer([.. Enumerable.Range(0, random.Next(2, 5)).Select(_ => new HeldRole(Any(Roles.All), Any(Divisions)))]));
        Officers.Add(Officer());
        // Deputies: with posts of their own and without, for one absent officer and for two.
        var absent = Officers.ToList();
        for (var i = 0; i < 40; i++)
            Officers.Add(Officer([.. Enumerable.Range(0, random.Next(3)).Select(_ => new HeldRole(Any(Roles.All), Any(Divisions)))]) with
            {
                ActsFor = [.. Enumerable.Range(0, random.Next(1, 3)).Select(_ => Any(absent)).DistinctBy(a => a.AccountId).Select(a => new ActedFor(a.AccountId, a.Name, a.Held))],
            });
        foreach (var person in persons) Applicants.Add(new Viewer(Guid.NewGuid(), "申请人", AccountKind.Applicant, [], person.Id));
        Applicants.Add(new Viewer(Guid.NewGuid(), "申请人", AccountKind.Applicant, []));
    }

    private void Work(MatterRevision revision, List<Person> persons)
    {
        for (var i = 0; i < 70; i++)
        {
            var village = Any(Villages);
            var online = random.Next(2) == 0;
            var @case = new Case
            {
                Matter = revision.Matter.Id, Revision = revision.Hash, Status = Any(Statuses), County = County, Township = village[..9], Village = village,
                Channel = online ? Channel.Online : Channel.Counter, ApplicantAccountId = online ? Any(Applicants).AccountId : null, FiledById = online ? null : Any(Officers).AccountId,
                CreatedAt = DateTimeOffset.UtcNow, ChangedAt = DateTimeOffset.UtcNow,
            };
            Cases.Add(@case);
            if (random.Next(2) == 0) Parties.Add(new CaseParty { CaseId = @case.Id, PersonId = Any(persons).Id, Role = Any(Enum.GetValues<PartyRole>()), Current = random.Next(4) > 0, Sees = random.Next(2) == 0 });
            if (@case.Status == "Draft") continue;
            for (var t = random.Next(5); t > 0; t--) Tasks.Add(Seat(@case));
            if (random.Next(3) == 0) Grants.Add(new Grant { CaseId = @case.Id, Matter = @case.Matter, Benefit = "dibao", HolderName = "某人", County = County, Parameters = "[]" });
            foreach (var officer in Officers.Where(_ => random.Next(60) == 0)) Recusals.Add(new CaseRecusal { CaseId = @case.Id, AccountId = officer.AccountId, Reason = "近亲属" });
        }
    }

    // As the stepper makes them: a task's division is a place of its case.
    private WorkTask Seat(Case @case)
    {
        var role = Any(Roles.All);
        var division = Any([@case.County, @case.Township!, @case.Village!]);
        var state = Any(Enum.GetValues<TaskState>());
        var holder = random.Next(3) == 0 ? Officers.Where(o => o.Holds(role, division)).OrderBy(_ => random.Next()).FirstOrDefault() : null;
        return new WorkTask
        {
            CaseId = @case.Id, InstanceId = Guid.NewGuid(), BookmarkId = "b", ActivityId = "a", Role = role, Division = division, TitleZh = "办理", TitleEn = "Work",
            Outcomes = "[]", FinishLimit = "none", State = state, HolderId = state == TaskState.Open ? holder?.AccountId : null, CreatedAt = @case.CreatedAt,
        };
    }

    private T Any<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];

    private static Viewer Officer(params HeldRole[] held) => new(Guid.NewGuid(), "干部", AccountKind.Officer, held);
}
