using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CivilAffairs.Web.Platform.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class RegisterSubjects : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "FieldsCipher",
                table: "register_entries",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "SubjectId",
                table: "register_entries",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Contact",
                table: "outbox",
                type: "character varying(20)",
                maxLength: 20,
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "SubjectId",
                table: "outbox",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "SubjectId",
                table: "certificates",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "SubjectId",
                table: "cases",
                type: "uuid",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "certificate_openings",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    CertificateId = table.Column<Guid>(type: "uuid", nullable: false),
                    Matter = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    CaseId = table.Column<Guid>(type: "uuid", nullable: false),
                    Reason = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    OccurredOn = table.Column<DateOnly>(type: "date", nullable: false),
                    RecordedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_certificate_openings", x => x.Id);
                    table.ForeignKey(
                        name: "FK_certificate_openings_certificates_CertificateId",
                        column: x => x.CertificateId,
                        principalTable: "certificates",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "register_subjects",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Register = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    KeyHash = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    County = table.Column<string>(type: "text", nullable: false),
                    Township = table.Column<string>(type: "text", nullable: true),
                    Village = table.Column<string>(type: "text", nullable: true),
                    CurrentEntryId = table.Column<Guid>(type: "uuid", nullable: true),
                    OccurredOn = table.Column<DateOnly>(type: "date", nullable: false),
                    RecordedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_register_subjects", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "register_persons",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    SubjectId = table.Column<Guid>(type: "uuid", nullable: false),
                    Role = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    NumberHash = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_register_persons", x => x.Id);
                    table.ForeignKey(
                        name: "FK_register_persons_register_subjects_SubjectId",
                        column: x => x.SubjectId,
                        principalTable: "register_subjects",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_register_entries_SubjectId_Register_ValidFrom_Id",
                table: "register_entries",
                columns: new[] { "SubjectId", "Register", "ValidFrom", "Id" },
                filter: "\"SubjectId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_certificates_SubjectId_Kind_ValidFrom",
                table: "certificates",
                columns: new[] { "SubjectId", "Kind", "ValidFrom" },
                filter: "\"SubjectId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_cases_SubjectId_Matter",
                table: "cases",
                columns: new[] { "SubjectId", "Matter" },
                filter: "\"SubjectId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_certificate_openings_CaseId",
                table: "certificate_openings",
                column: "CaseId");

            migrationBuilder.CreateIndex(
                name: "IX_certificate_openings_CertificateId_Matter",
                table: "certificate_openings",
                columns: new[] { "CertificateId", "Matter" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_register_persons_NumberHash",
                table: "register_persons",
                column: "NumberHash");

            migrationBuilder.CreateIndex(
                name: "IX_register_persons_SubjectId",
                table: "register_persons",
                column: "SubjectId");

            migrationBuilder.CreateIndex(
                name: "IX_register_subjects_Register_County_Name_Id",
                table: "register_subjects",
                columns: new[] { "Register", "County", "Name", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_register_subjects_Register_KeyHash",
                table: "register_subjects",
                columns: new[] { "Register", "KeyHash" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_register_subjects_Register_Township_Name_Id",
                table: "register_subjects",
                columns: new[] { "Register", "Township", "Name", "Id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "certificate_openings");

            migrationBuilder.DropTable(
                name: "register_persons");

            migrationBuilder.DropTable(
                name: "register_subjects");

            migrationBuilder.DropIndex(
                name: "IX_register_entries_SubjectId_Register_ValidFrom_Id",
                table: "register_entries");

            migrationBuilder.DropIndex(
                name: "IX_certificates_SubjectId_Kind_ValidFrom",
                table: "certificates");

            migrationBuilder.DropIndex(
                name: "IX_cases_SubjectId_Matter",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "FieldsCipher",
                table: "register_entries");

            migrationBuilder.DropColumn(
                name: "SubjectId",
                table: "register_entries");

            migrationBuilder.DropColumn(
                name: "Contact",
                table: "outbox");

            migrationBuilder.DropColumn(
                name: "SubjectId",
                table: "outbox");

            migrationBuilder.DropColumn(
                name: "SubjectId",
                table: "certificates");

            migrationBuilder.DropColumn(
                name: "SubjectId",
                table: "cases");
        }
    }
}
