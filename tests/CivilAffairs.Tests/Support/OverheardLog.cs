using System.Collections.Concurrent;
using CivilAffairs.Web.Platform.Logging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace CivilAffairs.Tests.Support;

/// <summary>Hears the log of a product outside Development as it would stand on its standard output, line by line.</summary>
internal sealed class OverheardLog(IServiceProvider services) : ILoggerProvider, ISupportExternalScope
{
    private IExternalScopeProvider? scopes;
    private ConsoleFormatter? formatter;

    public ConcurrentQueue<string> Lines { get; } = new();

    // Asked for when something is logged: loggers are made before all else.
    private ConsoleFormatter Formatter => formatter ??= services.GetServices<ConsoleFormatter>().First(f => f.Name == PrivateJsonFormatter.FormatterName);

    public ILogger CreateLogger(string categoryName) => new Ear(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => scopes = scopeProvider;

    public void Dispose()
    {
    }

    private sealed class Ear(OverheardLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => log.scopes?.Push(state);

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            using var text = new StringWriter();
            log.Formatter.Write(new LogEntry<TState>(logLevel, category, eventId, state, exception, formatter), log.scopes, text);
            log.Lines.Enqueue(text.ToString());
        }
    }
}
