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
        Room.Take().Run(() => result = work());
        return result!;
    }

    /// <summary>Loops, functions, and built-in functions that call others; Liquid that repeats.</summary>
    [GeneratedRegex(@"=>|\)\s*\{|\b(for|while|do|function|class|get|set|Function|eval|Proxy|reduce|reduceRight|bind|call|apply|from|flatMap|map)\b|\{%-?\s*(for|tablerow|capture)")]
    private static partial Regex CanGoDeep();

    /// <summary>
    /// A thread with room. To begin one takes as long as a short script, so it waits a while for the next work. The pages of
    /// its stack that a deep work took are given back with it: after a work that failed, after some, and when nobody comes.
    /// </summary>
    private sealed class Room
    {
        private const int MostWorks = 200, MostFree = 8;
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
        private static readonly List<Room> Free = []; // the last is taken first, so that the others may end
        private readonly object turn = new();
        private bool isAsked, isDone;
        private Action? work;
        private ExceptionDispatchInfo? thrown;
        private int works;

        private Room() => new Thread(Serve, Bytes) { IsBackground = true, Name = "Expressions" }.UnsafeStart();

        public static Room Take()
        {
            lock (Free)
            {
                if (Free.Count == 0) return new Room();
                var room = Free[^1];
                Free.RemoveAt(Free.Count - 1);
                return room;
            }
        }

        /// <summary>Runs it there, in the caller's culture and the rest of its context, and waits. After that the room is anybody's.</summary>
        public void Run(Action given)
        {
            work = ExecutionContext.Capture() is { } context ? () => ExecutionContext.Run(context, static run => ((Action)run!)(), given) : given;
            lock (turn)
            {
                Ask();
                while (!isDone) Monitor.Wait(turn);
                isDone = false;
            }
            var fault = thrown;
            (work, thrown) = (null, null);
            if (fault is not null || ++works == MostWorks || !Keep())
                lock (turn) Ask(); // for nothing: it ends
            fault?.Throw();
        }

        private void Ask()
        {
            isAsked = true;
            Monitor.PulseAll(turn);
        }

        private bool Keep()
        {
            lock (Free)
            {
                if (Free.Count == MostFree) return false;
                Free.Add(this);
                return true;
            }
        }

        private void Serve()
        {
            isRoomy = true;
            while (IsWanted() && work is { } given)
            {
                try
                {
                    given();
                }
                catch (Exception e)
                {
                    thrown = ExceptionDispatchInfo.Capture(e);
                }
                lock (turn)
                {
                    isDone = true;
                    Monitor.PulseAll(turn);
                }
            }
        }

        /// <returns>False: nobody has come for a while, and nobody will.</returns>
        private bool IsWanted()
        {
            lock (turn)
            {
                while (!isAsked)
                {
                    if (Monitor.Wait(turn, Patience) || isAsked) continue;
                    // Where it is not free somebody took it in that moment and has not said yet what for.
                    lock (Free)
                        if (Free.Remove(this)) return false;
                }
                isAsked = false;
                return true;
            }
        }
    }
}
