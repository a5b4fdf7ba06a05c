using CivilAffairs.Web.Platform.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CivilAffairs.Tests.Support;

/// <summary>A row that the database itself refuses to write until this is disposed of: a fault of one thing, and of no other.</summary>
internal sealed class BrokenRow : IAsyncDisposable
{
    private readonly IWriter writer;
    private readonly string mend;

    private BrokenRow(IWriter writer, string mend) => (this.writer, this.mend) = (writer, mend);

    /// <param name="doing"><c>INSERT</c> or <c>UPDATE</c>.</param>
    public static async Task<BrokenRow> MakeAsync(TestApp app, string kind, string table, string doing, string column, Guid id)
    {
        var (writer, name) = (app.Services.GetRequiredService<IWriter>(), $"broken_{id:N}");
        var (make, mend) = kind == Databases.Sqlite
            ? ($"CREATE TRIGGER {name} BEFORE {doing} ON {table} WHEN NEW.\"{column}\" = '{id.ToString().ToUpperInvariant()}' BEGIN SELECT RAISE(ABORT, 'broken'); END", $"DROP TRIGGER {name}")
            : ($"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'broken' USING ERRCODE = '23514'; END $$; CREATE TRIGGER {name} BEFORE {doing} ON {table} FOR EACH ROW WHEN (NEW.\"{column}\" = '{id}') EXECUTE FUNCTION {name}()",
                $"DROP TRIGGER {name} ON {table}; DROP FUNCTION {name}()");
        await writer.WriteAsync((db, cancel) => db.Database.ExecuteSqlRawAsync(make, cancel));
        return new BrokenRow(writer, mend);
    }

    public async ValueTask DisposeAsync() => await writer.WriteAsync((db, cancel) => db.Database.ExecuteSqlRawAsync(mend, cancel));
}
