using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace CivilAffairs.Web.Platform.Logging;

/// <summary>
/// The built-in JSON console, one line an event, but without the words of exceptions (<see cref="LoggedException"/>) and
/// without the raw path that ASP.NET puts around every event: paths hold codes that open things, templates do not.
/// </summary>
internal sealed class PrivateJsonFormatter(IServiceProvider services) : ConsoleFormatter(FormatterName)
{
    internal const string FormatterName = "civilaffairs-json";
    private ConsoleFormatter? json;

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        // Not in the constructor: this is one of the formatters that are being made there.
        json ??= services.GetServices<ConsoleFormatter>().First(f => f.Name == ConsoleFormatterNames.Json);
        var exception = logEntry.Exception is { } original ? new LoggedException(original) : null;
        json.Write(new LogEntry<TState>(logEntry.LogLevel, logEntry.Category, logEntry.EventId, logEntry.State, exception, logEntry.Formatter),
            scopeProvider is null ? null : new WithoutPath(scopeProvider), textWriter);
    }

    private sealed class WithoutPath(IExternalScopeProvider inner) : IExternalScopeProvider
    {
        public IDisposable Push(object? state) => inner.Push(state);

        public void ForEachScope<TState>(Action<object?, TState> callback, TState state) =>
            inner.ForEachScope(static (scope, all) => all.callback(Cleaned(scope), all.state), (callback, state));

        private static object? Cleaned(object? scope) => scope is IReadOnlyList<KeyValuePair<string, object?>> values && values.Any(v => v.Key == "RequestPath")
            ? new Request([.. values.Where(v => v.Key == "RequestId")])
            : scope;
    }

    private sealed class Request(IEnumerable<KeyValuePair<string, object?>> values) : List<KeyValuePair<string, object?>>(values)
    {
        public override string ToString() => string.Join(' ', this.Select(v => $"{v.Key}:{v.Value}"));
    }
}
