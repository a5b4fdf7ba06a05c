using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Subjects;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Security;
using Microsoft.Extensions.DependencyInjection;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;
using Xunit;

namespace CivilAffairs.Tests.Features.Registers;

/// <summary>Social organisations of the shipped matters: entered as an import leaves them, and their stories played as real cases.</summary>
internal sealed class Organisations
{
    public const string Register = "organisations", County = "341299";
    private readonly TestApp app;

    private Organisations(TestApp app) => this.app = app;

    public static async Task<Organisations> InAsync(TestApp app)
    {
        await CivilAffairs.Web.Features.Demo.County.WriteAsync(app.Services.GetRequiredService<IWriter>());
        await app.Services.GetRequiredService<DivisionDirectory>().RefreshAsync(default);
        return new Organisations(app);
    }

    public CivilAffairsDb Open() => app.Services.GetRequiredService<IReader>().Open();

    /// <summary>An organisation with its certificate and, online, its legal representative.</summary>
    /// <param name="begin"><c>51</c> an association, <c>52</c> a private non-enterprise unit.</param>
    /// <param name="latin">In Latin letters, so that Chinese on an English page is a fault of the page.</param>
    public async Task<Organisation> EnterAsync(DateOnly from, DateOnly to, string begin = "51", string seat = "341299101201", bool latin = false)
    {
        var (library, ledger) = (app.Services.GetRequiredService<MatterLibrary>(), app.Services.GetRequiredService<SubjectLedger>());
        var register = library.Subjects(Register)!.Value.Register;
        var (uscc, idNumber) = (Codes.Next(begin), TestAccounts.IdNumber());
        string Say(string chinese, string letters) => latin ? letters : chinese;
        var head = Say("茶永年", "Cha Yongnian");
        var account = await TestAccounts.ApplicantAsync(app, idNumber, head);
        var fields = new JsonObject
        {
            ["uscc"] = uscc, ["name"] = Say("临河县茶文化协会", "Tea Society ") + uscc[^6..], ["type"] = begin == "51" ? "association" : "nonEnterprise", ["seat"] = seat, ["address"] = Say("青河镇柳树村文化中心", "Willow Village 1"), ["scope"] = Say("茶文化研究。", "Tea."),
            ["legalRep"] = head, ["legalRepId"] = idNumber, ["legalRepPhone"] = "13800000021", ["email"] = "tea@example.invalid", ["unit"] = Say("临河县文化和旅游局", "Culture Office"), ["unitEmail"] = "culture@example.invalid",
        };
        var (subject, certificate) = await app.Services.GetRequiredService<IWriter>().WriteAsync(async (db, _) =>
        {
            var entered = ledger.New(db, register, uscc, from, DateTimeOffset.UtcNow);
            await ledger.EnterAsync(db, register, entered, fields, new RegisterEntry { Register = Register, Entry = "{}", ValidFrom = from, OccurredOn = from, RecordedAt = DateTimeOffset.UtcNow });
            var held = new Certificate
            {
                Matter = "so-renewal", Kind = "so-certificate", Number = Say("旧", "T") + uscc, SubjectId = entered.Id, HolderName = entered.Name, County = entered.County, Township = entered.Township, Village = entered.Village,
                ValidFrom = from, ValidTo = to, OccurredOn = from, RecordedAt = DateTimeOffset.UtcNow,
            };
            db.Add(held);
            return (entered.Id, held.Id);
        });
        return new Organisation(subject, certificate, uscc, (string)fields["name"]!, idNumber, new Viewer(account.Id, head, AccountKind.Applicant, [], account.PersonId), account.UserName!);
    }

    /// <summary>An example of a matter with this organisation in its form, at its own time.</summary>
    public ExampleFile Story(string matter, string name, Organisation of)
    {
        var example = app.Services.GetRequiredService<MatterLibrary>().Find(matter)!.Examples[name + ".json"];
        var text = example.Form.ToJsonString();
        text = text.Replace((string)example.Form["organisation"]!["uscc"]!, of.Uscc, StringComparison.Ordinal).Replace("341299197001010117", of.IdNumber, StringComparison.Ordinal);
        var form = JsonNode.Parse(text)!.AsObject();
        form["organisation"]!["name"] = of.Name;
        return example with { Form = form };
    }

    public async Task<Guid> RenewAsync(string name, Organisation of, Func<ExampleFile, ExampleFile>? change = null, DateTimeOffset? until = null, Viewer? by = null)
    {
        var story = (change ?? (s => s))(Story("so-renewal", name, of));
        return await Player(story.At).PlayAsync(app.Services.GetRequiredService<MatterLibrary>().Find("so-renewal")!, story, by ?? of.Representative, until ?? CaseStory.Forever);
    }

    /// <summary>Opens what the end of the certificate brings, on a day, and plays an example in it.</summary>
    public async Task<Guid> RectifyAsync(string name, Organisation of, DateTimeOffset? until = null)
    {
        var story = Story("so-rectification", name, of);
        var clock = new StoryClock(story.At);
        Assert.True(await Cases(clock).OpenForCertificateAsync(of.CertificateId, "so-rectification", "apply", "certificateExpired"));
        await using var db = Open();
        var opened = db.Set<CertificateOpening>().Where(o => o.CertificateId == of.CertificateId).Select(o => o.CaseId).Single();
        await Player(story.At).GoOnAsync(opened, story, of.Representative, until ?? CaseStory.Forever);
        return opened;
    }

    public SubjectCases Cases(StoryClock clock)
    {
        T Get<T>() where T : notnull => app.Services.GetRequiredService<T>();
        return new SubjectCases(new CommandRunner(Get<IWriter>(), clock), Get<CivilAffairs.Web.Features.Cases.Steps.CaseStepper>(), Get<Filing>(), Get<MatterLibrary>(), Get<CaseVault>(), Get<SubjectLedger>(), Get<SubjectFiling>());
    }

    private StoryPlayer Player(DateTimeOffset at) => new(app.Services, new StoryClock(at), (task, by) => CaseStory.Officer(by, task.Role, task.Division));
}

/// <param name="Representative">Its legal representative, signed in online.</param>
internal sealed record Organisation(Guid SubjectId, Guid CertificateId, string Uscc, string Name, string IdNumber, Viewer Representative, string UserName);
