using System.Text.Json.Nodes;
using CivilAffairs.Tests.Support;
using CivilAffairs.Tests.Support.Api;
using CivilAffairs.Web.Features.Cases.Commands;
using CivilAffairs.Web.Features.Cases.Model;
using CivilAffairs.Web.Features.Designer.Moves;
using CivilAffairs.Web.Platform.Data;
using CivilAffairs.Web.Platform.Security;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace CivilAffairs.Tests.Features.Designer.Moves;

/// <summary>What would become of all running cases of a matter, however many, and an order that names them all.</summary>
public sealed class MoveTotalsTests
{
    private const int Many = 2_300;

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task Totals_count_every_case_and_say_why_others_stay(string kind)
    {
        await using var app = await Databases.StartAsync(kind);
        var kit = new MoveKit(app);
        for (var i = 0; i < 12; i++) await kit.PlayAsync(700 + i, MoveKit.Stages[i % MoveKit.Stages.Count]);
        var target = await Versions.PublishAsync(app, kit.Shipped, j => Versions.WithReview(j));
        var (account, manager) = await Versions.ManagerAsync(app);
        var totals = kit.Service<MoveTotals>();
        MoveWish Wish(string to, string? number = null) => new("rural-dibao", to, null, number, new Dictionary<string, IReadOnlyDictionary<string, string>>());

        var whole = await totals.CountAsync(manager, Wish(target.Hash));
        Assert.Equal((12, 12, 12, 0, true), (whole.Total, whole.Dealt, whole.Safe, whole.Stays, whole.IsWhole));
        Assert.Equal(4, whole.Remarked);
        Assert.Empty(whole.Stay);

        // The totals are what the pages of the preview add up to, with a step renamed and unplaced.
        var renamed = await Versions.PublishAsync(app, kit.Shipped, Versions.WithOpinionRenamed);
        var counted = await totals.CountAsync(manager, Wish(renamed.Hash));
        var pages = new List<PreviewLine>();
        for (var page = 1; page <= 4; page++) pages.AddRange((await kit.Service<MoveQuery>().PreviewAsync(manager, Wish(renamed.Hash), page, 3)).Lines);
        Assert.Equal((12, pages.Count(p => p.Safe), pages.Count(p => !p.Safe)), (counted.Total, counted.Safe, counted.Stays));
        Assert.True(counted.Stays > 0);
        Assert.Equal(pages.SelectMany(p => p.Faults.Distinct()).GroupBy(f => f).ToDictionary(g => g.Key, g => g.Count()), counted.Stay.ToDictionary(s => s.Why, s => s.Cases));
        Assert.Equal(counted.Stay.Select(s => s.Cases).OrderDescending(), counted.Stay.Select(s => s.Cases));
        var one = pages[0].Number;
        Assert.Equal(1, (await totals.CountAsync(manager, Wish(renamed.Hash, one))).Total);

        using var caller = await ApiCaller.AsAsync(app, account.UserName!);
        var answer = (await caller.DoAsync(HttpMethod.Post, "/matters/rural-dibao/moves/preview/totals", new JsonObject { ["to"] = renamed.Hash }))!;
        Assert.Equal((counted.Total, counted.Safe, counted.Stay[0].Cases), ((int)answer["cases"]!, (int)answer["safe"]!, (int)answer["stay"]![0]!["cases"]!));

        // A version of nothing, and somebody who manages nothing.
        await Assert.ThrowsAsync<UnknownCaseException>(() => totals.CountAsync(manager, Wish("0")));
        await Assert.ThrowsAsync<UnknownCaseException>(() => totals.CountAsync(new Viewer(manager.AccountId, "", AccountKind.Officer, [new HeldRole(Roles.Clerk, "341299700")]), Wish(target.Hash)));
    }

    [Theory, MemberData(nameof(Databases.Both), MemberType = typeof(Databases))]
    public async Task More_than_two_thousand_are_counted_batch_by_batch_and_ordered_at_once(string kind)
    {
        await using var app = await Databases.StartAsync(kind);
        var kit = new MoveKit(app);
        var played = await kit.PlayAsync(700, MoveKit.Stages[0]);
        await AddAsync(kit, played, Many);
        var target = await Versions.PublishAsync(app, kit.Shipped, j => Versions.WithReview(j));
        var (_, manager) = await Versions.ManagerAsync(app);
        var wish = new MoveWish("rural-dibao", target.Hash, null, null, new Dictionary<string, IReadOnlyDictionary<string, string>>());

        var steps = new List<int>();
        var totals = await kit.Service<MoveTotals>().CountAsync(manager, wish, so =>
        {
            steps.Add(so.Dealt);
            Assert.Equal(Many + 1, so.Total);
            return Task.CompletedTask;
        });
        Assert.Equal((Many + 1, 1, Many), (totals.Total, totals.Safe, totals.Stays));
        Assert.Equal(("NotRunning", Many), (Assert.Single(totals.Stay).Why.Code, totals.Stay[0].Cases));
        // Never more than a batch at once.
        Assert.All(steps.Prepend(0).Zip(steps), s => Assert.InRange(s.Second - s.First, 1, MoveTotals.Batch));
        // Who leaves the page ends the count.
        using var gone = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => kit.Service<MoveTotals>().CountAsync(manager, wish, _ => gone.CancelAsync(), gone.Token));

        // So many by name are too many; all of them are not, in one transaction and once.
        await using var db = kit.Open();
        var chosen = await db.Set<Case>().Select(c => new ChosenCase(c.Id, c.Version)).ToListAsync();
        MoveOrder Order(bool all) => new(target.Hash, all, null, all ? [] : chosen, new Dictionary<string, IReadOnlyDictionary<string, string>>(), false, "县局要求增加复审");
        var refused = await Assert.ThrowsAsync<InvalidAnswersException>(() => kit.Orders.StartAsync(manager, "rural-dibao", Order(all: false), "many"));
        Assert.Equal("cases", refused.Faults[0].Path);
        var move = await kit.Orders.StartAsync(manager, "rural-dibao", Order(all: true), "all");
        Assert.Equal(move, await kit.Orders.StartAsync(manager, "rural-dibao", Order(all: true), "all"));
        Assert.Equal((1, Many + 1), (await db.Set<CaseMove>().CountAsync(), await db.Set<CaseMoveEntry>().CountAsync(e => e.MoveId == move && e.State == MoveEntryState.Waiting)));
        // A cut within the order leaves nothing of it.
        await Assert.ThrowsAnyAsync<Exception>(() => new MoveCommands(kit.Commands(new CutWithin(kit.Service<IWriter>())), kit.Service<CivilAffairs.Web.Features.Matters.MatterLibrary>()).StartAsync(manager, "rural-dibao", Order(all: true), "cut"));
        Assert.Equal((1, Many + 1), (await db.Set<CaseMove>().CountAsync(), await db.Set<CaseMoveEntry>().CountAsync()));
    }

    /// <summary>The power fails when everything is written and nothing is committed.</summary>
    private sealed class CutWithin(IWriter inner) : IWriter
    {
        public Task<T> WriteAsync<T>(Func<CivilAffairsDb, CancellationToken, Task<T>> work, CancellationToken cancel = default) => inner.WriteAsync<T>(async (db, stop) =>
        {
            await work(db, stop);
            throw new TimeoutException();
        }, cancel);

        public Task<T> WriteGuardedAsync<T>(Func<CivilAffairsDb, CancellationToken, Task<T>> work, CancellationToken cancel = default) => WriteAsync(work, cancel);
    }

    /// <summary>Further cases of the same place that have no workflow any more: rows alone, since a county takes years to file so many.</summary>
    private static async Task AddAsync(MoveKit kit, Guid like, int count)
    {
        for (var done = 0; done < count; done += 200)
        {
            var from = done;
            await kit.Service<IWriter>().WriteAsync(async (db, stop) =>
            {
                var original = await db.Set<Case>().AsNoTracking().FirstAsync(c => c.Id == like, stop);
                for (var i = from; i < Math.Min(count, from + 200); i++)
                {
                    var entry = db.Entry(original);
                    var copy = (Case)entry.CurrentValues.ToObject();
                    copy.Id = Guid.CreateVersion7();
                    copy.Number = $"{original.Number}-{i}";
                    db.Add(copy);
                }
                return 0;
            });
        }
    }
}
