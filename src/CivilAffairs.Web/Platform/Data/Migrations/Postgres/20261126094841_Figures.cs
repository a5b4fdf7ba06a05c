using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CivilAffairs.Web.Platform.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Figures : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "ix_tasks_late",
                table: "tasks",
                columns: new[] { "FinishBy", "Id" },
                filter: "\"State\" = 'Open' AND \"FinishBy\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_certificates_ValidTo",
                table: "certificates",
                column: "ValidTo");

            migrationBuilder.CreateIndex(
                name: "ix_cases_open_matter",
                table: "cases",
                column: "Matter",
                filter: "\"ClosedAt\" IS NULL AND \"Number\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_cases_SubmittedAt",
                table: "cases",
                column: "SubmittedAt");

            migrationBuilder.CreateIndex(
                name: "IX_case_decisions_RecordedAt",
                table: "case_decisions",
                column: "RecordedAt");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_tasks_late",
                table: "tasks");

            migrationBuilder.DropIndex(
                name: "IX_certificates_ValidTo",
                table: "certificates");

            migrationBuilder.DropIndex(
                name: "ix_cases_open_matter",
                table: "cases");

            migrationBuilder.DropIndex(
                name: "IX_cases_SubmittedAt",
                table: "cases");

            migrationBuilder.DropIndex(
                name: "IX_case_decisions_RecordedAt",
                table: "case_decisions");
        }
    }
}
