using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CivilAffairs.Web.Platform.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class OfficeLife : Migration
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

            migrationBuilder.AddColumn<string>(
                name: "ClosedFor",
                table: "tasks",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "ClosedForId",
                table: "tasks",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "GivenAt",
                table: "tasks",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "GivenBy",
                table: "tasks",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "LineId",
                table: "register_accesses",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "EntryId",
                table: "notices",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "NoWithdrawal",
                table: "case_parties",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<DateOnly>(
                name: "SeesUntil",
                table: "case_parties",
                type: "TEXT",
                nullable: true);

            // With its reference in one statement: EF would copy the table for it, outside of the migration's transaction.
            migrationBuilder.Sql("""ALTER TABLE "case_files" ADD "MessageId" TEXT NULL CONSTRAINT "FK_case_files_case_messages_MessageId" REFERENCES "case_messages" ("Id");""");

            migrationBuilder.CreateTable(
                name: "absences",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    AccountId = table.Column<Guid>(type: "TEXT", nullable: false),
                    DeputyId = table.Column<Guid>(type: "TEXT", nullable: false),
                    From = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    To = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    BeyondPosts = table.Column<bool>(type: "INTEGER", nullable: false),
                    RecordedById = table.Column<Guid>(type: "TEXT", nullable: false),
                    RecordedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    EndedAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    EndedById = table.Column<Guid>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_absences", x => x.Id);
                    table.ForeignKey(
                        name: "FK_absences_AspNetUsers_AccountId",
                        column: x => x.AccountId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_absences_AspNetUsers_DeputyId",
                        column: x => x.DeputyId,
                        principalTable: "AspNetUsers",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

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

            migrationBuilder.CreateTable(
                name: "case_prints",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    CaseId = table.Column<Guid>(type: "TEXT", nullable: false),
                    RecordedById = table.Column<Guid>(type: "TEXT", nullable: false),
                    OccurredOn = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    RecordedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Attempts = table.Column<int>(type: "INTEGER", nullable: false),
                    StoredHash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    Pages = table.Column<int>(type: "INTEGER", nullable: false),
                    EndedAt = table.Column<DateTime>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_case_prints", x => x.Id);
                    table.ForeignKey(
                        name: "FK_case_prints_cases_CaseId",
                        column: x => x.CaseId,
                        principalTable: "cases",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

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
                name: "ix_notices_of_entry",
                table: "notices",
                column: "EntryId",
                filter: "\"EntryId\" IS NOT NULL AND \"LastDay\" IS NULL");

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

            migrationBuilder.CreateIndex(
                name: "IX_case_files_MessageId",
                table: "case_files",
                column: "MessageId",
                filter: "\"MessageId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_absences_AccountId_To",
                table: "absences",
                columns: new[] { "AccountId", "To" });

            migrationBuilder.CreateIndex(
                name: "ix_absences_deputy",
                table: "absences",
                columns: new[] { "DeputyId", "To" },
                filter: "\"EndedAt\" IS NULL");

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

            migrationBuilder.CreateIndex(
                name: "IX_case_prints_CaseId_RecordedById",
                table: "case_prints",
                columns: new[] { "CaseId", "RecordedById" });

            migrationBuilder.CreateIndex(
                name: "IX_case_prints_RecordedAt",
                table: "case_prints",
                column: "RecordedAt");

            migrationBuilder.CreateIndex(
                name: "ix_case_prints_waiting",
                table: "case_prints",
                column: "Id",
                filter: "\"State\" = 'Waiting'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_case_files_case_messages_MessageId",
                table: "case_files");

            migrationBuilder.DropTable(
                name: "absences");

            migrationBuilder.DropTable(
                name: "case_messages");

            migrationBuilder.DropTable(
                name: "case_prints");

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
                name: "ix_notices_of_entry",
                table: "notices");

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

            migrationBuilder.DropIndex(
                name: "IX_case_files_MessageId",
                table: "case_files");

            migrationBuilder.DropColumn(
                name: "ClosedFor",
                table: "tasks");

            migrationBuilder.DropColumn(
                name: "ClosedForId",
                table: "tasks");

            migrationBuilder.DropColumn(
                name: "GivenAt",
                table: "tasks");

            migrationBuilder.DropColumn(
                name: "GivenBy",
                table: "tasks");

            migrationBuilder.DropColumn(
                name: "LineId",
                table: "register_accesses");

            migrationBuilder.DropColumn(
                name: "EntryId",
                table: "notices");

            migrationBuilder.DropColumn(
                name: "NoWithdrawal",
                table: "case_parties");

            migrationBuilder.DropColumn(
                name: "SeesUntil",
                table: "case_parties");

            migrationBuilder.DropColumn(
                name: "MessageId",
                table: "case_files");

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
