using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CivilAffairs.Web.Platform.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class HeldByPost : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_tasks_holder",
                table: "tasks");

            migrationBuilder.CreateIndex(
                name: "ix_tasks_holder",
                table: "tasks",
                columns: new[] { "HolderId", "Role", "Division", "FinishBy", "Id" },
                filter: "\"State\" = 'Open'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_tasks_holder",
                table: "tasks");

            migrationBuilder.CreateIndex(
                name: "ix_tasks_holder",
                table: "tasks",
                columns: new[] { "HolderId", "FinishBy" },
                filter: "\"State\" = 'Open'");
        }
    }
}
