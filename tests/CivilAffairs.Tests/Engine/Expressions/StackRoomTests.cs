using System.Globalization;
using CivilAffairs.Engine.Expressions;
using Xunit;

namespace CivilAffairs.Tests.Engine.Expressions;

/// <summary>Threads with room for what goes deep: kept for the next work, left after one that failed, and no different from the caller's otherwise.</summary>
public sealed class StackRoomTests
{
    private const string Deep = "(() => 1)()"; // the text alone decides who gets room
    [ThreadStatic] private static int works;

    [Fact]
    public void A_thread_serves_more_than_one_work()
    {
        // Others run here too and may take it meanwhile: of so many works some meet the same one.
        Assert.Contains(Enumerable.Range(0, 50).Select(_ => StackRoom.Run(Deep, () => ++works)), seen => seen > 1);
        var here = Environment.CurrentManagedThreadId;
        Assert.NotEqual(here, StackRoom.Run(Deep, () => Environment.CurrentManagedThreadId));
        Assert.Equal(here, StackRoom.Run("1 + 1", () => Environment.CurrentManagedThreadId));
    }

    [Fact]
    public void It_has_room_and_work_within_work_stays_there()
    {
        Assert.Equal(100_000, StackRoom.Run(Deep, () => Down(100_000)));
        Assert.True(StackRoom.Run(Deep, () => Environment.CurrentManagedThreadId == StackRoom.Run(Deep, () => Environment.CurrentManagedThreadId)));
    }

    [Fact]
    public void What_fails_comes_through_and_its_thread_ends()
    {
        Thread? its = null;
        var fault = Assert.Throws<ExpressionException>(() => StackRoom.Run<int>(Deep, () => { its = Thread.CurrentThread; throw new ExpressionException("no"); }));
        Assert.Equal("no", fault.Message);
        Assert.Contains(nameof(What_fails_comes_through_and_its_thread_ends), fault.StackTrace, StringComparison.Ordinal);
        Assert.True(its!.Join(TimeSpan.FromMinutes(1)));
    }

    [Fact]
    public void The_caller_s_culture_and_context_go_with_it()
    {
        var (before, local) = (CultureInfo.CurrentCulture, new AsyncLocal<string>());
        try
        {
            foreach (var name in (string[])["de-DE", "zh-CN", "fr-FR"])
            {
                (CultureInfo.CurrentCulture, local.Value) = (CultureInfo.GetCultureInfo(name), name);
                Assert.Equal((name, name), StackRoom.Run(Deep, () => (CultureInfo.CurrentCulture.Name, local.Value)));
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public async Task Many_at_once_each_get_their_own()
    {
        using var all = new CountdownEvent(20);
        // Each waits for all others: with fewer threads than works this would not end.
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Factory.StartNew(() => StackRoom.Run(Deep, () =>
        {
            all.Signal();
            return all.Wait(TimeSpan.FromMinutes(1)) ? i : -1;
        }), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        Assert.Equal(Enumerable.Range(0, 20), answers);
    }

    private static int Down(int depth)
    {
        Span<byte> some = stackalloc byte[200];
        some[depth % 200] = 1;
        return depth == 0 ? 0 : Down(depth - 1) + some[depth % 200];
    }
}
