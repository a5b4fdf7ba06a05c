using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CivilAffairs.Web.Platform.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class FullLife : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_tasks_unknown_limit",
                table: "tasks");

            migrationBuilder.DropIndex(
                name: "ix_cases_unknown_limit",
                table: "cases");

            migrationBuilder.AddColumn<DateOnly>(
                name: "WatchOn",
                table: "tasks",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "OpensOn",
                table: "reverifications",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "WatchOn",
                table: "reverifications",
                type: "date",
                nullable: true);

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

            migrationBuilder.AddColumn<string>(
                name: "Data",
                table: "outbox",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "SubjectId",
                table: "outbox",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "GrantId",
                table: "notices",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "LeastUntil",
                table: "notices",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "EndedAt",
                table: "grants",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Category",
                table: "grant_changes",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Persons",
                table: "grant_changes",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "SubjectId",
                table: "certificates",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "WatchOn",
                table: "certificates",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "SubjectId",
                table: "cases",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "WatchOn",
                table: "cases",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "Sees",
                table: "case_parties",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "WithoutDigest",
                table: "AspNetUsers",
                type: "boolean",
                nullable: false,
                defaultValue: false);

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
                name: "job_history",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Job = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    StartedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    FinishedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Done = table.Column<int>(type: "integer", nullable: false),
                    Error = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    AskedById = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_job_history", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "job_marks",
                columns: table => new
                {
                    Id = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Value = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_job_marks", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "ledger_imports",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Register = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Matter = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Division = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false),
                    AsOf = table.Column<DateOnly>(type: "date", nullable: false),
                    State = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    SentById = table.Column<Guid>(type: "uuid", nullable: false),
                    SentBy = table.Column<string>(type: "text", nullable: false),
                    SentAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Rows = table.Column<int>(type: "integer", nullable: false),
                    New = table.Column<int>(type: "integer", nullable: false),
                    Changed = table.Column<int>(type: "integer", nullable: false),
                    Unchanged = table.Column<int>(type: "integer", nullable: false),
                    Refused = table.Column<int>(type: "integer", nullable: false),
                    Applied = table.Column<int>(type: "integer", nullable: false),
                    EndedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ledger_imports", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "mail_choices",
                columns: table => new
                {
                    PersonId = table.Column<Guid>(type: "uuid", nullable: false),
                    OffSince = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_mail_choices", x => x.PersonId);
                    table.ForeignKey(
                        name: "FK_mail_choices_persons_PersonId",
                        column: x => x.PersonId,
                        principalTable: "persons",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "mail_pause",
                columns: table => new
                {
                    Id = table.Column<int>(type: "integer", nullable: false),
                    Since = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Reason = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    ById = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_mail_pause", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "register_accesses",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Register = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    SubjectId = table.Column<Guid>(type: "uuid", nullable: true),
                    TermCipher = table.Column<string>(type: "text", nullable: true),
                    AsOf = table.Column<DateOnly>(type: "date", nullable: true),
                    ById = table.Column<Guid>(type: "uuid", nullable: false),
                    Reason = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    NoteCipher = table.Column<string>(type: "text", nullable: true),
                    At = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_register_accesses", x => x.Id);
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
                name: "reminders",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Subject = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    SubjectId = table.Column<Guid>(type: "uuid", nullable: false),
                    Stage = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    RecipientId = table.Column<Guid>(type: "uuid", nullable: false),
                    RecipientKind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Contact = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    CaseId = table.Column<Guid>(type: "uuid", nullable: true),
                    MessageId = table.Column<Guid>(type: "uuid", nullable: true),
                    OccurredOn = table.Column<DateOnly>(type: "date", nullable: false),
                    RecordedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_reminders", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "ledger_import_rows",
                columns: table => new
                {
                    ImportId = table.Column<Guid>(type: "uuid", nullable: false),
                    Number = table.Column<int>(type: "integer", nullable: false),
                    Outcome = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Cipher = table.Column<string>(type: "text", nullable: true),
                    Faults = table.Column<string>(type: "text", nullable: false),
                    Applied = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_ledger_import_rows", x => new { x.ImportId, x.Number });
                    table.ForeignKey(
                        name: "FK_ledger_import_rows_ledger_imports_ImportId",
                        column: x => x.ImportId,
                        principalTable: "ledger_imports",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
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
                name: "ix_timers_calendar",
                table: "timers",
                column: "Id",
                filter: "\"State\" = 'Waiting' AND \"LimitText\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_tasks_late",
                table: "tasks",
                columns: new[] { "FinishBy", "Id" },
                filter: "\"State\" = 'Open' AND \"FinishBy\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_tasks_open",
                table: "tasks",
                column: "Id",
                filter: "\"State\" = 'Open'");

            migrationBuilder.CreateIndex(
                name: "ix_tasks_watch",
                table: "tasks",
                columns: new[] { "WatchOn", "Id" },
                filter: "\"State\" = 'Open' AND \"WatchOn\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_reverifications_opens",
                table: "reverifications",
                columns: new[] { "OpensOn", "Id" },
                filter: "\"SettledAt\" IS NULL AND \"OpensOn\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_reverifications_watch",
                table: "reverifications",
                columns: new[] { "WatchOn", "Id" },
                filter: "\"SettledAt\" IS NULL AND \"WatchOn\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_register_entries_SubjectId_Register_ValidFrom_Id",
                table: "register_entries",
                columns: new[] { "SubjectId", "Register", "ValidFrom", "Id" },
                filter: "\"SubjectId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_outbox_parked",
                table: "outbox",
                columns: new[] { "DueAt", "Id" },
                filter: "\"State\" = 'Parked'");

            // Results that hang already: each belongs to the benefit its case granted, and stays the fifteen days of a village's board [VC 35].
            migrationBuilder.Sql("UPDATE notices SET \"GrantId\" = (SELECT g.\"Id\" FROM grants g WHERE g.\"CaseId\" = notices.\"CaseId\" ORDER BY g.\"RecordedAt\" DESC LIMIT 1) WHERE \"BookmarkId\" IS NULL;");
            migrationBuilder.Sql("UPDATE notices SET \"LeastUntil\" = \"FirstDay\" + 14 WHERE \"BookmarkId\" IS NULL;");
            migrationBuilder.Sql("UPDATE case_parties SET \"Sees\" = TRUE WHERE \"Role\" IN ('Applicant', 'Agent');");

            migrationBuilder.CreateIndex(
                name: "ix_notices_of_grant",
                table: "notices",
                column: "GrantId",
                filter: "\"GrantId\" IS NOT NULL AND \"LastDay\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_grants_ending",
                table: "grants",
                columns: new[] { "LastMonth", "Id" },
                filter: "\"LastMonth\" IS NOT NULL AND \"EndedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_documents_unrendered",
                table: "documents",
                column: "Id",
                filter: "\"PdfHash\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_certificates_SubjectId_Kind_ValidFrom",
                table: "certificates",
                columns: new[] { "SubjectId", "Kind", "ValidFrom" },
                filter: "\"SubjectId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_certificates_ValidTo",
                table: "certificates",
                column: "ValidTo");

            migrationBuilder.CreateIndex(
                name: "ix_certificates_watch",
                table: "certificates",
                columns: new[] { "WatchOn", "Id" },
                filter: "\"WatchOn\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_cases_clock",
                table: "cases",
                column: "Id",
                filter: "\"ClosedAt\" IS NULL AND \"Clock_LimitText\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_cases_open_matter",
                table: "cases",
                column: "Matter",
                filter: "\"ClosedAt\" IS NULL AND \"Number\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_cases_SubjectId_Matter",
                table: "cases",
                columns: new[] { "SubjectId", "Matter" },
                filter: "\"SubjectId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_cases_SubmittedAt",
                table: "cases",
                column: "SubmittedAt");

            migrationBuilder.CreateIndex(
                name: "ix_cases_watch",
                table: "cases",
                columns: new[] { "WatchOn", "Id" },
                filter: "\"ClosedAt\" IS NULL AND \"WatchOn\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_case_decisions_RecordedAt",
                table: "case_decisions",
                column: "RecordedAt");

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
                name: "IX_job_history_Job_Id",
                table: "job_history",
                columns: new[] { "Job", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_ledger_import_rows_ImportId_Outcome_Number",
                table: "ledger_import_rows",
                columns: new[] { "ImportId", "Outcome", "Number" });

            migrationBuilder.CreateIndex(
                name: "ix_ledger_imports_open",
                table: "ledger_imports",
                column: "SentAt",
                filter: "\"EndedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_ledger_imports_Register_SentAt",
                table: "ledger_imports",
                columns: new[] { "Register", "SentAt" });

            migrationBuilder.CreateIndex(
                name: "IX_register_accesses_ById_At",
                table: "register_accesses",
                columns: new[] { "ById", "At" });

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

            migrationBuilder.CreateIndex(
                name: "IX_reminders_CaseId",
                table: "reminders",
                column: "CaseId",
                filter: "\"CaseId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_reminders_SubjectId_Stage_RecipientId_Contact",
                table: "reminders",
                columns: new[] { "SubjectId", "Stage", "RecipientId", "Contact" },
                unique: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "certificate_openings");

            migrationBuilder.DropTable(
                name: "job_history");

            migrationBuilder.DropTable(
                name: "job_marks");

            migrationBuilder.DropTable(
                name: "ledger_import_rows");

            migrationBuilder.DropTable(
                name: "mail_choices");

            migrationBuilder.DropTable(
                name: "mail_pause");

            migrationBuilder.DropTable(
                name: "register_accesses");

            migrationBuilder.DropTable(
                name: "register_persons");

            migrationBuilder.DropTable(
                name: "reminders");

            migrationBuilder.DropTable(
                name: "ledger_imports");

            migrationBuilder.DropTable(
                name: "register_subjects");

            migrationBuilder.DropIndex(
                name: "ix_timers_calendar",
                table: "timers");

            migrationBuilder.DropIndex(
                name: "ix_tasks_late",
                table: "tasks");

            migrationBuilder.DropIndex(
                name: "ix_tasks_open",
                table: "tasks");

            migrationBuilder.DropIndex(
                name: "ix_tasks_watch",
                table: "tasks");

            migrationBuilder.DropIndex(
                name: "ix_reverifications_opens",
                table: "reverifications");

            migrationBuilder.DropIndex(
                name: "ix_reverifications_watch",
                table: "reverifications");

            migrationBuilder.DropIndex(
                name: "IX_register_entries_SubjectId_Register_ValidFrom_Id",
                table: "register_entries");

            migrationBuilder.DropIndex(
                name: "ix_outbox_parked",
                table: "outbox");

            migrationBuilder.DropIndex(
                name: "ix_notices_of_grant",
                table: "notices");

            migrationBuilder.DropIndex(
                name: "ix_grants_ending",
                table: "grants");

            migrationBuilder.DropIndex(
                name: "ix_documents_unrendered",
                table: "documents");

            migrationBuilder.DropIndex(
                name: "IX_certificates_SubjectId_Kind_ValidFrom",
                table: "certificates");

            migrationBuilder.DropIndex(
                name: "IX_certificates_ValidTo",
                table: "certificates");

            migrationBuilder.DropIndex(
                name: "ix_certificates_watch",
                table: "certificates");

            migrationBuilder.DropIndex(
                name: "ix_cases_clock",
                table: "cases");

            migrationBuilder.DropIndex(
                name: "ix_cases_open_matter",
                table: "cases");

            migrationBuilder.DropIndex(
                name: "IX_cases_SubjectId_Matter",
                table: "cases");

            migrationBuilder.DropIndex(
                name: "IX_cases_SubmittedAt",
                table: "cases");

            migrationBuilder.DropIndex(
                name: "ix_cases_watch",
                table: "cases");

            migrationBuilder.DropIndex(
                name: "IX_case_decisions_RecordedAt",
                table: "case_decisions");

            migrationBuilder.DropColumn(
                name: "WatchOn",
                table: "tasks");

            migrationBuilder.DropColumn(
                name: "OpensOn",
                table: "reverifications");

            migrationBuilder.DropColumn(
                name: "WatchOn",
                table: "reverifications");

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
                name: "Data",
                table: "outbox");

            migrationBuilder.DropColumn(
                name: "SubjectId",
                table: "outbox");

            migrationBuilder.DropColumn(
                name: "GrantId",
                table: "notices");

            migrationBuilder.DropColumn(
                name: "LeastUntil",
                table: "notices");

            migrationBuilder.DropColumn(
                name: "EndedAt",
                table: "grants");

            migrationBuilder.DropColumn(
                name: "Category",
                table: "grant_changes");

            migrationBuilder.DropColumn(
                name: "Persons",
                table: "grant_changes");

            migrationBuilder.DropColumn(
                name: "SubjectId",
                table: "certificates");

            migrationBuilder.DropColumn(
                name: "WatchOn",
                table: "certificates");

            migrationBuilder.DropColumn(
                name: "SubjectId",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "WatchOn",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "Sees",
                table: "case_parties");

            migrationBuilder.DropColumn(
                name: "WithoutDigest",
                table: "AspNetUsers");

            migrationBuilder.CreateIndex(
                name: "ix_tasks_unknown_limit",
                table: "tasks",
                column: "Id",
                filter: "\"State\" = 'Open' AND \"FinishBy\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_cases_unknown_limit",
                table: "cases",
                column: "Id",
                filter: "\"ClosedAt\" IS NULL AND \"Clock_LimitText\" IS NOT NULL AND \"Clock_DueOn\" IS NULL");
        }
    }
}
