using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Acornima;
using Jint;
using Jint.Native;
using Jint.Runtime;

namespace CivilAffairs.Engine.Expressions;

/// <summary>
/// JavaScript expressions with Jint: bounded in statements, time, memory and depth; no clock but the step's, no chance
/// but the step's seed, no access to .NET beyond the types Elsa names.
/// </summary>
internal static partial class JavaScript
{
    private const int MaxCached = 2_000;
    private static readonly ScriptPreparationOptions Preparation = new()
    {
        ParsingOptions = new ScriptParsingOptions { AllowReturnOutsideFunction = true, Tolerant = false },
    };
    private static readonly ConcurrentDictionary<string, PreparedScript> Scripts = new();

    /// <exception cref="ExpressionException">It does not parse, throws, or exceeds its bounds.</exception>
    internal static object? Evaluate(string source, IScope scope) => Run(source, scope, null);

    /// <param name="outcomes">Where given, <c>setOutcome</c> and <c>setOutcomes</c> add to it.</param>
    internal static object? Run(string source, IScope scope, ScriptOutcomes? outcomes) =>
        string.IsNullOrWhiteSpace(source) ? null : Run(source, Prepare(source), scope, outcomes);

    private static object? Run(string source, PreparedScript prepared, IScope scope, ScriptOutcomes? outcomes) =>
        prepared.Call is { } call && call.TryEvaluate(scope, out var read) ? read : StackRoom.Run(source, () => RunHere(prepared, scope, outcomes));

    private static object? RunHere(PreparedScript prepared, IScope scope, ScriptOutcomes? outcomes)
    {
        using var engine = JavaScriptHost.Create(scope);
        try
        {
            var binding = new JavaScriptBinding(engine, scope, prepared.Names, prepared.VariableNames);
            binding.Install(outcomes);
            var result = engine.Evaluate(prepared.Script);
            var value = binding.Original(result) ?? JavaScriptHost.ToClr(engine, JavaScriptHost.Settled(engine, result));
            binding.KeepMutations();
            return value;
        }
        catch (JavaScriptException e)
        {
            throw new ExpressionException(e.Message, e);
        }
        catch (Exception e) when (e is StatementsCountOverflowException or TimeoutException or MemoryLimitExceededException or RecursionDepthOverflowException or ExecutionCanceledException)
        {
            throw new ExpressionException($"The script exceeds its bounds: {e.Message}", e);
        }
        catch (Exception e) when (e is not ExpressionException)
        {
            throw new ExpressionException(e.Message, e);
        }
    }

    /// <summary>Null where the source parses, else the parser's message.</summary>
    internal static string? Check(string source)
    {
        try
        {
            if (!string.IsNullOrWhiteSpace(source)) Prepare(source);
            return null;
        }
        catch (ExpressionException e)
        {
            return e.Message;
        }
    }

    private static PreparedScript Prepare(string source)
    {
        if (Scripts.TryGetValue(source, out var known)) return known;
        if (source.Length > StackRoom.MaxLength) throw new ExpressionException($"The script is longer than {StackRoom.MaxLength} characters.");
        // On the caller's stack: this parser watches it by itself, and with more room a deep text would take it gigabytes.
        Prepared<Acornima.Ast.Script> script;
        try
        {
            script = Jint.Engine.PrepareScript(source, options: Preparation);
        }
        catch (Exception e) when (e is ParseErrorException or ScriptPreparationException or InsufficientExecutionStackException)
        {
            throw new ExpressionException(e.InnerException?.Message ?? e.Message, e);
        }
        var names = Identifier().Matches(source).Select(m => m.Value).ToHashSet(StringComparer.Ordinal);
        var variables = VariableAccess().Matches(source).Select(m => m.Groups[1].Value).ToHashSet(StringComparer.Ordinal);
        var prepared = new PreparedScript(script, names, variables, DirectCall.Of(source));
        if (Scripts.Count < MaxCached) Scripts.TryAdd(source, prepared);
        return prepared;
    }

    private sealed record PreparedScript(Prepared<Acornima.Ast.Script> Script, IReadOnlySet<string> Names, IReadOnlySet<string> VariableNames, DirectCall? Call);

    [GeneratedRegex(@"[\p{L}_$][\p{L}\p{N}_$]*")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"\bvariables\.([\p{L}_$][\p{L}\p{N}_$]*)")]
    private static partial Regex VariableAccess();
}

/// <summary>Outcomes that a script has named.</summary>
internal sealed class ScriptOutcomes
{
    /// <summary>Null where it named none, which means Done; an empty list is no way on.</summary>
    internal List<string>? Names { get; set; }
}
