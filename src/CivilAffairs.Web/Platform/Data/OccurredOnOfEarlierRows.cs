using Microsoft.EntityFrameworkCore.Migrations;

namespace CivilAffairs.Web.Platform.Data;

/// <summary>
/// What was recorded before a day could be said happened on the day it was recorded: nobody could have said otherwise. Of
/// the journal nothing is set, so that a replay takes what it took.
/// </summary>
internal static class OccurredOnOfEarlierRows
{
    /// <param name="day">SQL that turns a column of instants into the bureau's day.</param>
    public static void Fill(MigrationBuilder builder, Func<string, string> day)
    {
        foreach (var table in (string[])["case_contents", "case_files", "case_parties", "case_recusals", "certificate_changes", "grant_changes"]) Set(table, $"\"OccurredOn\" = {day("\"RecordedAt\"")}");
        Set("documents", $"\"OccurredOn\" = {day("\"IssuedAt\"")}");
        Set("register_entries", "\"ValidFrom\" = \"OccurredOn\"");
        Set("tasks", $"\"OpenedOn\" = {day("\"CreatedAt\"")}, \"OccurredOn\" = CASE WHEN \"State\" = 'Done' THEN {day("\"ClosedAt\"")} END");
        Set("cases", $"\"ReceivedOn\" = {day("\"SubmittedAt\"")}, \"LatestOn\" = {day("\"ChangedAt\"")}", "\"SubmittedAt\" IS NOT NULL");
        // Their own instants were not kept: a notice hung at once, a plan was made with the grant.
        Set("notices", "\"OccurredOn\" = \"FirstDay\", \"RecordedAt\" = (SELECT c.\"ChangedAt\" FROM cases c WHERE c.\"Id\" = notices.\"CaseId\")");
        Set("reverifications", $"\"RecordedAt\" = (SELECT c.\"DecidedAt\" FROM cases c WHERE c.\"Id\" = reverifications.\"CaseId\"), \"OccurredOn\" = (SELECT {day("c.\"DecidedAt\"")} FROM cases c WHERE c.\"Id\" = reverifications.\"CaseId\")",
            "EXISTS (SELECT 1 FROM cases c WHERE c.\"Id\" = reverifications.\"CaseId\" AND c.\"DecidedAt\" IS NOT NULL)");
        Set("reverifications", "\"GrantId\" = (SELECT g.\"Id\" FROM grants g WHERE g.\"CaseId\" = reverifications.\"CaseId\" AND g.\"Benefit\" = reverifications.\"Benefit\" ORDER BY g.\"RecordedAt\" DESC LIMIT 1)");

        void Set(string table, string what, string? where = null) => builder.Sql($"UPDATE {table} SET {what}{(where is null ? "" : $" WHERE {where}")};");
    }
}
