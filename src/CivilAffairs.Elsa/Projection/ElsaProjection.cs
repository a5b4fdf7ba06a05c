using CivilAffairs.Engine.Port;
using Elsa.Persistence.EFCore.Modules.Management;
using Elsa.Persistence.EFCore.Modules.Runtime;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.ElsaRuntime.Projection;

/// <summary>
/// Elsa's management and runtime stores as a copy of ours (docs/adr/0080): definitions, instances, execution log and activity
/// executions. The database exists; its tables are made. No bookmark, no trigger and no queue, and no instance that is marked as executing: a server that opens this
/// database finds nothing to resume.
/// </summary>
public sealed class ElsaProjection(string connection, bool isSqlite) : IProjection, IDisposable
{
    private readonly ServiceProvider services = ProjectionHost.Build(connection, isSqlite);
    private readonly SemaphoreSlim gate = new(1);
    private bool prepared;

    public async Task WriteAsync(Func<IProjected, CancellationToken, Task<ProjectionBatch>> read, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(read);
        await gate.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            // After a failure once more: somebody may have taken the database away, which is allowed.
            if (!prepared) await PrepareAsync(cancel).ConfigureAwait(false);
            prepared = false;
            await using var scope = services.CreateAsyncScope();
            var held = scope.ServiceProvider.GetRequiredService<HeldDatabase>();
            await held.HoldAsync(cancel).ConfigureAwait(false);
            var rows = new ElsaRows(scope.ServiceProvider);
            await rows.WriteAsync(await read(rows, cancel).ConfigureAwait(false), cancel).ConfigureAwait(false);
            await held.CommitAsync(cancel).ConfigureAwait(false);
            prepared = true;
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose()
    {
        services.Dispose();
        gate.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync().ConfigureAwait(false);
        gate.Dispose();
    }

    /// <summary>By Elsa's own migrations: of several nodes the later ones wait for the first, on SQLite as EF does it.</summary>
    private async Task PrepareAsync(CancellationToken cancel)
    {
        await using var scope = services.CreateAsyncScope();
        if (!isSqlite) await scope.ServiceProvider.GetRequiredService<HeldDatabase>().HoldAsync(cancel).ConfigureAwait(false);
        await MigrateAsync<ManagementElsaDbContext>(cancel).ConfigureAwait(false);
        await MigrateAsync<RuntimeElsaDbContext>(cancel).ConfigureAwait(false);
    }

    private async Task MigrateAsync<TContext>(CancellationToken cancel) where TContext : DbContext
    {
        await using var scope = services.CreateAsyncScope();
        await using var context = await scope.ServiceProvider.GetRequiredService<IDbContextFactory<TContext>>().CreateDbContextAsync(cancel).ConfigureAwait(false);
        await context.Database.MigrateAsync(cancel).ConfigureAwait(false);
    }
}
