using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Web.Features.Designer;
using CivilAffairs.Web.Features.Designer.Drafts;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Features.Designer;

/// <summary>Managers at work on a matter of their own, so that tests of one app do not meet.</summary>
internal sealed class DraftKit(TestApp app)
{
    public const string County = "341299";

    public MatterDrafts Drafts => app.Services.GetRequiredService<MatterDrafts>();

    public MatterLibrary Library => app.Services.GetRequiredService<MatterLibrary>();

    /// <summary>A matter as editors open it.</summary>
    public Task<OpenMatter?> MatterAsync(Viewer by, string id, int? number = null) => app.Services.GetRequiredService<OpenMatters>().FindAsync(by, id, number);

    public Task<IReadOnlyList<MatterFault>> FindingsAsync(Viewer by, string id) => app.Services.GetRequiredService<DesignerQuery>().FindingsAsync(by, id);

    public CivilAffairsDb Open() => app.Services.GetRequiredService<IReader>().Open();

    public static string Key() => Guid.NewGuid().ToString("N");

    public static string NewId() => $"m-{Guid.NewGuid().ToString("N")[..12]}";

    /// <summary>With an account, so that refusals can name them.</summary>
    public async Task<Viewer> ManagerAsync()
    {
        var account = await TestAccounts.OfficerAsync(app, null, new HeldRole(Roles.Manager, County));
        return new Viewer(account.Id, account.DisplayName, AccountKind.Officer, [new HeldRole(Roles.Manager, County)]);
    }

    /// <summary>A new matter, published as its first version.</summary>
    public async Task<string> PublishedAsync(Viewer by, Action<JsonObject>? matter = null)
    {
        var id = NewId();
        var saved = await Drafts.NewAsync(by, id, new Words { Zh = "村规民约备案", En = "Village rules" }, null, Key());
        if (matter is not null) saved = await EditAsync(by, id, matter, saved.Version);
        await Drafts.PublishAsync(by, id, "新开事项", saved.Version, Key());
        return id;
    }

    /// <summary>Changes matter.json of the draft, or of the current version.</summary>
    public async Task<DraftSaved> EditAsync(Viewer by, string id, Action<JsonObject> change, int expected, string? key = null)
    {
        var bundle = (await Drafts.FindAsync(id))?.Bundle ?? Library.Find(id)!.Bundle;
        var matter = JsonNode.Parse(MatterBundle.Read(bundle)["matter.json"])!.AsObject();
        change(matter);
        return await Drafts.SaveFileAsync(by, id, "matter.json", matter.ToJsonString(MatterJson.Options), expected, key ?? Key());
    }

    public Task<DraftSaved> RenameAsync(Viewer by, string id, string name, int expected, string? key = null) => EditAsync(by, id, m => m["name"]!["zh"] = name, expected, key);

    public async Task<List<PublishedRevision>> VersionsAsync(string id)
    {
        await using var db = Open();
        return await db.Set<PublishedRevision>().Where(r => r.Matter == id).OrderBy(r => r.Number).ToListAsync();
    }
}
