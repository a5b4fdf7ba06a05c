using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Designer;
using CivilAffairs.Web.Features.Designer.Drafts;
using CivilAffairs.Web.Features.Designer.Forms;
using CivilAffairs.Web.Platform.Audit;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Designer.Forms;

/// <summary>Saving a form, people and deadlines into a draft: whole, once, never over a colleague's work, and not with new errors.</summary>
public sealed class MatterEditsTests(BothDatabases databases) : IClassFixture<BothDatabases>
{
    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task A_form_is_saved_once_and_the_second_manager_is_told_who_and_when(string kind)
    {
        var (app, kit, edits) = await StartAsync(kind);
        var (one, two) = (await kit.ManagerAsync(), await kit.ManagerAsync());
        var id = await kit.PublishedAsync(one);
        var (form, opened) = await FormAsync(kit, one, id);
        Assert.Equal((0, true), (opened.Draft, opened.MayEdit));
        // Nothing changed: no draft is begun.
        Assert.Equal(0, (await edits.SaveFormAsync(one, id, form, None, 0, DraftKit.Key())).Version);
        Assert.Null(await kit.Drafts.FindAsync(id));

        form["unknown"] = new JsonObject { ["deep"] = true };
        FormEdits.AddField(form, FormSpot.Section(0)).In(form)!["label"]!["zh"] = "联系地址";
        var key = DraftKit.Key();
        var saved = await edits.SaveFormAsync(one, id, form, None, 0, key);
        Assert.Equal(saved, await edits.SaveFormAsync(one, id, form, None, 0, key));
        var before = DateTimeOffset.UtcNow.AddMinutes(-1);
        var refused = await Assert.ThrowsAsync<StaleVersionException>(() => edits.SaveFormAsync(two, id, FormFilesTests.Form("marriage"), None, 0, DraftKit.Key()));
        Assert.Equal(one.Name, refused.By);
        Assert.InRange(refused.At, before, DateTimeOffset.UtcNow.AddMinutes(1));
        var (stored, again) = await FormAsync(kit, two, id);
        Assert.True(JsonNode.DeepEquals(form, stored));
        Assert.Equal((saved.Version, one.Name), (again.Draft, again.By));
        // The published version is as it was, and only looked at.
        var published = (await kit.MatterAsync(one, id, 1))!;
        Assert.False(published.MayEdit);
        Assert.DoesNotContain("联系地址", published.Files["form.json"], StringComparison.Ordinal);
        await using var db = kit.Open();
        Assert.Equal(1, await db.Set<AuditEntry>().CountAsync(a => a.Chain == AuditTrail.Matters && a.Action == "draft.saved" && a.Details.Contains(id)));
        Assert.NotNull(app);
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task New_errors_are_refused_by_their_place_and_old_ones_do_not_keep_anybody_from_saving(string kind)
    {
        var (_, kit, edits) = await StartAsync(kind);
        var by = await kit.ManagerAsync();
        var id = await kit.PublishedAsync(by);
        var (form, _) = await FormAsync(kit, by, id);
        var spot = FormEdits.AddField(form, FormSpot.Section(0));
        spot.In(form)!["showWhen"] = "item.nobody === true";
        var wrong = await Assert.ThrowsAsync<InvalidAnswersException>(() => edits.SaveFormAsync(by, id, form, None, 0, DraftKit.Key()));
        Assert.Equal($"form.json {spot.Path}.showWhen", Assert.Single(wrong.Faults).Path);
        Assert.Contains("nobody", wrong.Faults[0].Zh, StringComparison.Ordinal);
        Assert.Null(await kit.Drafts.FindAsync(id));
        // It came into the draft otherwise: by an archive, or the Studio.
        var draft = await kit.Drafts.SaveFileAsync(by, id, "form.json", form.ToJsonString(), 0, DraftKit.Key());
        FormEdits.Move(form, spot, -1);
        FormEdits.AddField(form, FormSpot.Section(0));
        await edits.SaveFormAsync(by, id, form, None, draft.Version, DraftKit.Key());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task What_is_in_use_goes_only_when_its_sender_knows(string kind)
    {
        var (_, kit, edits) = await StartAsync(kind);
        var by = await kit.ManagerAsync();
        const string id = "so-rectification";
        var (matter, opened) = await SettingsAsync(kit, by, id);
        var parameters = matter["parameters"]!.AsArray();
        var used = parameters.Select((p, i) => (Key: (string)p!["key"]!, i)).First(p => MatterEdits.UsesOf(opened.Files, $"parameters.{p.Key}").Count > 0);
        parameters.RemoveAt(used.i);
        var told = await Assert.ThrowsAsync<InvalidAnswersException>(() => edits.SaveMatterAsync(by, id, matter, None, opened.Draft, DraftKit.Key()));
        Assert.Contains(told.Faults, f => f.Path == $"parameters.{used.Key}" && f.Zh.Contains("还有地方在用", StringComparison.Ordinal));
        var saved = await edits.SaveMatterAsync(by, id, matter, new HashSet<string> { $"parameters.{used.Key}" }, opened.Draft, DraftKit.Key());
        // A role whose steps are left behind is told the same way.
        var (lean, now) = await SettingsAsync(kit, by, id);
        var role = LimitTable.Read(now.Files).First(l => l.Role is { } r && lean["roles"]!.AsArray().Any(x => (string)x!["code"]! == r)).Role!;
        foreach (var gone in lean["roles"]!.AsArray().Where(x => (string)x!["code"]! == role).ToList()) lean["roles"]!.AsArray().Remove(gone);
        Assert.Contains((await Assert.ThrowsAsync<InvalidAnswersException>(() => edits.SaveMatterAsync(by, id, lean, None, now.Draft, DraftKit.Key()))).Faults, f => f.Path == $"roles.{role}" && f.Zh.Contains("还有地方在用", StringComparison.Ordinal));
        // The check of the whole matter still says so, and it cannot be published.
        Assert.Contains(await kit.FindingsAsync(by, id), f => f.IsError && f.Text.Zh.Contains(used.Key, StringComparison.Ordinal));
        await kit.Drafts.DiscardAsync(by, id, saved.Version, DraftKit.Key());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Deadlines_are_saved_into_the_workflow_and_roles_are_counted(string kind)
    {
        var (app, kit, edits) = await StartAsync(kind);
        var by = await kit.ManagerAsync();
        const string id = "marriage";
        var saves = app.Services.GetRequiredService<LimitSaves>();
        var open = (await kit.MatterAsync(by, id))!;
        var line = LimitTable.Read(open.Files).First(l => !l.IsApplicants && l.Finish.Kind != LimitValue.Script);
        var wrong = await Assert.ThrowsAsync<InvalidAnswersException>(() => saves.SaveAsync(by, id, [line with { Finish = new(LimitValue.Limit, "3 天") }], open.Draft, DraftKit.Key()));
        Assert.Equal($"{line.File} {line.Activity}.finish", Assert.Single(wrong.Faults).Path);
        var saved = await saves.SaveAsync(by, id, [line with { Finish = new(LimitValue.Limit, "3wd") }], open.Draft, DraftKit.Key());
        var after = (await kit.MatterAsync(by, id))!;
        Assert.Equal("3wd", LimitTable.Read(after.Files).Single(l => l.File == line.File && l.Activity == line.Activity).Finish.Value);
        Assert.Equal([line.File], after.Files.Where(f => open.Files[f.Key] != f.Value).Select(f => f.Key));
        await Assert.ThrowsAsync<StaleVersionException>(() => saves.SaveAsync(by, id, [line], open.Draft, DraftKit.Key()));

        var roles = app.Services.GetRequiredService<RoleQuery>();
        var registrar = (await roles.ReadAsync(by, after)).Single(r => r.Code == Roles.MarriageRegistrar);
        await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.MarriageRegistrar, DraftKit.County));
        var more = (await roles.ReadAsync(by, after)).Single(r => r.Code == Roles.MarriageRegistrar);
        Assert.Equal((registrar.Persons + 1, 0), (more.Persons, more.Vacant));
        Assert.NotEmpty(more.Steps);
        await kit.Drafts.DiscardAsync(by, id, saved.Version, DraftKit.Key());
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Nobody_but_a_manager_of_the_county_opens_or_saves(string kind)
    {
        var (app, kit, edits) = await StartAsync(kind);
        var by = await kit.ManagerAsync();
        var id = await kit.PublishedAsync(by);
        var (form, open) = await FormAsync(kit, by, id);
        var clerk = new Viewer(by.AccountId, "窗口人员", AccountKind.Officer, [new HeldRole(Roles.Clerk, "341299101"), new HeldRole(Roles.Manager, "341299101")]);
        Assert.Null(await kit.MatterAsync(clerk, id));
        Assert.Empty(await app.Services.GetRequiredService<RoleQuery>().ReadAsync(clerk, open));
        await Assert.ThrowsAsync<NotAllowedException>(() => edits.SaveFormAsync(clerk, id, form, None, 0, DraftKit.Key()));
        await Assert.ThrowsAsync<NotAllowedException>(() => app.Services.GetRequiredService<LimitSaves>().SaveAsync(clerk, id, [], 0, DraftKit.Key()));
    }

    private static readonly HashSet<string> None = [];

    private static async Task<(JsonObject Form, OpenMatter Open)> FormAsync(DraftKit kit, Viewer by, string id)
    {
        var open = (await kit.MatterAsync(by, id))!;
        return (JsonFile.Read(open.Files["form.json"]).Root!, open);
    }

    private static async Task<(JsonObject Matter, OpenMatter Open)> SettingsAsync(DraftKit kit, Viewer by, string id)
    {
        var open = (await kit.MatterAsync(by, id))!;
        return (JsonFile.Read(open.Files["matter.json"]).Root!, open);
    }

    private async Task<(TestApp App, DraftKit Kit, MatterEdits Edits)> StartAsync(string kind)
    {
        var app = await databases.GetAsync(kind);
        return (app, new DraftKit(app), app.Services.GetRequiredService<MatterEdits>());
    }
}
