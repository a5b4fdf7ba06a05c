using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CivilAffairs.Web.Platform.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Reminders : Migration
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
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "OpensOn",
                table: "reverifications",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "WatchOn",
                table: "reverifications",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Data",
                table: "outbox",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "WatchOn",
                table: "certificates",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "WatchOn",
                table: "cases",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<bool>(
                name: "WithoutDigest",
                table: "AspNetUsers",
                type: "INTEGER",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateTable(
                name: "job_history",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Job = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    StartedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    FinishedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    Done = table.Column<int>(type: "INTEGER", nullable: false),
                    Error = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    AskedById = table.Column<Guid>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_job_history", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "job_marks",
                columns: table => new
                {
                    Id = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    Value = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_job_marks", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "reminders",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Subject = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    SubjectId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Stage = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    RecipientId = table.Column<Guid>(type: "TEXT", nullable: false),
                    RecipientKind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Contact = table.Column<string>(type: "TEXT", maxLength: 20, nullable: false),
                    CaseId = table.Column<Guid>(type: "TEXT", nullable: true),
                    MessageId = table.Column<Guid>(type: "TEXT", nullable: true),
                    OccurredOn = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    RecordedAt = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_reminders", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_timers_calendar",
                table: "timers",
                column: "Id",
                filter: "\"State\" = 'Waiting' AND \"LimitText\" IS NOT NULL");

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
                name: "ix_documents_unrendered",
                table: "documents",
                column: "Id",
                filter: "\"PdfHash\" IS NULL");

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
                name: "ix_cases_watch",
                table: "cases",
                columns: new[] { "WatchOn", "Id" },
                filter: "\"ClosedAt\" IS NULL AND \"WatchOn\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_job_history_Job_Id",
                table: "job_history",
                columns: new[] { "Job", "Id" });

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

            WatchOfEarlierRows.Fill(migrationBuilder);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "job_history");

            migrationBuilder.DropTable(
                name: "job_marks");

            migrationBuilder.DropTable(
                name: "reminders");

            migrationBuilder.DropIndex(
                name: "ix_timers_calendar",
                table: "timers");

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
                name: "ix_documents_unrendered",
                table: "documents");

            migrationBuilder.DropIndex(
                name: "ix_certificates_watch",
                table: "certificates");

            migrationBuilder.DropIndex(
                name: "ix_cases_clock",
                table: "cases");

            migrationBuilder.DropIndex(
                name: "ix_cases_watch",
                table: "cases");

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
                name: "Data",
                table: "outbox");

            migrationBuilder.DropColumn(
                name: "WatchOn",
                table: "certificates");

            migrationBuilder.DropColumn(
                name: "WatchOn",
                table: "cases");

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
