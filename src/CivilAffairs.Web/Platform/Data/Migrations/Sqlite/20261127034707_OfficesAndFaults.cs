using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CivilAffairs.Web.Platform.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class OfficesAndFaults : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "InTime",
                table: "supervision_orders",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Office",
                table: "supervision_orders",
                type: "TEXT",
                maxLength: 12,
                nullable: false,
                defaultValue: "");

            OfficeOfEarlierOrders.Fill(migrationBuilder);

            migrationBuilder.CreateTable(
                name: "job_failed_items",
                columns: table => new
                {
                    Job = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    SubjectId = table.Column<Guid>(type: "TEXT", nullable: false),
                    CaseId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Error = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    FirstAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    LastAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    Times = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_job_failed_items", x => new { x.Job, x.SubjectId });
                });

            migrationBuilder.CreateTable(
                name: "supervision_exports",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Filter = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    ById = table.Column<Guid>(type: "TEXT", nullable: false),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    NoteCipher = table.Column<string>(type: "TEXT", nullable: true),
                    At = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_supervision_exports", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_supervision_orders_OccurredOn",
                table: "supervision_orders",
                column: "OccurredOn");

            migrationBuilder.CreateIndex(
                name: "IX_job_failed_items_CaseId",
                table: "job_failed_items",
                column: "CaseId");

            migrationBuilder.CreateIndex(
                name: "IX_supervision_exports_ById_At",
                table: "supervision_exports",
                columns: new[] { "ById", "At" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "job_failed_items");

            migrationBuilder.DropTable(
                name: "supervision_exports");

            migrationBuilder.DropIndex(
                name: "IX_supervision_orders_OccurredOn",
                table: "supervision_orders");

            migrationBuilder.DropColumn(
                name: "InTime",
                table: "supervision_orders");

            migrationBuilder.DropColumn(
                name: "Office",
                table: "supervision_orders");
        }
    }
}
