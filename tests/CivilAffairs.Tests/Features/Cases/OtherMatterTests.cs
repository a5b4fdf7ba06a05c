using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Divisions;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace CivilAffairs.Tests.Features.Cases;

/// <summary>A matter that the product has never seen, with other names in its form: certificates, events and a case that opens another.</summary>
public sealed class OtherMatterTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_certificate_is_issued_renewed_and_suspended_and_a_case_opens_another(string kind)
    {
        var app = await databases.GetAsync(kind);
        var caseId = await FileAsync(app, "34129919580419001X");

        await using var db = app.Services.GetRequiredService<IReader>().Open();
        var first = await db.Set<Case>().SingleAsync(c => c.Id == caseId);
        Assert.Equal(("Registered", "甲", "341299101"), (first.Status, first.ApplicantName, first.Township));
        var certificates = await db.Set<Certificate>().Where(c => c.CaseId == caseId).OrderBy(c => c.ValidFrom).ToListAsync();
        Assert.Equal(2, certificates.Count);
        Assert.Equal((new DateOnly(2026, 1, 15), new DateOnly(2030, 1, 14), null), (certificates[0].ValidFrom, certificates[0].ValidTo, certificates[0].RenewsId));
        Assert.Equal((new DateOnly(2030, 1, 15), new DateOnly(2034, 1, 14), certificates[0].Id), (certificates[1].ValidFrom, certificates[1].ValidTo, certificates[1].RenewsId));
        var documents = await db.Set<IssuedDocument>().Where(d => d.CaseId == caseId).Select(d => d.Number).ToListAsync();
        Assert.Equal(documents.Order(), certificates.Select(c => c.Number).Order());
        var changes = await db.Set<CertificateChange>().Where(c => c.CaseId == caseId).ToListAsync();
        Assert.Equal([(certificates[0].Id, "Renewed"), (certificates[1].Id, "Suspended")], changes.Select(c => (c.CertificateId, c.Action)).OrderBy(c => c.Action));

        var opened = await db.Set<Case>().SingleAsync(c => c.OriginId == caseId);
        Assert.Equal((Channel.Office, "Investigating", first.Village, "甲"), (opened.Channel, opened.Status, opened.Village, opened.ApplicantName));
        var visit = await db.Set<WorkTask>().SingleAsync(t => t.CaseId == opened.Id);
        Assert.Equal(("INV", "341299101"), (visit.Role, visit.Division));
        Assert.Equal(1, await db.Set<CaseParty>().CountAsync(p => p.CaseId == opened.Id && p.Role == PartyRole.Applicant));

        Assert.Empty(await db.VerifyAsync(default));
        Assert.Empty((await app.Services.GetRequiredService<CaseProof>().RunAsync()).Faults);
    }

    /// <summary>The shipped matters' rules must not leak into another one: two founders of one household may both apply.</summary>
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_the_matter_does_not_forbid_is_allowed(string kind)
    {
        var app = await databases.GetAsync(kind);
        Assert.NotEqual(await FileAsync(app, "34129919350718102X"), await FileAsync(app, "34129919350718102X"));
    }

    [Theory]
    [InlineData("matter.json", "\"numbering\":\"certificate\"", "\"numbering\":\"gone\"", "$.certificates[0].numbering", "gone")]
    [InlineData("matter.json", "\"certificates\":[{\"id\":\"club\"", "\"certificates\":[{\"id\":\"other\"", "issue", "club")]
    [InlineData("apply.workflow.json", "\"template\":{\"expression\":{\"type\":\"Literal\",\"value\":\"club.html\"}},\"validFrom\"", "\"validFrom\"", "issue", "模板")]
    [InlineData("apply.workflow.json", "\"value\":\"inspect\"", "\"value\":\"gone\"", "open", "gone")]
    public void What_a_certificate_or_another_case_needs_is_checked(string file, string from, string to, string at, string said)
    {
        var root = ClubMatter.Write();
        var path = Path.Combine(root, ClubMatter.Id, file);
        var text = File.ReadAllText(path);
        Assert.Contains(from, text, StringComparison.Ordinal);
        File.WriteAllText(path, text.Replace(from, to, StringComparison.Ordinal));
        var faults = MatterFolder.Load(Path.Combine(root, ClubMatter.Id)).Faults;
        Directory.Delete(root, recursive: true);
        Assert.Contains(faults, f => f.IsError && f.Path == at && f.Text.Zh.Contains(said, StringComparison.Ordinal));
    }

    /// <summary>One matter alone cannot tell whether another is there; whoever publishes them, or checks them together, can.</summary>
    [Theory]
    [InlineData("\"value\":\"club\"", "\"value\":\"nowhere\"", "nowhere")]
    [InlineData("\"value\":\"club\"", "\"value\":\"rural-dibao\"", "inspect")]
    [InlineData("\"value\":\"inspect\"", "\"value\":\"apply\"", null)]
    public async Task A_case_opened_in_another_matter_needs_that_matter_and_its_workflow(string from, string to, string? said)
    {
        var app = await databases.GetAsync(Databases.Sqlite);
        var root = ClubMatter.Write();
        var path = Path.Combine(root, ClubMatter.Id, "apply.workflow.json");
        var text = File.ReadAllText(path);
        var at = text.IndexOf("OpenCase", StringComparison.Ordinal);
        File.WriteAllText(path, text[..at] + new System.Text.RegularExpressions.Regex(from).Replace(text[at..], to, 1));
        try
        {
            Assert.DoesNotContain(MatterFolder.Load(Path.Combine(root, ClubMatter.Id)).Faults, f => f.IsError);
            var refused = (await app.Services.GetRequiredService<MatterLibrary>().PublishFoldersAsync(root, default)).SelectMany(f => f.Value).ToList();
            using var output = new StringWriter();
            var code = Web.Features.CommandLine.Verbs.TryRun(["check", root], output, TextWriter.Null);
            if (said is null)
            {
                Assert.Empty(refused);
                Assert.Equal((0, ""), (code, output.ToString()));
                return;
            }
            Assert.Equal(("apply.workflow.json", "open", true), (Assert.Single(refused).File, refused[0].Path, refused[0].Text.Zh.Contains(said, StringComparison.Ordinal)));
            Assert.Equal(1, code);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private static async Task<Guid> FileAsync(TestApp app, string card)
    {
        var services = app.Services;
        var folder = ClubMatter.Write();
        try
        {
            await County.WriteAsync(services.GetRequiredService<IWriter>());
            await services.GetRequiredService<DivisionDirectory>().RefreshAsync(default);
            Assert.Empty((await services.GetRequiredService<MatterLibrary>().PublishFoldersAsync(folder, default)).SelectMany(f => f.Value).Select(f => f.ToString()));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        var founder = new Viewer(Guid.NewGuid(), "甲", AccountKind.Applicant, []);
        var drafts = services.GetRequiredService<DraftCommands>();
        var id = await drafts.StartAsync(founder, ClubMatter.Id, Guid.NewGuid().ToString());
        await drafts.SaveSectionAsync(founder, id, "founder", new JsonObject { ["fullName"] = "甲", ["card"] = card, ["village"] = "341299101201" });
        await drafts.SubmitAsync(founder, id, Guid.NewGuid().ToString());
        return id;
    }
}
