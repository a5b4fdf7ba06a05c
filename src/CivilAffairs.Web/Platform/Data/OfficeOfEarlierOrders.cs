using Microsoft.EntityFrameworkCore.Migrations;

namespace CivilAffairs.Web.Platform.Data;

/// <summary>
/// Supervision orders of before their office was kept count for the township of the case, or for the county where it has none;
/// and as answered in time if the first answer came by the day that was asked for first.
/// </summary>
internal static class OfficeOfEarlierOrders
{
    public static void Fill(MigrationBuilder builder)
    {
        builder.Sql("""
            UPDATE supervision_orders SET
                "Office" = COALESCE((SELECT c."Township" FROM cases c WHERE c."Id" = supervision_orders."CaseId"), (SELECT c."County" FROM cases c WHERE c."Id" = supervision_orders."CaseId")),
                "InTime" = (SELECT MIN(a."OccurredOn") FROM supervision_entries a WHERE a."OrderId" = supervision_orders."Id" AND a."Kind" = 'Answered')
                    <= (SELECT MIN(i."DueOn") FROM supervision_entries i WHERE i."OrderId" = supervision_orders."Id" AND i."Kind" = 'Issued');
            """);
    }
}
