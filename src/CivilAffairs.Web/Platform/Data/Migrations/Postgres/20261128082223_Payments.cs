using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CivilAffairs.Web.Platform.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Payments : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "pay_accounts",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    GrantId = table.Column<Guid>(type: "uuid", nullable: false),
                    Cipher = table.Column<byte[]>(type: "bytea", nullable: false),
                    RecordedById = table.Column<Guid>(type: "uuid", nullable: false),
                    RecordedBy = table.Column<string>(type: "text", nullable: false),
                    RecordedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_pay_accounts", x => x.Id);
                    table.ForeignKey(
                        name: "FK_pay_accounts_grants_GrantId",
                        column: x => x.GrantId,
                        principalTable: "grants",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "pay_exports",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    RosterId = table.Column<Guid>(type: "uuid", nullable: false),
                    Layout = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    ById = table.Column<Guid>(type: "uuid", nullable: false),
                    Reason = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    NoteCipher = table.Column<string>(type: "text", nullable: true),
                    At = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_pay_exports", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "pay_holds",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    GrantId = table.Column<Guid>(type: "uuid", nullable: false),
                    Reason = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    NoteCipher = table.Column<byte[]>(type: "bytea", nullable: false),
                    PlacedById = table.Column<Guid>(type: "uuid", nullable: false),
                    PlacedBy = table.Column<string>(type: "text", nullable: false),
                    PlacedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    ReleasedById = table.Column<Guid>(type: "uuid", nullable: true),
                    ReleasedBy = table.Column<string>(type: "text", nullable: true),
                    ReleasedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_pay_holds", x => x.Id);
                    table.ForeignKey(
                        name: "FK_pay_holds_grants_GrantId",
                        column: x => x.GrantId,
                        principalTable: "grants",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "pay_rosters",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Year = table.Column<int>(type: "integer", nullable: false),
                    Serial = table.Column<int>(type: "integer", nullable: false),
                    Matter = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Benefit = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    County = table.Column<string>(type: "character varying(12)", maxLength: 12, nullable: false),
                    Month = table.Column<DateOnly>(type: "date", nullable: false),
                    Since = table.Column<DateOnly>(type: "date", nullable: false),
                    State = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Version = table.Column<long>(type: "bigint", nullable: false),
                    Digest = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    MadeById = table.Column<Guid>(type: "uuid", nullable: false),
                    MadeBy = table.Column<string>(type: "text", nullable: false),
                    MadeAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    SubmittedById = table.Column<Guid>(type: "uuid", nullable: true),
                    SubmittedBy = table.Column<string>(type: "text", nullable: true),
                    SubmittedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    CheckedById = table.Column<Guid>(type: "uuid", nullable: true),
                    CheckedBy = table.Column<string>(type: "text", nullable: true),
                    CheckedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    ReturnedCipher = table.Column<string>(type: "text", nullable: true),
                    SentAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    Layout = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: true),
                    ClosedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    ChangedById = table.Column<Guid>(type: "uuid", nullable: false),
                    ChangedBy = table.Column<string>(type: "text", nullable: false),
                    ChangedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_pay_rosters", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "pay_lines",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    RosterId = table.Column<Guid>(type: "uuid", nullable: false),
                    Position = table.Column<int>(type: "integer", nullable: false),
                    GrantId = table.Column<Guid>(type: "uuid", nullable: false),
                    CaseId = table.Column<Guid>(type: "uuid", nullable: true),
                    Month = table.Column<DateOnly>(type: "date", nullable: false),
                    Turn = table.Column<int>(type: "integer", nullable: false),
                    Kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    AmountFen = table.Column<long>(type: "bigint", nullable: false),
                    Persons = table.Column<int>(type: "integer", nullable: false),
                    State = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Reason = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    AccountCipher = table.Column<byte[]>(type: "bytea", nullable: true),
                    AccountId = table.Column<Guid>(type: "uuid", nullable: true),
                    SharedAccount = table.Column<bool>(type: "boolean", nullable: false),
                    SettledOn = table.Column<DateOnly>(type: "date", nullable: true),
                    SettledAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_pay_lines", x => x.Id);
                    table.ForeignKey(
                        name: "FK_pay_lines_grants_GrantId",
                        column: x => x.GrantId,
                        principalTable: "grants",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_pay_lines_pay_rosters_RosterId",
                        column: x => x.RosterId,
                        principalTable: "pay_rosters",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "pay_results",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    RosterId = table.Column<Guid>(type: "uuid", nullable: false),
                    Layout = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    FileHash = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    SentById = table.Column<Guid>(type: "uuid", nullable: false),
                    SentBy = table.Column<string>(type: "text", nullable: false),
                    SentAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    AppliedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    Rows = table.Column<int>(type: "integer", nullable: false),
                    Paid = table.Column<int>(type: "integer", nullable: false),
                    PaidFen = table.Column<long>(type: "bigint", nullable: false),
                    Returned = table.Column<int>(type: "integer", nullable: false),
                    ReturnedFen = table.Column<long>(type: "bigint", nullable: false),
                    Unchanged = table.Column<int>(type: "integer", nullable: false),
                    Refused = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_pay_results", x => x.Id);
                    table.ForeignKey(
                        name: "FK_pay_results_pay_rosters_RosterId",
                        column: x => x.RosterId,
                        principalTable: "pay_rosters",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "pay_result_rows",
                columns: table => new
                {
                    ResultId = table.Column<Guid>(type: "uuid", nullable: false),
                    Number = table.Column<int>(type: "integer", nullable: false),
                    LineId = table.Column<Guid>(type: "uuid", nullable: true),
                    Outcome = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Code = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true),
                    On = table.Column<DateOnly>(type: "date", nullable: true),
                    Fault = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_pay_result_rows", x => new { x.ResultId, x.Number });
                    table.ForeignKey(
                        name: "FK_pay_result_rows_pay_results_ResultId",
                        column: x => x.ResultId,
                        principalTable: "pay_results",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_pay_accounts_GrantId_RecordedAt",
                table: "pay_accounts",
                columns: new[] { "GrantId", "RecordedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_pay_exports_RosterId_At",
                table: "pay_exports",
                columns: new[] { "RosterId", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_pay_holds_GrantId_PlacedAt",
                table: "pay_holds",
                columns: new[] { "GrantId", "PlacedAt" });

            migrationBuilder.CreateIndex(
                name: "ix_pay_holds_running",
                table: "pay_holds",
                column: "GrantId",
                unique: true,
                filter: "\"ReleasedAt\" IS NULL");

            migrationBuilder.CreateIndex(
                name: "IX_pay_lines_CaseId",
                table: "pay_lines",
                column: "CaseId");

            migrationBuilder.CreateIndex(
                name: "ix_pay_lines_once",
                table: "pay_lines",
                columns: new[] { "GrantId", "Month", "Turn" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_pay_lines_RosterId_GrantId",
                table: "pay_lines",
                columns: new[] { "RosterId", "GrantId" });

            migrationBuilder.CreateIndex(
                name: "IX_pay_lines_RosterId_Position",
                table: "pay_lines",
                columns: new[] { "RosterId", "Position" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_pay_lines_RosterId_State_Position",
                table: "pay_lines",
                columns: new[] { "RosterId", "State", "Position" });

            migrationBuilder.CreateIndex(
                name: "IX_pay_result_rows_ResultId_LineId",
                table: "pay_result_rows",
                columns: new[] { "ResultId", "LineId" });

            migrationBuilder.CreateIndex(
                name: "IX_pay_result_rows_ResultId_Outcome_Number",
                table: "pay_result_rows",
                columns: new[] { "ResultId", "Outcome", "Number" });

            migrationBuilder.CreateIndex(
                name: "IX_pay_results_RosterId_SentAt",
                table: "pay_results",
                columns: new[] { "RosterId", "SentAt" });

            migrationBuilder.CreateIndex(
                name: "IX_pay_rosters_County_Month_Id",
                table: "pay_rosters",
                columns: new[] { "County", "Month", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_pay_rosters_County_Year_Serial",
                table: "pay_rosters",
                columns: new[] { "County", "Year", "Serial" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_pay_rosters_month",
                table: "pay_rosters",
                columns: new[] { "Matter", "Benefit", "County", "Month" },
                unique: true,
                filter: "\"State\" <> 'Discarded'");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "pay_accounts");

            migrationBuilder.DropTable(
                name: "pay_exports");

            migrationBuilder.DropTable(
                name: "pay_holds");

            migrationBuilder.DropTable(
                name: "pay_lines");

            migrationBuilder.DropTable(
                name: "pay_result_rows");

            migrationBuilder.DropTable(
                name: "pay_results");

            migrationBuilder.DropTable(
                name: "pay_rosters");
        }
    }
}
