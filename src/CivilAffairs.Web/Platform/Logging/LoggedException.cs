using System.Data.Common;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CivilAffairs.Web.Platform.Logging;

/// <summary>
/// An exception as it may stand in a log: kinds and stacks. The words of most exceptions quote what somebody typed
/// (“'…' is not a number”); they are kept only of kinds that speak of machines.
/// </summary>
internal sealed class LoggedException(Exception original) : Exception
{
    public override string ToString()
    {
        var text = new StringBuilder();
        Write(text, original, 0);
        return text.ToString();
    }

    private static void Write(StringBuilder text, Exception exception, int depth)
    {
        // Deeper chains say nothing new.
        if (depth > 8) return;
        text.Append(depth == 0 ? "" : "\n ---> ").Append(exception.GetType().FullName);
        if (Words(exception) is { } words) text.Append(": ").Append(words);
        foreach (var inner in exception is AggregateException many ? many.InnerExceptions.Take(8) : exception.InnerException is { } one ? [one] : []) Write(text, inner, depth + 1);
        if (exception.StackTrace is { } stack) text.Append('\n').Append(stack);
    }

    private static string? Words(Exception exception) => exception switch
    {
        // The server's words may quote a value, its code does not.
        PostgresException refused => refused.SqlState,
        DbException or SocketException or IOException or TimeoutException or UnauthorizedAccessException or OptionsValidationException => exception.Message,
        _ => null,
    };
}
