using Microsoft.EntityFrameworkCore.Migrations;

namespace CivilAffairs.Web.Platform.Data;

/// <summary>Rows from before the reminders: open limits are looked at from their amber day, ends of certificates and plans with the next run.</summary>
internal static class WatchOfEarlierRows
{
    public static void Fill(MigrationBuilder migration)
    {
        // As Npgsql writes the first day there is.
        var first = migration.ActiveProvider?.Contains("Npgsql", StringComparison.Ordinal) == true ? "'-infinity'" : "'0001-01-01'";
        migration.Sql("""UPDATE tasks SET "WatchOn" = "AmberFrom" WHERE "State" = 'Open';""");
        migration.Sql("""UPDATE cases SET "WatchOn" = "Clock_AmberFrom" WHERE "ClosedAt" IS NULL AND "Clock_StoppedOn" IS NULL;""");
        migration.Sql($"""UPDATE certificates SET "WatchOn" = {first};""");
        migration.Sql($"""UPDATE reverifications SET "WatchOn" = {first} WHERE "SettledAt" IS NULL;""");
    }
}
