namespace CivilAffairs.Tests.Support;

/// <summary>The moments of a conversation at which something can be made to go wrong.</summary>
public enum SmtpMoment
{
    /// <summary>The greeting.</summary>
    Greeting,

    /// <summary>EHLO or HELO.</summary>
    Hello,

    /// <summary>MAIL.</summary>
    Sender,

    /// <summary>RCPT.</summary>
    Recipient,

    /// <summary>DATA, before the message is sent.</summary>
    Data,

    /// <summary>The dot that ends the message.</summary>
    EndOfData,
}

/// <summary>What an <see cref="SmtpServer"/> does wrong, and how often. Troubles of one moment happen in the order they were told.</summary>
public sealed class SmtpScript
{
    private readonly List<Trouble> troubles = [];
    private readonly Dictionary<string, string> refused = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Refuses a recipient for as long as the script stands.</summary>
    public void RefuseRecipient(string address, string reply = "550 5.1.1 No such mailbox here")
    {
        lock (troubles) refused[address] = reply;
    }

    /// <summary>Gives this reply instead of its own; what it replies to has no effect. A reply of 421 ends the connection.</summary>
    /// <param name="at">When.</param>
    /// <param name="reply">Three digits and a text, as <c>451 4.3.0 Try again later</c>.</param>
    /// <param name="times">How often, before it works again.</param>
    public void Answer(SmtpMoment at, string reply, int times = 1) => Add(new Trouble(at, reply, false, false, false), times);

    /// <summary>Cuts the connection instead of replying.</summary>
    /// <param name="at">When.</param>
    /// <param name="keep">At <see cref="SmtpMoment.EndOfData"/>: whether the message is kept all the same, so that a client that sends it again doubles it.</param>
    /// <param name="times">How often, before it works again.</param>
    public void CutBeforeReply(SmtpMoment at, bool keep = false, int times = 1) => Add(new Trouble(at, null, true, false, keep), times);

    /// <summary>Replies as it should, then closes the connection.</summary>
    public void CloseAfterReply(SmtpMoment at, int times = 1) => Add(new Trouble(at, null, false, true, true), times);

    /// <summary>From now on all is well.</summary>
    public void Clear()
    {
        lock (troubles)
        {
            troubles.Clear();
            refused.Clear();
        }
    }

    /// <summary>Takes the next trouble of the moment off the list.</summary>
    internal Trouble? Take(SmtpMoment at)
    {
        lock (troubles)
        {
            if (troubles.FirstOrDefault(t => t.At == at) is not { } next) return null;
            troubles.Remove(next);
            return next;
        }
    }

    /// <summary>The reply that refuses the recipient; null where it is welcome.</summary>
    internal string? Refusal(string recipient)
    {
        lock (troubles) return refused.GetValueOrDefault(recipient);
    }

    private void Add(Trouble trouble, int times)
    {
        // Each its own object: Take removes one of them.
        lock (troubles) troubles.AddRange(Enumerable.Range(0, times).Select(_ => trouble with { }));
    }

    internal sealed record Trouble(SmtpMoment At, string? Reply, bool Cut, bool CloseAfter, bool Keep);
}
