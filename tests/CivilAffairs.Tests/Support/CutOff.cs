using CivilAffairs.Web.Platform.Data;

namespace CivilAffairs.Tests.Support;

/// <summary>A process that ends before one of its transactions: that one and all after it do not happen.</summary>
/// <param name="after">So many happen.</param>
internal sealed class CutOff(IWriter inner, int after) : IWriter
{
    /// <summary>How many were begun.</summary>
    public int Begun { get; private set; }

    public Task<T> WriteAsync<T>(Func<CivilAffairsDb, CancellationToken, Task<T>> work, CancellationToken cancel = default) => Begun++ < after ? inner.WriteAsync(work, cancel) : throw new TimeoutException();

    public Task<T> WriteGuardedAsync<T>(Func<CivilAffairsDb, CancellationToken, Task<T>> work, CancellationToken cancel = default) => Begun++ < after ? inner.WriteGuardedAsync(work, cancel) : throw new TimeoutException();
}
