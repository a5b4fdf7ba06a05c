using System.Text.Json.Nodes;
using CivilAffairs.Engine.Runtime;
using CivilAffairs.Tests.Features.Matters;
using CivilAffairs.Tests.Features.Matters.Examples;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Designer;
using CivilAffairs.Web.Features.Designer.Drafts;
using CivilAffairs.Web.Features.Designer.TryOut;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Features.Matters.Forms;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Designer;

/// <summary>Where try-outs begin, and what they print: past cases in which nobody is known, papers from the matter's own templates.</summary>
public sealed class TryOutSourceTests(SqliteApp sqlite) : IClassFixture<SqliteApp>
{
    private static readonly Viewer Manager = new(Guid.NewGuid(), "策划", AccountKind.Officer, [new HeldRole(Roles.Manager, "341299")]);

    public static TheoryData<string, string> Examples => ExampleTests.Examples;

    [Theory]
    [MemberData(nameof(Examples))]
    public void Nobody_is_known_in_an_application_that_was_made_unknown(string matter, string name)
    {
        var revision = ShippedMatters.Load(matter).Revision!;
        var example = revision.Examples[name];
        var hidden = Anonymous.Of(revision.Form, example.Form);
        var text = hidden.ToJsonString(MatterJson.Options);
        foreach (var section in revision.Form.Sections)
            foreach (var row in FormPeople.Rows(example.Form, section.Id))
                foreach (var field in section.Fields.Where(f => f.Type is not ("choice" or "date" or "division")))
                    if (row[field.Id] is JsonValue value && value.TryGetValue<string>(out var written) && written.Length > 1) Assert.DoesNotContain(written, text, StringComparison.Ordinal);
        var values = revision.FirstValues.ToDictionary(p => p.Key, p => example.Parameters.TryGetValue(p.Key, out var own) ? own : p.Value);
        var day = Web.Platform.Time.BureauTime.Day(example.At);
        Assert.Empty(new FormEvaluator(revision.Form).Validate(new FormAnswers(hidden, values, day)));
        // Who is one person stays one person, and the rules reckon the same.
        var (was, now) = (Distinct(revision, example.Form), Distinct(revision, hidden));
        Assert.Equal(was, now);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_past_case_is_taken_without_names_and_the_look_is_written_down(string kind)
    {
        await using var app = await Databases.StartAsync(kind);
        _ = app.Server;
        var caseId = await new CaseStory(app).PlayAsync("not-accepted");
        var past = app.Services.GetRequiredService<PastCases>();
        Assert.Equal([caseId], (await past.ListAsync(Manager, "rural-dibao")).Select(c => c.Id));
        var form = await past.OpenAsync(Manager, "rural-dibao", caseId);
        Assert.StartsWith("341299", (string)form["applicant"]!["idNumber"]!);
        Assert.DoesNotContain("王", form.ToJsonString(MatterJson.Options), StringComparison.Ordinal);

        await using var db = app.Services.GetRequiredService<IReader>().Open();
        var line = await db.Set<AuditEntry>().SingleAsync(a => a.Chain == caseId.ToString() && a.Action == "case.tried");
        Assert.Equal(Manager.AccountId, line.ActorId);

        foreach (var other in (Viewer[])[Manager with { Held = [new HeldRole(Roles.Manager, "341298")] }, CaseStory.Officer("sup", Roles.Supervisor, "341299"), Viewer.System with { Kind = AccountKind.Applicant }])
        {
            Assert.Empty(await past.ListAsync(other, "rural-dibao"));
            await Assert.ThrowsAsync<UnknownCaseException>(() => past.OpenAsync(other, "rural-dibao", caseId));
        }
        Assert.Equal(1, await db.Set<AuditEntry>().CountAsync(a => a.Action == "case.tried"));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_play_is_kept_in_the_draft_as_an_example_that_the_check_passes(string kind)
    {
        await using var app = await Databases.StartAsync(kind);
        _ = app.Server;
        var (source, drafts) = (app.Services.GetRequiredService<RevisionSource>(), app.Services.GetRequiredService<MatterDrafts>());
        var revision = (await source.FindAsync(Manager, "rural-dibao", null))!;
        var example = revision.Examples["granted.json"];
        var engine = new WorkflowEngine();
        var calendar = app.Services.GetRequiredService<Web.Platform.Time.Calendars>().Working;
        var play = TryOutPlay.Run(engine, revision, TryOutStart.Of(example), TryOutScript.Inputs(engine, revision, example, calendar), calendar);
        var text = TryOutExample.Write(engine, play, TryOutStart.Of(example), new Words { Zh = "试办", En = "Tried" }, calendar);
        Assert.Null(await source.KeepAsync(Manager, "rural-dibao", text, Guid.NewGuid().ToString("N")));

        await drafts.SaveFileAsync(Manager, "rural-dibao", "templates/note.html", "<p>x</p>", 0, Guid.NewGuid().ToString("N"));
        Assert.Equal("examples/tried-1.json", await source.KeepAsync(Manager, "rural-dibao", text, Guid.NewGuid().ToString("N")));
        var draft = (await source.FindAsync(Manager, "rural-dibao", RevisionSource.Draft))!;
        Assert.Equal(example.Expect.Statuses, draft.Examples["tried-1.json"].Expect.Statuses);
        Assert.DoesNotContain(drafts.Check((await drafts.FindAsync("rural-dibao"))!).Faults, f => f.File.Contains("tried-1", StringComparison.Ordinal));
        Assert.Equal("draft", (await source.ListAsync(Manager, "rural-dibao"))[0].Of);
        Assert.Empty(await source.ListAsync(CaseStory.Officer("sup", Roles.Supervisor, "341299"), "rural-dibao"));
        Assert.Null(await source.FindAsync(CaseStory.Officer("sup", Roles.Supervisor, "341299"), "rural-dibao", RevisionSource.Draft));
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_paper_of_a_try_out_is_laid_out_from_its_template(string matter, string name)
    {
        var papers = sqlite.Services.GetRequiredService<TryOutPapers>();
        var revision = ShippedMatters.Load(matter).Revision!;
        var (engine, calendar) = (new WorkflowEngine(), sqlite.Services.GetRequiredService<Web.Platform.Time.Calendars>().Working);
        var play = TryOutPlay.Run(engine, revision, TryOutStart.Of(revision.Examples[name]), TryOutScript.Inputs(engine, revision, revision.Examples[name], calendar), calendar);
        foreach (var paper in play.Papers)
        {
            var shown = papers.Show(play, paper, english: false);
            Assert.True(shown.Fault is null, $"{paper.Template}: {shown.Fault?.Detail}");
            Assert.NotEqual("", shown.Html);
            Assert.Equal(paper.IsLetter, shown.Subject is not null);
        }
    }

    [Fact]
    public void A_paper_that_cannot_be_filled_is_told()
    {
        var shipped = ShippedMatters.Load("rural-dibao").Revision!;
        var revision = shipped with { Templates = shipped.Templates.ToDictionary(t => t.Key, t => t.Key == "acceptance-notice.html" ? t.Value + "{{ no.such.name }}" : t.Value) };
        var (engine, calendar, example) = (new WorkflowEngine(), sqlite.Services.GetRequiredService<Web.Platform.Time.Calendars>().Working, revision.Examples["granted.json"]);
        var play = TryOutPlay.Run(engine, revision, TryOutStart.Of(example), TryOutScript.Inputs(engine, revision, example, calendar), calendar);
        var shown = sqlite.Services.GetRequiredService<TryOutPapers>().Show(play, play.Papers.First(p => p.Template == "acceptance-notice.html"), english: false);
        Assert.Equal("template", shown.Fault?.Code);
    }

    private static int Distinct(MatterRevision revision, JsonObject form) =>
        revision.Form.Sections.SelectMany(s => FormPeople.Rows(form, s.Id).SelectMany(r => s.Fields.Where(f => f.Type == "idNumber").Select(f => FormPeople.Text(r, f.Id)))).OfType<string>().Distinct().Count();
}
