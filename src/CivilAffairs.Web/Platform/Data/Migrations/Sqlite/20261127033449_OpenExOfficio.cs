using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CivilAffairs.Web.Platform.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class OpenExOfficio : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "ix_cases_ex_officio",
                table: "cases",
                columns: new[] { "OriginId", "Id" },
                filter: "\"ClosedAt\" IS NULL AND \"OriginId\" IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_cases_ex_officio",
                table: "cases");
        }
    }
}
