using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CivilAffairs.Web.Platform.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class RegisterLines : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_register_entries_Register_Township_OccurredOn",
                table: "register_entries");

            migrationBuilder.DropIndex(
                name: "IX_grants_County_RecordedAt_Id",
                table: "grants");

            migrationBuilder.DropIndex(
                name: "IX_grants_Township_RecordedAt_Id",
                table: "grants");

            migrationBuilder.DropIndex(
                name: "IX_grants_Village_RecordedAt_Id",
                table: "grants");

            migrationBuilder.AddColumn<Guid>(
                name: "LineId",
                table: "register_accesses",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_register_entries_Register_County_OccurredOn_Id",
                table: "register_entries",
                columns: new[] { "Register", "County", "OccurredOn", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_register_entries_Register_Township_OccurredOn_Id",
                table: "register_entries",
                columns: new[] { "Register", "Township", "OccurredOn", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_persons_Name",
                table: "persons",
                column: "Name");

            migrationBuilder.CreateIndex(
                name: "IX_grants_County_OccurredOn_Id",
                table: "grants",
                columns: new[] { "County", "OccurredOn", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_grants_Township_OccurredOn_Id",
                table: "grants",
                columns: new[] { "Township", "OccurredOn", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_grants_Village_OccurredOn_Id",
                table: "grants",
                columns: new[] { "Village", "OccurredOn", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_certificates_County_HolderName",
                table: "certificates",
                columns: new[] { "County", "HolderName" });

            migrationBuilder.CreateIndex(
                name: "IX_certificates_County_OccurredOn_Id",
                table: "certificates",
                columns: new[] { "County", "OccurredOn", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_certificates_County_ValidTo_Id",
                table: "certificates",
                columns: new[] { "County", "ValidTo", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_certificates_Township_HolderName",
                table: "certificates",
                columns: new[] { "Township", "HolderName" });

            migrationBuilder.CreateIndex(
                name: "IX_certificates_Township_OccurredOn_Id",
                table: "certificates",
                columns: new[] { "Township", "OccurredOn", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_certificates_Township_ValidTo_Id",
                table: "certificates",
                columns: new[] { "Township", "ValidTo", "Id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_register_entries_Register_County_OccurredOn_Id",
                table: "register_entries");

            migrationBuilder.DropIndex(
                name: "IX_register_entries_Register_Township_OccurredOn_Id",
                table: "register_entries");

            migrationBuilder.DropIndex(
                name: "IX_persons_Name",
                table: "persons");

            migrationBuilder.DropIndex(
                name: "IX_grants_County_OccurredOn_Id",
                table: "grants");

            migrationBuilder.DropIndex(
                name: "IX_grants_Township_OccurredOn_Id",
                table: "grants");

            migrationBuilder.DropIndex(
                name: "IX_grants_Village_OccurredOn_Id",
                table: "grants");

            migrationBuilder.DropIndex(
                name: "IX_certificates_County_HolderName",
                table: "certificates");

            migrationBuilder.DropIndex(
                name: "IX_certificates_County_OccurredOn_Id",
                table: "certificates");

            migrationBuilder.DropIndex(
                name: "IX_certificates_County_ValidTo_Id",
                table: "certificates");

            migrationBuilder.DropIndex(
                name: "IX_certificates_Township_HolderName",
                table: "certificates");

            migrationBuilder.DropIndex(
                name: "IX_certificates_Township_OccurredOn_Id",
                table: "certificates");

            migrationBuilder.DropIndex(
                name: "IX_certificates_Township_ValidTo_Id",
                table: "certificates");

            migrationBuilder.DropColumn(
                name: "LineId",
                table: "register_accesses");

            migrationBuilder.CreateIndex(
                name: "IX_register_entries_Register_Township_OccurredOn",
                table: "register_entries",
                columns: new[] { "Register", "Township", "OccurredOn" });

            migrationBuilder.CreateIndex(
                name: "IX_grants_County_RecordedAt_Id",
                table: "grants",
                columns: new[] { "County", "RecordedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_grants_Township_RecordedAt_Id",
                table: "grants",
                columns: new[] { "Township", "RecordedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_grants_Village_RecordedAt_Id",
                table: "grants",
                columns: new[] { "Village", "RecordedAt", "Id" });
        }
    }
}
