using System.Net.Sockets;
using System.Reflection;
using CivilAffairs.Web.Platform.Logging;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CivilAffairs.Tests.Platform.Logging;

public sealed class LoggedExceptionTests
{
    [Fact]
    public void Words_that_may_quote_somebody_are_left_out_and_those_of_machines_stay()
    {
        var refused = new PostgresException("invalid input syntax: \"王建国\"", "ERROR", "ERROR", "22P02", detail: "Key (name)=(王建国)");
        var text = new LoggedException(Thrown(new InvalidOperationException("王建国", new AggregateException(new FormatException("王建国"), new SocketException(111), refused)))).ToString();
        Assert.DoesNotContain("王建国", text, StringComparison.Ordinal);
        foreach (var kept in new[] { "System.InvalidOperationException", "---> System.FormatException", "System.Net.Sockets.SocketException: Connection refused", "Npgsql.PostgresException: 22P02", nameof(Thrown) })
            Assert.Contains(kept, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_log_event_has_an_id_of_its_own()
    {
        var events = typeof(Program).Assembly.GetTypes().SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly))
            .Select(m => (Name: $"{m.DeclaringType!.Name}.{m.Name}", Event: m.GetCustomAttribute<LoggerMessageAttribute>())).Where(m => m.Event is not null).ToList();
        Assert.True(events.Count > 12);
        Assert.Empty(Faults(events.Select(e => (e.Name, e.Event!.EventId))));
        Assert.Equal(["a", "b", "c"], Faults([("a", 7), ("b", 7), ("c", -1), ("d", 8)]).Order());
    }

    private static IEnumerable<string> Faults(IEnumerable<(string Name, int Id)> events) => events.GroupBy(e => e.Id).Where(g => g.Key <= 0 || g.Count() > 1).SelectMany(g => g.Select(e => e.Name));

    private static Exception Thrown(Exception exception)
    {
        try
        {
            throw exception;
        }
        catch (Exception e)
        {
            return e;
        }
    }
}
