using System.Text.Json;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Commands;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using CaseStory = CivilAffairs.Tests.Support.CaseStory;
using Xunit;

namespace CivilAffairs.Tests.Features.Cases;

/// <summary>What a decision reads at once is what EF reads row by row; and it does not compute what stands already.</summary>
public sealed class OpenedTaskTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Rows_are_read_as_the_model_maps_them(string kind)
    {
        var app = await databases.GetAsync(kind);
        var caseId = await new CaseStory(app).PlayAsync("corrected");
        await using var db = app.Services.GetRequiredService<IReader>().Open();
        await SameAsync<Case>(db, q => q.Where(c => c.Id == caseId), "FROM cases WHERE \"Id\" = @case", caseId);
        await SameAsync<WorkTask>(db, q => q.Where(t => t.CaseId == caseId).OrderBy(t => t.Id), "FROM tasks WHERE \"CaseId\" = @case ORDER BY \"Id\"", caseId);
        await SameAsync<WorkflowInstance>(db, q => q.Where(i => i.CaseId == caseId), "FROM workflow_instances WHERE \"CaseId\" = @case", caseId);
        await SameAsync<CaseContent>(db, q => q.Where(c => c.CaseId == caseId).OrderBy(c => c.Id), "FROM case_contents WHERE \"CaseId\" = @case ORDER BY \"Id\"", caseId);
        await SameAsync<AuditEntry>(db, q => q.Where(a => a.Chain == caseId.ToString()).OrderBy(a => a.Sequence), "FROM audit WHERE \"Chain\" = lower(CAST(@case AS text)) ORDER BY \"Sequence\"", caseId);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task An_opened_task_has_what_a_decision_needs_and_changes_nothing_by_being_opened(string kind)
    {
        var app = await databases.GetAsync(kind);
        var story = new CaseStory(app);
        var caseId = await story.PlayAsync("granted");
        await app.Services.GetRequiredService<IWriter>().WriteAsync(async (db, cancel) =>
        {
            var task = await db.Set<WorkTask>().AsNoTracking().Where(t => t.CaseId == caseId && t.ClosedById != null && t.Role != "APP").OrderBy(t => t.CreatedAt).FirstAsync(cancel);
            var actor = new Viewer(task.ClosedById!.Value, "x", AccountKind.Officer, []);
            var opened = await OpenedTask.ReadAsync(new CommandContext(db, actor, DateTimeOffset.UtcNow), task.Id);
            db.ChangeTracker.DetectChanges();
            Assert.False(db.ChangeTracker.HasChanges());
            Assert.Equal((caseId, task.Id, task.InstanceId, false), (opened.Case.Id, opened.Task.Id, opened.Instance!.Id, opened.IsRecused));
            Assert.Equal(await db.Set<CaseKey>().Where(k => k.CaseId == caseId).Select(k => k.Wrapped).SingleAsync(cancel), opened.WrappedKey);
            Assert.Equal(await db.Set<WorkTask>().CountAsync(t => t.CaseId == caseId && t.Id != task.Id && t.ClosedById == actor.AccountId, cancel), opened.Mine.Count);
            Assert.Equal(await db.Set<CaseContent>().Where(c => c.CaseId == caseId && c.Kind == ContentKind.Form).MaxAsync(c => c.Number, cancel), opened.Contents.FormNumber);
            Assert.Equal(await db.Set<CaseContent>().CountAsync(c => c.CaseId == caseId && c.Kind == ContentKind.Task && c.ActivityId == task.ActivityId, cancel), opened.Contents.LastNumber);
            Assert.Equal(await db.Set<AuditEntry>().Where(a => a.Chain == caseId.ToString()).MaxAsync(a => a.Sequence, cancel), opened.LastAudit!.Sequence);

            opened.Case.Clock.LimitText = "1wd";
            db.ChangeTracker.DetectChanges();
            Assert.True(db.Entry(opened.Case).Reference(c => c.Clock).TargetEntry!.Property(k => k.LimitText).IsModified);
            opened.Case.Clock.LimitText = db.Entry(opened.Case).Reference(c => c.Clock).TargetEntry!.Property(k => k.LimitText).OriginalValue;
            return 0;
        });
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Facts_are_computed_once_while_form_and_parameters_stand(string kind)
    {
        var app = await databases.GetAsync(kind);
        // The correction of this example brings papers and leaves the form as it was.
        foreach (var name in (string[])["granted", "corrected"])
        {
            var caseId = await new CaseStory(app).PlayAsync(name);
            await using var db = app.Services.GetRequiredService<IReader>().Open();
            var used = await db.Set<JournalRow>().Where(j => j.CaseId == caseId).Select(j => j.FactsId).ToListAsync();
            Assert.True(used.Count > 5);
            Assert.Equal(1, await db.Set<CaseContent>().CountAsync(c => c.CaseId == caseId && c.Kind == ContentKind.Form));
            Assert.Single(used.Distinct());
        }
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Values_in_force_are_the_same_within_a_decision_and_outside(string kind)
    {
        var app = await databases.GetAsync(kind);
        var revision = app.Services.GetRequiredService<MatterLibrary>().Find("rural-dibao")!;
        const string Here = "341299987", Key = "dibao.rural.standard";
        ParameterValue Row(string scope, string value, string from, string? to = null, string key = Key) =>
            new() { Key = key, Scope = scope, Value = value, ValidFrom = DateOnly.Parse(from, null), ValidTo = to is null ? null : DateOnly.Parse(to, null), Source = "test" };
        await app.Services.GetRequiredService<IWriter>().WriteAsync(async (db, cancel) =>
        {
            db.AddRange(Row(Here, "1", "2019-01-01"), Row(Here, "2", "2025-01-01", "2025-06-30"), Row(Here, "3", "2031-01-01"), Row("341299986", "4", "2019-01-01"), Row(Here, "5", "2019-01-01", key: "another.matter"));
            await db.SaveChangesAsync(cancel);
            foreach (var (day, expected) in new[] { ("2018-12-31", null), ("2024-12-31", "1"), ("2025-06-30", "2"), ("2025-07-01", "1"), ("2031-01-01", "3") })
                foreach (var place in new[] { Here, "341299", "" })
                {
                    var on = DateOnly.Parse(day, null);
                    var within = await EffectiveParameters.WithinAsync(db, revision, on, place);
                    Assert.Equal((await EffectiveParameters.OnAsync(db, revision, on, place, cancel)).Snapshot, within.Snapshot);
                    if (place == Here && expected is not null) Assert.Equal(expected, within.Values[Key]!.ToJsonString());
                }
            return 0;
        });
    }

    private static async Task SameAsync<T>(CivilAffairsDb db, Func<IQueryable<T>, IQueryable<T>> query, string tail, Guid caseId) where T : class
    {
        var expected = await query(db.Set<T>()).ToListAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        await using var answers = await new Questions(Questions.Rows<T>(tail)).AskAsync(db, ("@case", caseId));
        var read = await answers.AllAsync<T>();
        Assert.NotEmpty(expected);
        Assert.Equal(expected.Select(e => JsonSerializer.Serialize(e)), read.Select(r => JsonSerializer.Serialize(r)));
    }
}
