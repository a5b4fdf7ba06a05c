using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CivilAffairs.Web.Platform.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Reverifications : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_reverifications_DueOn",
                table: "reverifications");

            migrationBuilder.AddColumn<Guid>(
                name: "OpenedCaseId",
                table: "reverifications",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "SettledAt",
                table: "reverifications",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_reverifications_OpenedCaseId",
                table: "reverifications",
                column: "OpenedCaseId",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_reverifications_waiting",
                table: "reverifications",
                columns: new[] { "DueOn", "Id" },
                filter: "\"SettledAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_cases_GrantId",
                table: "cases",
                column: "GrantId",
                filter: "\"GrantId\" IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_reverifications_OpenedCaseId",
                table: "reverifications");

            migrationBuilder.DropIndex(
                name: "ix_reverifications_waiting",
                table: "reverifications");

            migrationBuilder.DropIndex(
                name: "IX_cases_GrantId",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "OpenedCaseId",
                table: "reverifications");

            migrationBuilder.DropColumn(
                name: "SettledAt",
                table: "reverifications");

            migrationBuilder.CreateIndex(
                name: "IX_reverifications_DueOn",
                table: "reverifications",
                column: "DueOn");
        }
    }
}
