using CivilAffairs.Web.Features.Cases;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Demo;
using CivilAffairs.Web.Features.Matters;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Trials.Support;

/// <summary>Cases as people's decisions leave them, in the database that products will share.</summary>
internal static class Played
{
    private const string Village = "341299101201";

    /// <summary>A household's story in a year whose working days are known, told until an instant of its own.</summary>
    public static async Task<Guid> PlayAsync(IServiceProvider services, int number, Func<ExampleFile, DateTimeOffset> until)
    {
        var revision = services.GetRequiredService<MatterLibrary>().Find("rural-dibao")!;
        var story = DemoStories.Place(revision.Examples["granted.json"], new DemoStory("granted", 2), number, Village, new DateOnly(2026, 4, 1));
        var player = new StoryPlayer(services, new StoryClock(story.At), (task, by) => new Viewer(Guid.NewGuid(), by, AccountKind.Officer, [new HeldRole(task.Role, task.Division)]));
        return await player.PlayAsync(revision, story, new Viewer(Guid.NewGuid(), "申请人", AccountKind.Applicant, []), until(story));
    }

    public static async Task<IReadOnlyList<Account>> OfficersAsync(IWriter writer, string password, params (string Name, string Role, string Division)[] officers)
    {
        var maker = new AccountMaker(new PasswordHasher<Account>(), new UpperInvariantLookupNormalizer(), TimeProvider.System);
        var accounts = officers.Select(o => maker.Officer(o.Name, o.Name, password, new HeldRole(o.Role, o.Division))).ToList();
        foreach (var account in accounts) account.Email = $"{account.UserName}@county.example";
        await writer.WriteAsync((db, _) =>
        {
            db.AddRange(accounts);
            return Task.FromResult(0);
        });
        return accounts;
    }

    /// <summary>Everybody has an address, so that there are letters.</summary>
    public static async Task EmailsAsync(IServiceProvider services)
    {
        var (ring, cipher) = (services.GetRequiredService<KeyRing>(), services.GetRequiredService<FieldCipher>());
        await services.GetRequiredService<IWriter>().WriteAsync(async (db, cancel) =>
        {
            foreach (var person in await db.Set<Person>().ToListAsync(cancel)) person.Reach(ring, cipher, null, $"p{person.Id:N}@people.example");
            return 0;
        });
    }
}
