using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CivilAffairs.Web.Platform.Data.Migrations.Sqlite
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
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    GrantId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Cipher = table.Column<byte[]>(type: "BLOB", nullable: false),
                    RecordedById = table.Column<Guid>(type: "TEXT", nullable: false),
                    RecordedBy = table.Column<string>(type: "TEXT", nullable: false),
                    RecordedAt = table.Column<DateTime>(type: "TEXT", nullable: false)
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
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    RosterId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Layout = table.Column<string>(type: "TEXT", maxLength: 60, nullable: true),
                    ById = table.Column<Guid>(type: "TEXT", nullable: false),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    NoteCipher = table.Column<string>(type: "TEXT", nullable: true),
                    At = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_pay_exports", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "pay_holds",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    GrantId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    NoteCipher = table.Column<byte[]>(type: "BLOB", nullable: false),
                    PlacedById = table.Column<Guid>(type: "TEXT", nullable: false),
                    PlacedBy = table.Column<string>(type: "TEXT", nullable: false),
                    PlacedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    ReleasedById = table.Column<Guid>(type: "TEXT", nullable: true),
                    ReleasedBy = table.Column<string>(type: "TEXT", nullable: true),
                    ReleasedAt = table.Column<DateTime>(type: "TEXT", nullable: true)
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
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Year = table.Column<int>(type: "INTEGER", nullable: false),
                    Serial = table.Column<int>(type: "INTEGER", nullable: false),
                    Matter = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    Benefit = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    County = table.Column<string>(type: "TEXT", maxLength: 12, nullable: false),
                    Month = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    Since = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Version = table.Column<long>(type: "INTEGER", nullable: false),
                    Digest = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    MadeById = table.Column<Guid>(type: "TEXT", nullable: false),
                    MadeBy = table.Column<string>(type: "TEXT", nullable: false),
                    MadeAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    SubmittedById = table.Column<Guid>(type: "TEXT", nullable: true),
                    SubmittedBy = table.Column<string>(type: "TEXT", nullable: true),
                    SubmittedAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    CheckedById = table.Column<Guid>(type: "TEXT", nullable: true),
                    CheckedBy = table.Column<string>(type: "TEXT", nullable: true),
                    CheckedAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    ReturnedCipher = table.Column<string>(type: "TEXT", nullable: true),
                    SentAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    Layout = table.Column<string>(type: "TEXT", maxLength: 60, nullable: true),
                    ClosedAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    ChangedById = table.Column<Guid>(type: "TEXT", nullable: false),
                    ChangedBy = table.Column<string>(type: "TEXT", nullable: false),
                    ChangedAt = table.Column<DateTime>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_pay_rosters", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "pay_lines",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    RosterId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Position = table.Column<int>(type: "INTEGER", nullable: false),
                    GrantId = table.Column<Guid>(type: "TEXT", nullable: false),
                    CaseId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Month = table.Column<DateOnly>(type: "TEXT", nullable: false),
                    Turn = table.Column<int>(type: "INTEGER", nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    AmountFen = table.Column<long>(type: "INTEGER", nullable: false),
                    Persons = table.Column<int>(type: "INTEGER", nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Reason = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    AccountCipher = table.Column<byte[]>(type: "BLOB", nullable: true),
                    AccountId = table.Column<Guid>(type: "TEXT", nullable: true),
                    SharedAccount = table.Column<bool>(type: "INTEGER", nullable: false),
                    SettledOn = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    SettledAt = table.Column<DateTime>(type: "TEXT", nullable: true)
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
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    RosterId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Layout = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    FileHash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: false),
                    SentById = table.Column<Guid>(type: "TEXT", nullable: false),
                    SentBy = table.Column<string>(type: "TEXT", nullable: false),
                    SentAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    AppliedAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    Rows = table.Column<int>(type: "INTEGER", nullable: false),
                    Paid = table.Column<int>(type: "INTEGER", nullable: false),
                    PaidFen = table.Column<long>(type: "INTEGER", nullable: false),
                    Returned = table.Column<int>(type: "INTEGER", nullable: false),
                    ReturnedFen = table.Column<long>(type: "INTEGER", nullable: false),
                    Unchanged = table.Column<int>(type: "INTEGER", nullable: false),
                    Refused = table.Column<int>(type: "INTEGER", nullable: false)
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
                    ResultId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Number = table.Column<int>(type: "INTEGER", nullable: false),
                    LineId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Outcome = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Code = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true),
                    On = table.Column<DateOnly>(type: "TEXT", nullable: true),
                    Fault = table.Column<string>(type: "TEXT", maxLength: 40, nullable: true)
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
