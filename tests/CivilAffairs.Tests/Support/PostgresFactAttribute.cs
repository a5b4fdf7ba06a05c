namespace CivilAffairs.Tests.Support;

/// <summary>A test that needs a PostgreSQL server: skipped with the reason on a machine without one, never in CI, where it fails instead.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("CI") != "true") Skip = PostgresServer.Missing;
    }
}
