using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Cases.Subjects;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CivilAffairs.Tests.Features.Registers;

/// <summary>A small made-up matter, as a folder, with a register of guilds: each holds a certificate, and is looked into when it has expired.</summary>
internal static class GuildMatter
{
    public const string Id = "guild", Register = "guilds", Certificate = "charter";

    /// <param name="matter">Changes matter.json.</param>
    public static async Task PublishAsync(TestApp app, Func<string, string>? matter = null)
    {
        await County.WriteAsync(app.Services.GetRequiredService<IWriter>());
        await app.Services.GetRequiredService<DivisionDirectory>().RefreshAsync(default);
        var folder = Write(matter);
        Assert.Empty((await app.Services.GetRequiredService<MatterLibrary>().PublishFoldersAsync(folder, default)).SelectMany(f => f.Value).Select(f => f.ToString()));
        Directory.Delete(folder, recursive: true);
    }

    /// <param name="matter">Changes matter.json, to see what the check says.</param>
    /// <returns>The folder that holds the matter's folder; the caller removes it.</returns>
    public static string Write(Func<string, string>? matter = null, Func<string, string>? form = null)
    {
        var root = Directory.CreateTempSubdirectory("matters-").FullName;
        var folder = Directory.CreateDirectory(Path.Combine(root, Id)).FullName;
        Directory.CreateDirectory(Path.Combine(folder, "templates"));
        File.WriteAllText(Path.Combine(folder, "matter.json"), (matter ?? (m => m))(Matter));
        File.WriteAllText(Path.Combine(folder, "form.json"), (form ?? (f => f))(Form));
        File.WriteAllText(Path.Combine(folder, "apply.workflow.json"), Apply);
        File.WriteAllText(Path.Combine(folder, "look.workflow.json"), Look);
        File.WriteAllText(Path.Combine(folder, "templates", "charter.html"), "<h1>证书</h1><p>{{ applicant.name }}，{{ number }}</p>");
        File.WriteAllText(Path.Combine(folder, "templates", "opened.mail"), "整改通知 {{ case.number }}\n--- text\n请看 {{ url }}\n--- html\n<p>请看 {{ url }}</p>\n");
        return root;
    }

    /// <summary>A guild with its charter, as an import leaves them.</summary>
    public static async Task<(Guid Subject, Guid Certificate)> EnterAsync(TestApp app, string uscc, DateOnly from, DateOnly to, string name = "青禾手艺行会")
    {
        var ledger = app.Services.GetRequiredService<SubjectLedger>();
        var register = app.Services.GetRequiredService<MatterLibrary>().Subjects(Register)!.Value.Register;
        return await app.Services.GetRequiredService<IWriter>().WriteAsync(async (db, _) =>
        {
            var subject = ledger.New(db, register, uscc, from, DateTimeOffset.UtcNow);
            await ledger.EnterAsync(db, register, subject, Fields(uscc, name), new RegisterEntry { Register = Register, Entry = "{}", ValidFrom = from, OccurredOn = from, RecordedAt = DateTimeOffset.UtcNow });
            var certificate = new Certificate
            {
                Matter = Id, Kind = Certificate, Number = uscc, SubjectId = subject.Id, HolderName = name, County = subject.County, Township = subject.Township,
                ValidFrom = from, ValidTo = to, OccurredOn = from, RecordedAt = DateTimeOffset.UtcNow,
            };
            db.Add(certificate);
            return (subject.Id, certificate.Id);
        });
    }

    public static JsonObject Fields(string uscc, string name) => new()
    {
        ["uscc"] = uscc, ["name"] = name, ["seat"] = "341299101201", ["chief"] = "甲", ["chiefId"] = "34129919580419001X", ["email"] = "guild@example.com", ["unitEmail"] = "unit@example.com", ["language"] = "en",
    };

    private static string Apply => new Flow().Add("Elsa.Start", "start")
        .Add("CivilAffairs.HumanTask", "decide", ("title", "决定"), ("titleEn", "Decide"), ("role", "SOC"), ("level", "county"), ("finishWithin", "20wd"), ("outcomes", "[\"Renew\",\"Refuse\"]"))
        .Add("CivilAffairs.RenewCertificate", "renew", ("certificate", Certificate), ("template", "charter.html"), ("validFrom", "2026-11-20"), ("validTo", "2030-11-19"))
        .Add("CivilAffairs.RegisterEntry", "enter", ("register", Register), ("entry", "js:({ size: 'large' })"))
        .Add("CivilAffairs.SetStatus", "granted", ("status", "Granted"))
        .Add("CivilAffairs.SetStatus", "refused", ("status", "Refused"))
        .Connect("start", "decide").Connect("decide", "renew", "Renew").Connect("renew", "enter").Connect("enter", "granted").Connect("decide", "refused", "Refuse").ToString();

    private static string Look => new Flow().Input("reason").Add("Elsa.Start", "start")
        .Add("CivilAffairs.RegisterEntry", "list", ("register", "late"), ("entry", "js:({ reason: getInput('reason') })"))
        .Add("CivilAffairs.Notify", "tell", ("to", "holder"), ("template", "opened.mail"))
        .Add("CivilAffairs.Notify", "tellUnit", ("to", "supervisor"), ("template", "opened.mail"))
        .Add("CivilAffairs.HumanTask", "look", ("title", "核查"), ("titleEn", "Look"), ("role", "SOC"), ("level", "county"), ("finishWithin", "30d"), ("outcomes", "[\"Fine\"]"))
        .Add("CivilAffairs.SetStatus", "closed", ("status", "Ended"))
        .Connect("start", "list").Connect("list", "tell").Connect("tell", "tellUnit").Connect("tellUnit", "look").Connect("look", "closed", "Fine").ToString();

    private const string Matter = """
        {"id":"guild","name":{"zh":"行会换证","en":"Guild renewal"},"family":"organisation","summary":{"zh":"换证","en":"Renewal"},
         "applicants":{"who":{"zh":"行会","en":"The guild"},"where":"any","channels":["online","counter"],"counterRoles":["SOC"]},
         "roles":[{"code":"APP","level":"village","does":{"zh":"申请","en":"Applies"}},{"code":"SOC","level":"county","does":{"zh":"办理","en":"Handles"}}],
         "parameters":[{"key":"guild.applyBefore","type":"integer","value":30,"name":{"zh":"提前天数","en":"Days before"},"mark":"S","source":"XK 50"}],
         "certificates":[{"id":"charter","name":{"zh":"证书","en":"Charter"},"numbering":"charter","register":"guilds","renewal":{"matter":"guild","applyBefore":"guild.applyBefore"},"expiry":{"matter":"guild","workflow":"look","reason":"expired","label":{"zh":"届满","en":"Expired"}}}],
         "registers":[{"id":"guilds","name":{"zh":"行会","en":"Guilds"},"readers":["SOC"],"mark":"L","source":"L","subject":"organisation",
           "fields":[{"id":"uscc","type":"uscc","label":{"zh":"统一社会信用代码","en":"USCC"},"required":true,"key":true,"listed":true,"prefix":{"field":"kind","of":{"association":"51","private":"52"}}},
             {"id":"kind","type":"choice","label":{"zh":"类型","en":"Kind"},"options":[{"value":"association","label":{"zh":"社会团体","en":"Association"}},{"value":"private","label":{"zh":"民办非企业单位","en":"Private"}}],"listed":true},
             {"id":"name","type":"text","label":{"zh":"名称","en":"Name"},"required":true,"title":true,"listed":true},
             {"id":"seat","type":"division","label":{"zh":"住所地","en":"Seat"},"required":true,"place":true},
             {"id":"chief","type":"personName","label":{"zh":"负责人","en":"Chief"},"mask":"name"},{"id":"chiefId","type":"idNumber","label":{"zh":"身份证号","en":"ID number"},"mask":"id"},
             {"id":"email","type":"email","label":{"zh":"邮箱","en":"E-mail"},"mask":"email"},{"id":"unitEmail","type":"email","label":{"zh":"主管单位邮箱","en":"Unit's e-mail"},"mask":"email"},
             {"id":"language","type":"choice","label":{"zh":"语言","en":"Language"},"options":[{"value":"zh","label":{"zh":"中文","en":"Chinese"}},{"value":"en","label":{"zh":"英文","en":"English"}}]},
             {"id":"size","type":"choice","label":{"zh":"规模","en":"Size"},"options":[{"value":"large","label":{"zh":"大","en":"Large"}}]}],
           "contacts":[{"kind":"holder","email":"email","name":"name","language":"language"},{"kind":"supervisor","email":"unitEmail"}],
           "persons":[{"role":"chief","name":"chief","idNumber":"chiefId"}],
           "import":{"roles":["SOC"],"columns":[{"field":"uscc","headers":["统一社会信用代码","USCC"]},{"field":"name","headers":["名称"]},{"field":"kind","headers":["类型"]},{"field":"seat","headers":["住所地"]},{"field":"chiefId","headers":["身份证号"]},{"field":"email","headers":["邮箱"]}],
             "certificate":{"kind":"charter","number":["证书编号"],"validFrom":["有效期自"],"validTo":["有效期至"]}}},
          {"id":"late","name":{"zh":"逾期名单","en":"Late"},"readers":["SOC"],"mark":"L","source":"L","about":"guilds"}],
         "numbering":[{"kind":"charter","prefix":"行证","name":{"zh":"证书","en":"Charter"}}],
         "retention":[{"keep":"10y","from":"decision","mark":"L","source":"L"}],
         "guide":{"who":[],"bring":[],"steps":[],"duration":{"zh":"即办","en":"At once"},"where":{"zh":"县","en":"County"},"cost":{"zh":"免费","en":"Free"},"remedy":{"zh":"复议","en":"Review"},"law":[]},
         "workflows":{"apply":"apply.workflow.json","look":"look.workflow.json"},
         "templates":[{"file":"charter.html","kind":"document","name":{"zh":"证书","en":"Charter"}},{"file":"opened.mail","kind":"mail","name":{"zh":"通知","en":"Notice"}}]}
        """;

    private const string Form = """
        {"place":"guild.seat","parties":[{"role":"applicant","section":"guild","name":"chief","idNumber":"chiefId"}],
         "subject":{"register":"guilds","key":"guild.uscc","name":"guild.name","certificate":"charter"},
         "sections":[{"id":"guild","title":{"zh":"行会","en":"Guild"},"fields":[
           {"id":"uscc","type":"uscc","label":{"zh":"统一社会信用代码","en":"USCC"},"required":true,"register":"uscc"},
           {"id":"name","type":"text","label":{"zh":"名称","en":"Name"},"required":true,"register":"name"},
           {"id":"seat","type":"division","label":{"zh":"住所地","en":"Seat"},"required":true,"register":"seat"},
           {"id":"chief","type":"personName","label":{"zh":"负责人","en":"Chief"},"required":true,"mask":"name","register":"chief"},
           {"id":"chiefId","type":"idNumber","label":{"zh":"身份证号","en":"ID number"},"required":true,"mask":"id","register":"chiefId"}]}]}
        """;
}
