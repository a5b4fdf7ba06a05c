using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace CivilAffairs.Tests.Support;

/// <summary>
/// A real SMTP server (RFC 5321) on a free loopback port that keeps what it receives and, where told, answers badly
/// (<see cref="Script"/>). Its sockets wait for nothing (TCP_NODELAY), so that it can be measured against.
/// </summary>
public sealed class SmtpServer : IAsyncDisposable
{
    private readonly List<ReceivedMail> messages = [];
    private readonly HashSet<Socket> open = [];
    private TcpListener listener;
    private Task accepting;
    private int connections;

    private SmtpServer()
    {
        (listener, accepting) = Listen(0);
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Where it listens; the port stays the same over <see cref="StopAsync"/> and <see cref="StartAgain"/>.</summary>
    public string Host { get; } = "127.0.0.1";

    /// <inheritdoc cref="Host"/>
    public int Port { get; }

    /// <summary>The largest message it takes, in bytes, as it announces with SIZE.</summary>
    public int MaxSize { get; init; } = 10 * 1024 * 1024;

    /// <summary>What it shows who wants TLS; null: it offers none. May change between connections.</summary>
    public X509Certificate2? Certificate { get; set; }

    /// <summary>TLS from the first byte (port 465 in life) instead of STARTTLS.</summary>
    public bool TlsAtOnce { get; init; }

    /// <summary>What goes wrong next.</summary>
    public SmtpScript Script { get; } = new();

    /// <summary>Connections accepted so far, from all clients.</summary>
    public int Connections => Volatile.Read(ref connections);

    /// <summary>What it has kept so far, in order of arrival.</summary>
    public IReadOnlyList<ReceivedMail> Messages { get { lock (messages) return [.. messages]; } }

    /// <summary>Starts listening at once.</summary>
    public static SmtpServer Start(int? maxSize = null, X509Certificate2? certificate = null, bool tlsAtOnce = false) =>
        new() { MaxSize = maxSize ?? 10 * 1024 * 1024, Certificate = certificate, TlsAtOnce = tlsAtOnce };

    /// <summary>Waits until it has kept so many messages.</summary>
    /// <exception cref="TimeoutException">It had fewer when the patience (10 s by default) ended.</exception>
    public async Task<IReadOnlyList<ReceivedMail>> WaitForAsync(int count, TimeSpan? patience = null)
    {
        var until = DateTime.UtcNow + (patience ?? TimeSpan.FromSeconds(10));
        while (Messages.Count < count)
        {
            if (DateTime.UtcNow > until) throw new TimeoutException($"{Messages.Count} of {count} messages came.");
            await Task.Delay(5);
        }
        return Messages;
    }

    /// <summary>Goes down: cuts every connection and refuses new ones until <see cref="StartAgain"/>.</summary>
    public async Task StopAsync()
    {
        listener.Stop();
        await accepting;
        lock (open)
            foreach (var socket in open) Cut(socket);
    }

    /// <summary>Comes back on the same port, with the messages kept before.</summary>
    public void StartAgain() => (listener, accepting) = Listen(Port);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        listener.Dispose();
    }

    /// <summary>Forgets what it has kept.</summary>
    public void Forget()
    {
        lock (messages) messages.Clear();
    }

    internal void Keep(ReceivedMail mail)
    {
        lock (messages) messages.Add(mail);
    }

    /// <summary>Ends a connection as a power cut would: with a reset, and what was not sent is lost.</summary>
    internal static void Cut(Socket socket)
    {
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
    }

    private (TcpListener, Task) Listen(int port)
    {
        var fresh = new TcpListener(IPAddress.Loopback, port);
        fresh.Start();
        return (fresh, AcceptAsync(fresh));
    }

    private async Task AcceptAsync(TcpListener from)
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await from.AcceptSocketAsync();
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return; // stopped
            }
            socket.NoDelay = true;
            lock (open) open.Add(socket);
            _ = ServeAsync(socket, Interlocked.Increment(ref connections));
        }
    }

    private async Task ServeAsync(Socket socket, int number)
    {
        try
        {
            await new SmtpSession(this, socket, number).RunAsync();
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or AuthenticationException)
        {
            // The client went (perhaps for want of trust), or this server was stopped: as in life.
        }
        finally
        {
            lock (open) open.Remove(socket);
            socket.Dispose();
        }
    }
}
