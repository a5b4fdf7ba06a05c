using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CivilAffairs.Web.Platform.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class ScaleAndErasure : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_tasks_queue",
                table: "tasks");

            migrationBuilder.DropIndex(
                name: "IX_notices_Division_FirstDay",
                table: "notices");

            migrationBuilder.DropIndex(
                name: "IX_grants_Benefit_Township_Village",
                table: "grants");

            migrationBuilder.DropIndex(
                name: "IX_cases_ApplicantName",
                table: "cases");

            migrationBuilder.AddColumn<string>(
                name: "Matter",
                table: "tasks",
                type: "character varying(60)",
                maxLength: 60,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<Guid>(
                name: "MergedIntoId",
                table: "persons",
                type: "uuid",
                nullable: true);

            migrationBuilder.AlterColumn<string>(
                name: "Division",
                table: "notices",
                type: "character varying(12)",
                maxLength: 12,
                nullable: false,
                collation: "C",
                oldClrType: typeof(string),
                oldType: "character varying(12)",
                oldMaxLength: 12);

            migrationBuilder.AlterColumn<string>(
                name: "HolderName",
                table: "grants",
                type: "text",
                nullable: false,
                collation: "C",
                oldClrType: typeof(string),
                oldType: "text");

            migrationBuilder.AlterColumn<string>(
                name: "Number",
                table: "cases",
                type: "text",
                nullable: true,
                collation: "C",
                oldClrType: typeof(string),
                oldType: "text",
                oldNullable: true);

            migrationBuilder.AlterColumn<string>(
                name: "ApplicantName",
                table: "cases",
                type: "text",
                nullable: false,
                collation: "C",
                oldClrType: typeof(string),
                oldType: "text");

            migrationBuilder.AddColumn<DateTime>(
                name: "ErasedAt",
                table: "cases",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "case_erasures",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    CaseId = table.Column<Guid>(type: "uuid", nullable: false),
                    Keep = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    From = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    Source = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    KeptUntil = table.Column<DateOnly>(type: "date", nullable: false),
                    ProposedById = table.Column<Guid>(type: "uuid", nullable: false),
                    ProposedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    State = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    DecidedById = table.Column<Guid>(type: "uuid", nullable: true),
                    DecidedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    Reason = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_case_erasures", x => x.Id);
                    table.ForeignKey(
                        name: "FK_case_erasures_cases_CaseId",
                        column: x => x.CaseId,
                        principalTable: "cases",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            // Open work of before: its matter is its case's.
            migrationBuilder.Sql("UPDATE tasks SET \"Matter\" = (SELECT c.\"Matter\" FROM cases AS c WHERE c.\"Id\" = tasks.\"CaseId\")");

            migrationBuilder.CreateIndex(
                name: "ix_tasks_queue",
                table: "tasks",
                columns: new[] { "Role", "Division", "FinishBy", "Id", "AmberFrom", "FinishLimit", "Matter", "CaseId" },
                filter: "\"State\" = 'Open' AND \"HolderId\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_tasks_unknown_limit",
                table: "tasks",
                column: "Id",
                filter: "\"State\" = 'Open' AND \"FinishBy\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_persons_MergedIntoId",
                table: "persons",
                column: "MergedIntoId");

            migrationBuilder.CreateIndex(
                name: "ix_notices_up",
                table: "notices",
                columns: new[] { "FirstDay", "Id" },
                filter: "\"TakenDownAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_notices_up_place",
                table: "notices",
                columns: new[] { "Division", "FirstDay", "Id" },
                filter: "\"TakenDownAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_notices_up_until",
                table: "notices",
                columns: new[] { "LastDay", "FirstDay", "Id" },
                filter: "\"TakenDownAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_grants_County_HolderName",
                table: "grants",
                columns: new[] { "County", "HolderName" });

            migrationBuilder.CreateIndex(
                name: "IX_grants_County_LastMonth",
                table: "grants",
                columns: new[] { "County", "LastMonth" });

            migrationBuilder.CreateIndex(
                name: "IX_grants_County_RecordedAt_Id",
                table: "grants",
                columns: new[] { "County", "RecordedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_grants_Township_HolderName",
                table: "grants",
                columns: new[] { "Township", "HolderName" });

            migrationBuilder.CreateIndex(
                name: "IX_grants_Township_LastMonth",
                table: "grants",
                columns: new[] { "Township", "LastMonth" });

            migrationBuilder.CreateIndex(
                name: "IX_grants_Township_RecordedAt_Id",
                table: "grants",
                columns: new[] { "Township", "RecordedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_grants_Village_RecordedAt_Id",
                table: "grants",
                columns: new[] { "Village", "RecordedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_cases_ApplicantName_SubmittedAt_Id",
                table: "cases",
                columns: new[] { "ApplicantName", "SubmittedAt", "Id" },
                descending: new[] { false, true, true });

            migrationBuilder.CreateIndex(
                name: "ix_cases_retention",
                table: "cases",
                columns: new[] { "Status", "DecidedAt" },
                filter: "\"DecidedAt\" IS NOT NULL AND \"ErasedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_cases_unknown_limit",
                table: "cases",
                column: "Id",
                filter: "\"ClosedAt\" IS NULL AND \"Clock_LimitText\" IS NOT NULL AND \"Clock_DueOn\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_case_erasures_open",
                table: "case_erasures",
                column: "CaseId",
                unique: true,
                filter: "\"State\" = 'Proposed'");

            migrationBuilder.CreateIndex(
                name: "IX_case_erasures_State_ProposedAt",
                table: "case_erasures",
                columns: new[] { "State", "ProposedAt" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "case_erasures");

            migrationBuilder.DropIndex(
                name: "ix_tasks_queue",
                table: "tasks");

            migrationBuilder.DropIndex(
                name: "ix_tasks_unknown_limit",
                table: "tasks");

            migrationBuilder.DropIndex(
                name: "IX_persons_MergedIntoId",
                table: "persons");

            migrationBuilder.DropIndex(
                name: "ix_notices_up",
                table: "notices");

            migrationBuilder.DropIndex(
                name: "ix_notices_up_place",
                table: "notices");

            migrationBuilder.DropIndex(
                name: "ix_notices_up_until",
                table: "notices");

            migrationBuilder.DropIndex(
                name: "IX_grants_County_HolderName",
                table: "grants");

            migrationBuilder.DropIndex(
                name: "IX_grants_County_LastMonth",
                table: "grants");

            migrationBuilder.DropIndex(
                name: "IX_grants_County_RecordedAt_Id",
                table: "grants");

            migrationBuilder.DropIndex(
                name: "IX_grants_Township_HolderName",
                table: "grants");

            migrationBuilder.DropIndex(
                name: "IX_grants_Township_LastMonth",
                table: "grants");

            migrationBuilder.DropIndex(
                name: "IX_grants_Township_RecordedAt_Id",
                table: "grants");

            migrationBuilder.DropIndex(
                name: "IX_grants_Village_RecordedAt_Id",
                table: "grants");

            migrationBuilder.DropIndex(
                name: "IX_cases_ApplicantName_SubmittedAt_Id",
                table: "cases");

            migrationBuilder.DropIndex(
                name: "ix_cases_retention",
                table: "cases");

            migrationBuilder.DropIndex(
                name: "ix_cases_unknown_limit",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "Matter",
                table: "tasks");

            migrationBuilder.DropColumn(
                name: "MergedIntoId",
                table: "persons");

            migrationBuilder.DropColumn(
                name: "ErasedAt",
                table: "cases");

            migrationBuilder.AlterColumn<string>(
                name: "Division",
                table: "notices",
                type: "character varying(12)",
                maxLength: 12,
                nullable: false,
                oldClrType: typeof(string),
                oldType: "character varying(12)",
                oldMaxLength: 12,
                oldCollation: "C");

            migrationBuilder.AlterColumn<string>(
                name: "HolderName",
                table: "grants",
                type: "text",
                nullable: false,
                oldClrType: typeof(string),
                oldType: "text",
                oldCollation: "C");

            migrationBuilder.AlterColumn<string>(
                name: "Number",
                table: "cases",
                type: "text",
                nullable: true,
                oldClrType: typeof(string),
                oldType: "text",
                oldNullable: true,
                oldCollation: "C");

            migrationBuilder.AlterColumn<string>(
                name: "ApplicantName",
                table: "cases",
                type: "text",
                nullable: false,
                oldClrType: typeof(string),
                oldType: "text",
                oldCollation: "C");

            migrationBuilder.CreateIndex(
                name: "ix_tasks_queue",
                table: "tasks",
                columns: new[] { "Role", "Division", "FinishBy", "Id" },
                filter: "\"State\" = 'Open'");

            migrationBuilder.CreateIndex(
                name: "IX_notices_Division_FirstDay",
                table: "notices",
                columns: new[] { "Division", "FirstDay" });

            migrationBuilder.CreateIndex(
                name: "IX_grants_Benefit_Township_Village",
                table: "grants",
                columns: new[] { "Benefit", "Township", "Village" });

            migrationBuilder.CreateIndex(
                name: "IX_cases_ApplicantName",
                table: "cases",
                column: "ApplicantName");
        }
    }
}
