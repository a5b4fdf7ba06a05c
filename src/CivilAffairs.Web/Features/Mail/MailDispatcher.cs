using System.Collections.Concurrent;
using System.Threading.Channels;
using CivilAffairs.Web.Platform.Mail;
using CivilAffairs.Web.Platform.Outbox;
using CivilAffairs.Web.Platform.Telemetry;
using Microsoft.Extensions.Options;
using MimeKit;

namespace CivilAffairs.Web.Features.Mail;

/// <summary>
/// Sends what waits in the outbox. Four things at once: the next batch is read, letters are made, sent one after the
/// other, and what became of them is written down in groups; so the line to the server waits neither for the database
/// nor for Liquid.
/// </summary>
/// <remarks>
/// What is promised: at least once, always with the same Message-ID. Killed before a letter is sent: its hold runs out and
/// it is taken again. Killed after the server said 250 and before that is written down: the same, and the letter goes a
/// second time; at most the letters of two groups (<see cref="Unwritten"/> each) are in that gap. Killed after it is
/// written down: never again. Nothing but an answer of the server, a missing address or a wrong template changes a
/// message's state, so no letter is lost.
/// </remarks>
internal sealed partial class MailDispatcher(OutboxQueue queue, LetterMaker maker, IMailTransport transport, IOptions<MailOptions> options, TimeProvider time, ILogger<MailDispatcher> log)
{
    /// <summary>Letters made at a time, so that the makers are not woken for each one; at most four times as many lie ahead.</summary>
    internal const int Ahead = 16;

    /// <summary>Answers that wait to be written down: few while letters are few.</summary>
    internal const int Unwritten = 100;

    // So long answers gather before a commit, which costs as much as sending a dozen letters; the end of a run waits for nothing.
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(10);

    // A letter is begun only while nobody else can take it before it is through.
    private static readonly TimeSpan Needed = SmtpTransport.Longest + TimeSpan.FromSeconds(60);

    /// <summary>
    /// Sends everything that is due, in batches, and ends when nothing is or the server cannot be reached. What was taken
    /// and not tried is given back. Several may run at once, also on several nodes.
    /// </summary>
    public async Task<MailRun> RunOnceAsync(CancellationToken cancel)
    {
        if (transport.Unavailable is not null) return new MailRun();
        var run = new Run(cancel);
        try
        {
            var failures = new List<Exception>();
            var (making, writing) = (MakeAsync(run), WriteDownAsync(run));
            await EndAsync(SendAsync(run)).ConfigureAwait(false);
            await run.Stop.CancelAsync().ConfigureAwait(false);
            await EndAsync(making).ConfigureAwait(false);
            run.Answers.Writer.TryComplete();
            await EndAsync(writing).ConfigureAwait(false);
            await queue.ReleaseAsync([.. run.Untried.Values]).ConfigureAwait(false);
            if (failures.Count > 0) throw new AggregateException("The outbox could not be worked on.", failures);
            return run.Count;

            async Task EndAsync(Task task)
            {
                try
                {
                    await task.ConfigureAwait(false);
                }
                catch (OperationCanceledException) when (run.Stop.IsCancellationRequested)
                {
                    // Told to stop: what it held is given back below.
                }
                catch (ChannelClosedException)
                {
                    // The one that wrote answers down has ended, and says why itself.
                }
                catch (Exception e)
                {
                    failures.Add(e);
                }
            }
        }
        finally
        {
            run.Stop.Dispose();
        }
    }

    private async Task MakeAsync(Run run)
    {
        var stop = run.Stop.Token;
        var next = NextAsync(run);
        try
        {
            while (await next.ConfigureAwait(false) is { } batch)
            {
                next = NextAsync(run);
                foreach (var some in batch.Messages.Chunk(Ahead))
                {
                    var made = new List<(OutboxMessage, MimeMessage)>(some.Length);
                    foreach (var message in some)
                    {
                        var (letter, fault) = TryMake(batch, message);
                        if (letter is not null) made.Add((message, letter));
                        else await SettleAsync(run, message, fault!).ConfigureAwait(false);
                    }
                    await run.Letters.Writer.WriteAsync(made, stop).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            run.Letters.Writer.TryComplete();
            // Whoever was told to stop still has to know what was taken, to give it back.
            await Task.WhenAny(next).ConfigureAwait(false);
        }
    }

    /// <summary>Takes a batch and reads what its letters need; null: nothing is due any more.</summary>
    private async Task<LetterBatch?> NextAsync(Run run)
    {
        if (await queue.TakeAsync(options.Value.BatchSize, run.Stop.Token).ConfigureAwait(false) is not { Count: > 0 } taken) return null;
        foreach (var message in taken) run.Untried[message.Id] = message;
        return await maker.PrepareAsync(taken, run.Stop.Token).ConfigureAwait(false);
    }

    private (MimeMessage? Letter, Settled? Fault) TryMake(LetterBatch batch, OutboxMessage message)
    {
        try
        {
            var (letter, fault) = batch.Make(message);
            return (letter, fault is null ? null : BackOff.Park(message, fault));
        }
        catch (Exception e)
        {
            // One letter that cannot be made must not keep the others back. Its words may be personal; its kind is not.
            NotMade(log, message.Id, e.GetType().Name);
            return (null, BackOff.Settle(message, new MailAnswer(MailVerdict.Later, e.GetType().Name), time.GetUtcNow(), options.Value.MaxAttempts));
        }
    }

    private async Task SendAsync(Run run)
    {
        var earliest = time.GetUtcNow();
        await foreach (var made in run.Letters.Reader.ReadAllAsync(run.Stop.Token).ConfigureAwait(false))
        foreach (var (message, letter) in made)
        {
            using var sent = letter;
            var now = time.GetUtcNow();
            if (earliest > now) await Task.Delay(earliest - now, time, run.Stop.Token).ConfigureAwait(false);
            if (options.Value.RatePerSecond > 0) earliest = time.GetUtcNow() + TimeSpan.FromSeconds(1 / options.Value.RatePerSecond);
            if (message.HeldUntil - time.GetUtcNow() < Needed) continue;
            // From here on it is not given back: the server may have it. Not cancelled either; it ends by itself.
            run.Untried.TryRemove(message.Id, out _);
            var answer = await transport.SendAsync(letter, CancellationToken.None).ConfigureAwait(false);
            await SettleAsync(run, message, BackOff.Settle(message, answer, time.GetUtcNow(), options.Value.MaxAttempts)).ConfigureAwait(false);
            // True of every other letter too: they wait for the next run instead of each using up a try.
            if (answer.Verdict is MailVerdict.Unreachable or MailVerdict.Broken) return;
        }
    }

    private async Task SettleAsync(Run run, OutboxMessage message, Settled settled)
    {
        run.Untried.TryRemove(message.Id, out _);
        if (settled.State == OutboxState.Parked) Parked(log, message.Id, settled.Reason);
        ProductTelemetry.Letters.Add(1, new KeyValuePair<string, object?>("civilaffairs.letter.state", settled.State switch { OutboxState.Sent => "sent", OutboxState.Parked => "parked", OutboxState.Dropped => "dropped", _ => "later" }));
        lock (run.Count) run.Count.Add(settled.State);
        await run.Answers.Writer.WriteAsync(settled, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Writes answers down in groups; while one is being committed the next gathers.</summary>
    private async Task WriteDownAsync(Run run)
    {
        var group = new List<Settled>(Unwritten);
        try
        {
            while (await run.Answers.Reader.WaitToReadAsync().ConfigureAwait(false))
            {
                await Task.Delay(Gather, run.Stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                while (group.Count < Unwritten && run.Answers.Reader.TryRead(out var settled)) group.Add(settled);
                await PatientlyAsync(group).ConfigureAwait(false);
                group.Clear();
            }
        }
        catch (Exception e)
        {
            // Nobody writes answers down any more: nothing may be sent any more either.
            run.Answers.Writer.TryComplete(e);
            await run.Stop.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    // Letters that went and are not written down go twice, so the database gets some chances.
    private async Task PatientlyAsync(List<Settled> group)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await queue.SettleAsync(group).ConfigureAwait(false);
                return;
            }
            catch (Exception) when (attempt < 5)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100 * attempt * attempt)).ConfigureAwait(false);
            }
        }
    }

    [LoggerMessage(EventId = 4000, Level = LogLevel.Error, Message = "Message {Letter} could not be made: {Kind}")]
    private static partial void NotMade(ILogger log, Guid letter, string kind);

    [LoggerMessage(EventId = 4001, Level = LogLevel.Warning, Message = "Message {Letter} was parked: {Reason}")]
    private static partial void Parked(ILogger log, Guid letter, string? reason);

    private sealed class Run(CancellationToken cancel)
    {
        internal CancellationTokenSource Stop { get; } = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        internal Channel<List<(OutboxMessage Message, MimeMessage Letter)>> Letters { get; } = Channel.CreateBounded<List<(OutboxMessage, MimeMessage)>>(new BoundedChannelOptions(2) { SingleReader = true, SingleWriter = true });
        internal Channel<Settled> Answers { get; } = Channel.CreateBounded<Settled>(new BoundedChannelOptions(Unwritten) { SingleReader = true });
        internal ConcurrentDictionary<Guid, OutboxMessage> Untried { get; } = new();
        internal MailRun Count { get; } = new();
    }
}

/// <summary>What a run did with messages.</summary>
internal sealed class MailRun
{
    internal int Sent { get; private set; }
    internal int Later { get; private set; }
    internal int Parked { get; private set; }

    internal void Add(OutboxState state)
    {
        if (state == OutboxState.Sent) Sent++;
        else if (state == OutboxState.Parked) Parked++;
        else Later++;
    }
}
