using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CivilAffairs.Web.Platform.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class CaseMessages : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<Guid>(
                name: "MessageId",
                table: "case_files",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "case_messages",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CaseId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Side = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Cipher = table.Column<byte[]>(type: "BLOB", nullable: false),
                    RecordedById = table.Column<Guid>(type: "TEXT", nullable: false),
                    OccurredOn = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    RecordedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    ReadAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    ReadById = table.Column<Guid>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_case_messages", x => x.Id);
                    table.ForeignKey(
                        name: "FK_case_messages_cases_CaseId",
                        column: x => x.CaseId,
                        principalTable: "cases",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_case_files_MessageId",
                table: "case_files",
                column: "MessageId",
                filter: "\"MessageId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_case_messages_CaseId_RecordedAt",
                table: "case_messages",
                columns: new[] { "CaseId", "RecordedAt" });

            migrationBuilder.CreateIndex(
                name: "ix_case_messages_unread",
                table: "case_messages",
                columns: new[] { "CaseId", "Side" },
                filter: "\"ReadAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_case_messages_waiting",
                table: "case_messages",
                columns: new[] { "RecordedAt", "Id", "CaseId" },
                filter: "\"ReadAt\" IS NULL AND \"Side\" = 'Applicant'");

            migrationBuilder.AddForeignKey(
                name: "FK_case_files_case_messages_MessageId",
                table: "case_files",
                column: "MessageId",
                principalTable: "case_messages",
                principalColumn: "Id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_case_files_case_messages_MessageId",
                table: "case_files");

            migrationBuilder.DropTable(
                name: "case_messages");

            migrationBuilder.DropIndex(
                name: "IX_case_files_MessageId",
                table: "case_files");

            migrationBuilder.DropColumn(
                name: "MessageId",
                table: "case_files");
        }
    }
}
