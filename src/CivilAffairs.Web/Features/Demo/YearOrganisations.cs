using System.Globalization;
using System.Text.Json.Nodes;
using CivilAffairs.Engine.Rules;
using CivilAffairs.Web.Features.Cases.Subjects;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Registers.Import;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Security;
using CivilAffairs.Web.Platform.Time;
using MiniExcelLibs;

namespace CivilAffairs.Web.Features.Demo;

/// <summary>
/// Organisations 社会组织 of the county's year: their ledger came in as an Excel table when the year began; certificates ran
/// out since then, were renewed, refused or rectified, and some run out soon.
/// </summary>
/// <param name="today">Working days count back from here.</param>
internal sealed class YearOrganisations(IServiceProvider services, StoryClock clock, StoryDays days, DemoSeats seats, IReadOnlyDictionary<string, string> done, DateOnly today)
{
    private const string Register = "organisations";

    /// <summary>Numbers of these stories, and of their codes.</summary>
    private const int First = 9_000;

    /// <param name="Ends">Days from today to the last day of its certificate as the ledger has it.</param>
    /// <param name="Renewal">Example of the renewal that it applied for.</param>
    /// <param name="Before">Days before the end on which it applied.</param>
    /// <param name="Stop">As in <see cref="YearStory.Stop"/>.</param>
    /// <param name="After">What becomes of the rectification that opens when the certificate has run out: <c>rectified</c> or <c>listed</c>; null: nothing yet.</param>
    private sealed record Organisation(string Name, string Begin, int Seat, int Ends, string? Renewal = null, int Before = 40, string? Stop = null, string? After = null);

    private static readonly Organisation[] All =
    [
        new("临河县楹联学会", "51", 0, -190, "granted"), new("临河县钓鱼运动协会", "51", 1, -150, "granted"), new("临河县福寿养老服务中心", "52", 2, -118, "granted"), new("临河县蓝天幼儿园", "52", 3, -75, "corrected", 45),
        new("临河县太极拳协会", "51", 4, -40, "granted"), new("临河县板栗种植协会", "51", 5, 3, "granted"), new("临河县爱心助学服务中心", "52", 0, 6, "decided-before-expiry"), new("临河县家政服务协会", "51", 1, -60, "refused", 45, After: "rectified"),
        new("临河县摄影家协会", "51", 2, 28, "withdrawn", 36), new("临河县民办星光学校", "52", 3, 24, "corrected", 40, "correct"), new("临河县残障康复服务站", "52", 4, 27, "granted", 34, "accept"), new("临河县象棋协会", "51", 5, 22, "granted", 36, "review"), new("临河县果蔬协会", "51", 0, 19, "granted", 35, "confirm"),
        new("临河县剪纸艺术协会", "51", 1, -210, After: "rectified"), new("临河县信鸽协会", "51", 2, -160, After: "listed"), new("临河县龙狮协会", "51", 3, -95, After: "rectified"), new("临河县安心托老所", "52", 4, -48, After: "listed"), new("临河县渔业协会", "51", 5, -36), new("临河县老年体育协会", "51", 0, -6),
        new("临河县门球协会", "51", 1, 6), new("临河县邻里互助服务队", "52", 2, 13), new("临河县竹编工艺协会", "51", 3, 29), new("临河县自行车运动协会", "51", 4, 44), new("临河县养蜂协会", "51", 5, 61), new("临河县康乐护理院", "52", 0, 83),
        new("临河县水稻种植协会", "51", 1, 240), new("临河县心理咨询服务中心", "52", 2, 410), new("临河县武术协会", "51", 3, 655), new("临河县舞蹈家协会", "51", 4, 980), new("临河县职业技能培训学校", "52", 5, 1_220),
    ];

    /// <summary>Takes the ledger over, as it was when the year began: every certificate as it stood then.</summary>
    public async Task ImportAsync(CancellationToken cancel)
    {
        var imports = new LedgerImports(Get<IReader>(), new CommandRunner(Get<IWriter>(), clock), Get<MatterLibrary>(), Get<SubjectLedger>(), Get<DivisionDirectory>(), Get<FieldCipher>(), clock);
        if (done.ContainsKey(Key("taken"))) return;
        var (register, clerk) = (Get<MatterLibrary>().Subjects(Register)!.Value.Register, seats.Of(Roles.OrganisationClerk));
        var headings = LedgerSheet.Columns(register.Import!).ToDictionary(c => c.Column, c => c.Headers[0]);
        using var table = new MemoryStream();
        await table.SaveAsAsync(All.Select((o, i) => Row(o, i).ToDictionary(v => headings[v.Key], v => (object?)v.Value)).ToList(), cancellationToken: cancel);
        // Cut off between the two, a table was checked that nobody takes over; it is cleared away, as any such table is.
        var import = await imports.CheckAsync(clerk, Register, BureauTime.Day(clock.GetUtcNow()), table, null, null, cancel);
        await imports.ApplyAsync(clerk, import, Key("taken"), null, cancel);
    }

    public async Task<IReadOnlyList<(StoryTrack Track, int Number)>> TracksAsync(CancellationToken cancel)
    {
        var tracks = new List<(StoryTrack, int)>();
        var revision = Get<MatterLibrary>().Find("so-renewal")!;
        foreach (var (organisation, i) in All.Select((o, i) => (o, i)).Where(o => o.o.Renewal is not null))
        {
            var dice = new Random(First + i);
            var moved = days.Move(revision.Examples[organisation.Renewal + ".json"], days.Add(EndOf(organisation).AddDays(-organisation.Before + 1), -1), organisation.Stop, 0, dice);
            tracks.Add((new StoryTrack(Player(i), revision, async () => moved with { Form = await FormAsync(revision, moved, i, cancel) }, moved.At, seats.Of(Roles.OrganisationClerk, County.Code, i)), First + i));
        }
        return tracks;
    }

    /// <summary>The story of a rectification that opened by itself; null: the certificate is none of these.</summary>
    public (StoryTrack Track, int Number)? Rectification(string certificate, Guid caseId, DateTimeOffset opened)
    {
        var i = Array.FindIndex(All, o => NumberOf(Array.IndexOf(All, o)) == certificate);
        if (i < 0) return null;
        var revision = Get<MatterLibrary>().Find("so-rectification")!;
        // Nobody has looked again at the others yet.
        var example = days.Move(revision.Examples["listed.json"], BureauTime.Day(opened), All[i].After switch { null => "recheck", "rectified" => "recheck:2", _ => null }, 0, new Random(First + i));
        if (All[i].After == "rectified") example = example with { Answers = example.Answers.ToDictionary(a => a.Key, a => a.Key == "recheck" ? [.. a.Value.Select(Rectified)] : a.Value) };
        return (new StoryTrack(Player(i), revision, () => Task.FromResult(example), opened, seats.Of(Roles.OrganisationClerk, County.Code, i)) { CaseId = caseId, Part = "rectification." }, First + i);
    }

    private static ExampleAnswer Rectified(ExampleAnswer answer)
    {
        var result = answer.Result!.DeepClone();
        (result["outcome"], result["found"]) = ("Rectified", "已到现场复查，问题已经整改。");
        return answer with { Result = result };
    }

    /// <summary>What the register knows, with the declaration that people add.</summary>
    private async Task<JsonObject> FormAsync(MatterRevision revision, ExampleFile example, int number, CancellationToken cancel)
    {
        await using var db = Get<IReader>().Open();
        var subject = await Get<SubjectLedger>().FindAsync(db, Register, CodeOf(number), cancel) ?? throw new InvalidOperationException($"{All[number].Name} was not entered.");
        var form = SubjectForms.Filled(revision.Form, await Get<SubjectLedger>().CurrentAsync(db, subject, cancel));
        foreach (var section in new[] { "standing", "declaration" }) form[section] = example.Form[section]!.DeepClone();
        form["declaration"]!["signature"] = form["people"]!["legalRep"]!.DeepClone();
        return form;
    }

    private StoryPlayer Player(int number) => new(services, clock, (task, by) => seats.Of(task, by, number), Key(number.ToString(CultureInfo.InvariantCulture)), done, days);

    private T Get<T>() where T : notnull => services.GetRequiredService<T>();

    private static string Key(string part) => $"demo.yearOrganisation.{part}";

    private DateOnly EndOf(Organisation organisation) => today.AddDays(organisation.Ends);

    private Dictionary<string, string> Row(Organisation organisation, int number)
    {
        var (last, dice) = (EndOf(organisation), new Random(First + number));
        var association = organisation.Begin == "51";
        var seat = County.Divisions.Where(d => d.Level == DivisionLevel.Village).ElementAt(organisation.Seat);
        return new()
        {
            ["uscc"] = CodeOf(number), ["name"] = organisation.Name, ["type"] = association ? "社会团体" : "民办非企业单位", ["seat"] = seat.Code, ["address"] = string.Create(CultureInfo.InvariantCulture, $"{seat.NameZh}{dice.Next(1, 90)}号"),
            ["scope"] = $"{organisation.Name[3..]}章程规定的活动。", ["legalRep"] = Person(number), ["legalRepId"] = Households.Born("341299197001010117", First + number, dice.Next(-12, 14), dice.Next(12)),
            ["legalRepPhone"] = string.Create(CultureInfo.InvariantCulture, $"1380090{number:0000}"), ["handler"] = Person(number + 40), ["handlerId"] = Households.Born("34129919850202022X", First + number, dice.Next(-8, 12), dice.Next(12)),
            ["handlerPhone"] = string.Create(CultureInfo.InvariantCulture, $"1380091{number:0000}"), ["email"] = number % 6 == 4 ? "" : $"society{number + 1}@example.invalid", ["language"] = "", ["unit"] = association ? "临河县文化和旅游局" : "临河县民政局",
            ["unitEmail"] = association ? "culture@example.invalid" : "bureau@example.invalid", ["unitPhone"] = "", [LedgerSheet.Number] = NumberOf(number), [LedgerSheet.ValidFrom] = BureauTime.Iso(last.AddDays(1).AddYears(association ? -5 : -4)), [LedgerSheet.ValidTo] = BureauTime.Iso(last),
        };
    }

    private static string Person(int number) => Families.Surnames[(number * 7 + 3) % Families.Surnames.Count] + Families.Given[(number * 11 + 5) % Families.Given.Count];

    private static string NumberOf(int number) => string.Create(CultureInfo.InvariantCulture, $"临社证字第{1_001 + number:0000}号");

    private static string CodeOf(int number) => Codes.Organisation(All[number].Begin, 3_001 + number);
}
