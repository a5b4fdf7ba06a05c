using System.Globalization;
using System.Text.Json.Nodes;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Steps;
using CivilAffairs.Web.Features.Cases.Subjects;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using Microsoft.EntityFrameworkCore;

namespace CivilAffairs.Web.Features.Demo;

/// <summary>
/// Social organisations 社会组织 of the fictional county: as an import of their ledger leaves them; some of their
/// certificates run out soon, one is renewed, one is being renewed, one is to be put right and one stands in the list.
/// </summary>
internal sealed class DemoOrganisations(IServiceProvider services, Func<WorkTask, string, Viewer> officer, IReadOnlyDictionary<string, string> done)
{
    private const string Register = "organisations";
    private readonly StoryDays days = new(services.GetRequiredService<Calendars>().Working);

    /// <param name="Ends">Days from today to the last day of its certificate.</param>
    /// <param name="Story">What became of it.</param>
    private sealed record Demo(string Name, string Begin, int Ends, string Seat, string? Story = null);

    private static readonly Demo[] All =
    [
        new("临河县茶文化协会", "51", 25, "341299101201"), new("临河县夕阳红养老服务中心", "52", 55, "341299102"), new("临河县青河书画协会", "51", 85, "341299101"),
        new("临河县阳光托育中心", "52", -12, "341299101202", "expired"), new("临河县志愿者协会", "51", 10, "341299102201", "granted"), new("临河县农机服务协会", "51", 31, "341299102202", "visit"),
        new("临河县民间文艺协会", "51", -70, "341299101203", "listed"), new("临河县乡村阅读协会", "51", 700, "341299102203"), new("临河县东山社工服务中心", "52", 1100, "341299102"),
    ];

    /// <summary>How many cases there are about them.</summary>
    public static int Cases => All.Count(o => o.Story is not null);

    /// <summary>Identity number of the one whose certificate runs out first: the demo representative's.</summary>
    public static string RepresentativeNumber => NumberOf(0);

    public async Task RunAsync(Viewer clerk, DateOnly today, DateTimeOffset now, CancellationToken cancel)
    {
        await EnterAsync(today, now, cancel);
        var (ledger, reader) = (services.GetRequiredService<SubjectLedger>(), services.GetRequiredService<IReader>());
        foreach (var (demo, i) in All.Select((d, i) => (d, i)))
        {
            if (demo.Story is null) continue;
            await using var db = reader.Open();
            var subject = await ledger.FindAsync(db, Register, CodeOf(i), cancel) ?? throw new InvalidOperationException($"{demo.Name} was not entered.");
            await PlayAsync(demo, i, subject, await db.Set<Certificate>().SingleAsync(c => c.SubjectId == subject.Id && c.RenewsId == null, cancel), clerk, today, now);
        }
    }

    private async Task PlayAsync(Demo demo, int number, RegisterSubject subject, Certificate certificate, Viewer clerk, DateOnly today, DateTimeOffset now)
    {
        var library = services.GetRequiredService<MatterLibrary>();
        if (demo.Story is "granted" or "visit")
        {
            // Applied for a good month before the end, on a working day.
            var renewal = library.Find("so-renewal")!;
            var example = days.Move(renewal.Examples["granted.json"], days.Add(today.AddDays(demo.Story == "granted" ? -28 : -6), -1), demo.Story == "visit" ? "siteCheck" : null, 0, new Random(number));
            example = example with { Form = await FormAsync(renewal, example, subject) };
            await new StoryPlayer(services, new StoryClock(example.At), officer, NameOf(number), done, days).PlayAsync(renewal, example, clerk, now);
            return;
        }
        var rectification = library.Find("so-rectification")!;
        var at = new DateTimeOffset(certificate.ValidTo!.Value.AddDays(1).ToDateTime(new TimeOnly(0, 0)), TimeSpan.Zero);
        var story = days.Move(rectification.Examples["listed.json"], BureauTime.Day(at), null, 0, new Random(number));
        var clock = new StoryClock(at);
        T Get<T>() where T : notnull => services.GetRequiredService<T>();
        var cases = new SubjectCases(new CommandRunner(Get<IWriter>(), clock), Get<CaseStepper>(), Get<Filing>(), library, Get<CaseVault>(), Get<SubjectLedger>(), Get<SubjectFiling>());
        await cases.OpenForCertificateAsync(certificate.Id, rectification.Matter.Id, "apply", "certificateExpired");
        await using var db = Get<IReader>().Open();
        var opened = await db.Set<CertificateOpening>().Where(o => o.CertificateId == certificate.Id).Select(o => o.CaseId).SingleAsync();
        await new StoryPlayer(services, clock, officer, NameOf(number), done, days).GoOnAsync(opened, story with { At = at }, clerk, now);
    }

    /// <summary>What the register knows, with the declaration that people add.</summary>
    private async Task<JsonObject> FormAsync(MatterRevision revision, ExampleFile example, RegisterSubject subject)
    {
        await using var db = services.GetRequiredService<IReader>().Open();
        var form = SubjectForms.Filled(revision.Form, await services.GetRequiredService<SubjectLedger>().CurrentAsync(db, subject));
        foreach (var section in new[] { "standing", "declaration" }) form[section] = example.Form[section]!.DeepClone();
        form["declaration"]!["signature"] = form["people"]!["legalRep"]!.DeepClone();
        return form;
    }

    /// <summary>Each with the certificate it holds, as an import leaves them.</summary>
    private Task<bool> EnterAsync(DateOnly today, DateTimeOffset now, CancellationToken cancel)
    {
        var (ledger, register) = (services.GetRequiredService<SubjectLedger>(), services.GetRequiredService<MatterLibrary>().Subjects(Register)!.Value.Register);
        return services.GetRequiredService<IWriter>().WriteAsync(async (db, _) =>
        {
            // All of them come in one transaction.
            if (await ledger.FindAsync(db, Register, CodeOf(0), cancel) is not null) return false;
            foreach (var (demo, i) in All.Select((d, i) => (d, i)))
            {
                var (last, years) = (today.AddDays(demo.Ends), demo.Begin == "51" ? 5 : 4);
                var from = last.AddDays(1).AddYears(-years);
                var subject = ledger.New(db, register, CodeOf(i), from, now);
                await ledger.EnterAsync(db, register, subject, FieldsOf(demo, i), new RegisterEntry { Register = Register, Entry = "{}", ValidFrom = from, OccurredOn = from, RecordedAt = now });
                db.Add(new Certificate
                {
                    Matter = "so-renewal", Kind = "so-certificate", Number = string.Create(CultureInfo.InvariantCulture, $"临社证字第{i + 1:0000}号"), SubjectId = subject.Id, HolderName = subject.Name,
                    County = subject.County, Township = subject.Township, Village = subject.Village, ValidFrom = from, ValidTo = last, OccurredOn = from, RecordedAt = now,
                });
            }
            return true;
        }, cancel);
    }

    private static JsonObject FieldsOf(Demo demo, int number) => new()
    {
        ["uscc"] = CodeOf(number), ["name"] = demo.Name, ["type"] = demo.Begin == "51" ? "association" : "nonEnterprise", ["seat"] = demo.Seat, ["address"] = $"临河县文化路{number + 1}号", ["scope"] = $"{demo.Name[3..]}章程规定的活动。",
        ["legalRep"] = Names[number], ["legalRepId"] = NumberOf(number), ["legalRepPhone"] = $"138000001{number:00}", ["email"] = $"organisation{number + 1}@example.invalid",
        ["unit"] = demo.Begin == "51" ? "临河县文化和旅游局" : "临河县民政局", ["unitEmail"] = demo.Begin == "51" ? "culture@example.invalid" : "bureau@example.invalid",
    };

    internal static readonly string[] Names = ["茶永年", "孟夕阳", "柯青墨", "童心悦", "洪志远", "田农生", "曲民谣", "文乡音", "社东山"];

    private static string NumberOf(int number) => Households.Another("341299197001010117", 2000 + number);

    private static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"demo.organisation.{number}");

    private static string CodeOf(int number) => Codes.Organisation(All[number].Begin, 2001 + number);
}
