using Npgsql;

namespace CivilAffairs.Tests.Support.Self;

public sealed class PostgresServerTests
{
    [PostgresFact]
    public async Task A_database_copied_from_a_template_has_its_tables_and_its_own_rows()
    {
        await using var server = await PostgresServer.StartAsync();
        var template = await server.CreateDatabaseAsync();
        await AskAsync(template, "CREATE TABLE part(id int); INSERT INTO part VALUES (1); SELECT 1");

        var copy = await server.CreateDatabaseAsync(new NpgsqlConnectionStringBuilder(template).Database!);
        await AskAsync(copy, "INSERT INTO part VALUES (2); SELECT 1");

        Assert.Equal(2L, await AskAsync(copy, "SELECT count(*) FROM part"));
        Assert.Equal(1L, await AskAsync(template, "SELECT count(*) FROM part"));
    }

    [PostgresFact]
    public async Task Only_a_durable_server_waits_for_the_disk()
    {
        await using var durable = await PostgresServer.StartAsync(durable: true);
        await using var quick = await PostgresServer.StartAsync();
        Assert.Equal("on", await AskAsync(durable.ConnectionString("postgres"), "SHOW fsync"));
        Assert.Equal("off", await AskAsync(quick.ConnectionString("postgres"), "SHOW fsync"));
    }

    // Without a pool: a template may have no open connection when it is copied.
    private static async Task<object?> AskAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
