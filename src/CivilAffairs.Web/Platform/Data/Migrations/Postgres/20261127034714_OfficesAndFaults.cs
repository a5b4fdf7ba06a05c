using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CivilAffairs.Web.Platform.Data.Migrations.Postgres
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
                type: "boolean",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Office",
                table: "supervision_orders",
                type: "character varying(12)",
                maxLength: 12,
                nullable: false,
                defaultValue: "");

            OfficeOfEarlierOrders.Fill(migrationBuilder);

            migrationBuilder.CreateTable(
                name: "job_failed_items",
                columns: table => new
                {
                    Job = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    SubjectId = table.Column<Guid>(type: "uuid", nullable: false),
                    CaseId = table.Column<Guid>(type: "uuid", nullable: true),
                    Error = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    FirstAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    LastAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Times = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_job_failed_items", x => new { x.Job, x.SubjectId });
                });

            migrationBuilder.CreateTable(
                name: "supervision_exports",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Filter = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    ById = table.Column<Guid>(type: "uuid", nullable: false),
                    Reason = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    NoteCipher = table.Column<string>(type: "text", nullable: true),
                    At = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
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
