using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CivilAffairs.Web.Platform.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class PartiesWhoSee : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "Sees",
                table: "case_parties",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            // As before: who applied and who acted for them saw the case, and nobody else of the household.
            migrationBuilder.Sql("UPDATE case_parties SET \"Sees\" = TRUE WHERE \"Role\" IN ('Applicant', 'Agent');");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "Sees",
                table: "case_parties");
        }
    }
}
