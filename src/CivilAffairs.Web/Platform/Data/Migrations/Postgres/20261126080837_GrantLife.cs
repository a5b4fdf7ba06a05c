using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CivilAffairs.Web.Platform.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class GrantLife : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "GrantId",
                table: "notices",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "EndedAt",
                table: "grants",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Category",
                table: "grant_changes",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Persons",
                table: "grant_changes",
                type: "integer",
                nullable: true);

            migrationBuilder.Sql("UPDATE notices SET \"GrantId\" = (SELECT g.\"Id\" FROM grants g WHERE g.\"CaseId\" = notices.\"CaseId\" ORDER BY g.\"RecordedAt\" DESC LIMIT 1) WHERE \"BookmarkId\" IS NULL;");

            migrationBuilder.CreateIndex(
                name: "ix_notices_of_grant",
                table: "notices",
                column: "GrantId",
                filter: "\"GrantId\" IS NOT NULL AND \"LastDay\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_grants_ending",
                table: "grants",
                columns: new[] { "LastMonth", "Id" },
                filter: "\"LastMonth\" IS NOT NULL AND \"EndedAt\" IS NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_notices_of_grant",
                table: "notices");

            migrationBuilder.DropIndex(
                name: "ix_grants_ending",
                table: "grants");

            migrationBuilder.DropColumn(
                name: "GrantId",
                table: "notices");

            migrationBuilder.DropColumn(
                name: "EndedAt",
                table: "grants");

            migrationBuilder.DropColumn(
                name: "Category",
                table: "grant_changes");

            migrationBuilder.DropColumn(
                name: "Persons",
                table: "grant_changes");
        }
    }
}
