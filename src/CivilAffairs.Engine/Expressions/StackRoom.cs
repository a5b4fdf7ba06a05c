using System.Runtime.ExceptionServices;
using System.Text.RegularExpressions;

namespace CivilAffairs.Engine.Expressions;

/// <summary>
/// Room for expressions that could go deep. The engines behind JavaScript and Liquid recurse natively where they parse
/// and where they write a nested value, and a stack that overflows ends the whole process: no exception, no fault.
/// What a loop, a function or a long text may nest is bounded by the limits on statements, memory and length, and fits
/// into the stack that such a text gets here.
/// </summary>
public static partial class StackRoom
{
    /// <summary>Longer than any expression a person writes; bounds how deep a text can nest.</summary>
    public const int MaxLength = 32_768;

    private const int ShortText = 1_000;
    private const int Bytes = 512 * 1024 * 1024; // address space only: pages are taken when they are touched

    [ThreadStatic] private static bool isRoomy;

    /// <summary>Runs the work, on a thread with room where the text could need it.</summary>
    /// <param name="maxLength">Where a text may be longer than an expression: at most 200,000 characters fit the room.</param>
    /// <exception cref="ExpressionException">The text is longer than that. Exceptions of the work come through as they are.</exception>
    public static T Run<T>(string source, Func<T> work, int maxLength = MaxLength)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(work);
        if (source.Length > maxLength) throw new ExpressionException($"The text is longer than {maxLength} characters.");
        return CouldNeed(source) ? WithRoom(work) : work();
    }

    /// <summary>The same for a piece of work that evaluates several texts: one thread for all of them.</summary>
    public static T Run<T>(IEnumerable<string> sources, Func<T> work)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(work);
        return sources.Any(CouldNeed) ? WithRoom(work) : work();
    }

    private static bool CouldNeed(string source) => source.Length > ShortText || CanGoDeep().IsMatch(source);

    private static T WithRoom<T>(Func<T> work)
    {
        // Inside a larger piece of work that got its room already.
        if (isRoomy) return work();
        var result = default(T);
        ExceptionDispatchInfo? thrown = null;
        var thread = new Thread(() =>
        {
            isRoomy = true;
            try { result = work(); }
            catch (Exception e) { thrown = ExceptionDispatchInfo.Capture(e); }
        }, Bytes) { IsBackground = true };
        thread.Start();
        thread.Join();
        thrown?.Throw();
        return result!;
    }

    /// <summary>Loops, functions, and built-in functions that call others; Liquid that repeats.</summary>
    [GeneratedRegex(@"=>|\)\s*\{|\b(for|while|do|function|class|get|set|Function|eval|Proxy|reduce|reduceRight|bind|call|apply|from|flatMap|map)\b|\{%-?\s*(for|tablerow|capture)")]
    private static partial Regex CanGoDeep();
}
