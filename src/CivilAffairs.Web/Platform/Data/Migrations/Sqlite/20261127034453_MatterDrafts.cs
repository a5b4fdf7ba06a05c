using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CivilAffairs.Web.Platform.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class MatterDrafts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // SQLite changes no key of a table that is there. Written out, since what is generated for it turns foreign keys off in between and so
            // ends the transaction: here all of the migration counts, or nothing. No table refers to this one.
            // What was published before came from folders. Numbered in the order of publishing; the current one is the last.
            migrationBuilder.Sql("""
                CREATE TABLE "matter_revisions_numbered" (
                    "Matter" TEXT NOT NULL,
                    "Number" INTEGER NOT NULL,
                    "BasedOn" TEXT NULL,
                    "Bundle" TEXT NOT NULL,
                    "Comment" TEXT NULL,
                    "Current" INTEGER NOT NULL,
                    "FolderHash" TEXT NULL,
                    "Hash" TEXT NOT NULL,
                    "Origin" TEXT NOT NULL,
                    "PublishedAt" TEXT NOT NULL,
                    "PublishedById" TEXT NULL,
                    "RetireComment" TEXT NULL,
                    "RetiredAt" TEXT NULL,
                    "RetiredById" TEXT NULL,
                    "SecondById" TEXT NULL,
                    CONSTRAINT "PK_matter_revisions" PRIMARY KEY ("Matter", "Number")
                );
                INSERT INTO "matter_revisions_numbered" ("Matter", "Number", "Bundle", "Current", "Hash", "Origin", "PublishedAt")
                    SELECT "Matter", ROW_NUMBER() OVER (PARTITION BY "Matter" ORDER BY "Current", "PublishedAt", "Hash"), "Bundle", "Current", "Hash", 'Folder', "PublishedAt" FROM "matter_revisions";
                DROP TABLE "matter_revisions";
                ALTER TABLE "matter_revisions_numbered" RENAME TO "matter_revisions";
                """);

            migrationBuilder.CreateIndex(
                name: "IX_matter_revisions_Matter_Current",
                table: "matter_revisions",
                columns: new[] { "Matter", "Current" });

            migrationBuilder.CreateTable(
                name: "matter_drafts",
                columns: table => new
                {
                    Matter = table.Column<string>(type: "TEXT", maxLength: 60, nullable: false),
                    Bundle = table.Column<string>(type: "TEXT", nullable: false),
                    BasedOn = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    Version = table.Column<int>(type: "INTEGER", nullable: false),
                    State = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    Origin = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    FolderHash = table.Column<string>(type: "TEXT", maxLength: 64, nullable: true),
                    CreatedById = table.Column<Guid>(type: "TEXT", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    EditedById = table.Column<Guid>(type: "TEXT", nullable: false),
                    EditedAt = table.Column<DateTime>(type: "TEXT", nullable: false),
                    SubmittedById = table.Column<Guid>(type: "TEXT", nullable: true),
                    SubmittedAt = table.Column<DateTime>(type: "TEXT", nullable: true),
                    SubmitComment = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_matter_drafts", x => x.Matter);
                });

            migrationBuilder.CreateIndex(
                name: "IX_matter_revisions_Hash",
                table: "matter_revisions",
                column: "Hash");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "matter_drafts");

            migrationBuilder.DropPrimaryKey(
                name: "PK_matter_revisions",
                table: "matter_revisions");

            migrationBuilder.DropIndex(
                name: "IX_matter_revisions_Hash",
                table: "matter_revisions");

            migrationBuilder.DropColumn(
                name: "Number",
                table: "matter_revisions");

            migrationBuilder.DropColumn(
                name: "BasedOn",
                table: "matter_revisions");

            migrationBuilder.DropColumn(
                name: "Comment",
                table: "matter_revisions");

            migrationBuilder.DropColumn(
                name: "FolderHash",
                table: "matter_revisions");

            migrationBuilder.DropColumn(
                name: "Origin",
                table: "matter_revisions");

            migrationBuilder.DropColumn(
                name: "PublishedById",
                table: "matter_revisions");

            migrationBuilder.DropColumn(
                name: "RetireComment",
                table: "matter_revisions");

            migrationBuilder.DropColumn(
                name: "RetiredAt",
                table: "matter_revisions");

            migrationBuilder.DropColumn(
                name: "RetiredById",
                table: "matter_revisions");

            migrationBuilder.DropColumn(
                name: "SecondById",
                table: "matter_revisions");

            migrationBuilder.AddPrimaryKey(
                name: "PK_matter_revisions",
                table: "matter_revisions",
                column: "Hash");
        }
    }
}
