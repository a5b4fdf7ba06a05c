using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CivilAffairs.Web.Platform.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class CounterRecusalAndParameterReasons : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateTime>(
                name: "StrandedAt",
                table: "tasks",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Reason",
                table: "parameters",
                type: "TEXT",
                maxLength: 500,
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_tasks_stranded",
                table: "tasks",
                column: "StrandedAt",
                filter: "\"StrandedAt\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_cases_filed_by",
                table: "cases",
                columns: new[] { "FiledById", "ChangedAt" },
                filter: "\"FiledById\" IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_tasks_stranded",
                table: "tasks");

            migrationBuilder.DropIndex(
                name: "ix_cases_filed_by",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "StrandedAt",
                table: "tasks");

            migrationBuilder.DropColumn(
                name: "Reason",
                table: "parameters");
        }
    }
}
