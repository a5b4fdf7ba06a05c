using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CivilAffairs.Web.Platform.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class InstancesInOrder : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_workflow_instances_CaseId",
                table: "workflow_instances");

            migrationBuilder.CreateIndex(
                name: "IX_workflow_instances_CaseId_Id",
                table: "workflow_instances",
                columns: new[] { "CaseId", "Id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_workflow_instances_CaseId_Id",
                table: "workflow_instances");

            migrationBuilder.CreateIndex(
                name: "IX_workflow_instances_CaseId",
                table: "workflow_instances",
                column: "CaseId");
        }
    }
}
