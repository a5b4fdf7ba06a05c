using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CivilAffairs.Web.Platform.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class MatterDrafts : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "Number",
                table: "matter_revisions",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "BasedOn",
                table: "matter_revisions",
                type: "character varying(64)",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Comment",
                table: "matter_revisions",
                type: "character varying(500)",
                maxLength: 500,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "FolderHash",
                table: "matter_revisions",
                type: "character varying(64)",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Origin",
                table: "matter_revisions",
                type: "character varying(40)",
                maxLength: 40,
                nullable: false,
                defaultValue: "Folder");

            migrationBuilder.AddColumn<Guid>(
                name: "PublishedById",
                table: "matter_revisions",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "RetireComment",
                table: "matter_revisions",
                type: "character varying(500)",
                maxLength: 500,
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "RetiredAt",
                table: "matter_revisions",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "RetiredById",
                table: "matter_revisions",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "SecondById",
                table: "matter_revisions",
                type: "uuid",
                nullable: true);

            // What was published before came from folders. Numbered in the order of publishing; the current one is the last.
            migrationBuilder.Sql("""
                UPDATE matter_revisions SET "Number" = (SELECT COUNT(*) FROM matter_revisions AS o WHERE o."Matter" = matter_revisions."Matter"
                    AND (o."Current", o."PublishedAt", o."Hash") <= (matter_revisions."Current", matter_revisions."PublishedAt", matter_revisions."Hash"))
                """);

            migrationBuilder.DropPrimaryKey(
                name: "PK_matter_revisions",
                table: "matter_revisions");

            migrationBuilder.AddPrimaryKey(
                name: "PK_matter_revisions",
                table: "matter_revisions",
                columns: new[] { "Matter", "Number" });

            migrationBuilder.CreateTable(
                name: "matter_drafts",
                columns: table => new
                {
                    Matter = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    Bundle = table.Column<string>(type: "text", nullable: false),
                    BasedOn = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    Version = table.Column<int>(type: "integer", nullable: false),
                    State = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    Origin = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    FolderHash = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    CreatedById = table.Column<Guid>(type: "uuid", nullable: false),
                    CreatedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    EditedById = table.Column<Guid>(type: "uuid", nullable: false),
                    EditedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    SubmittedById = table.Column<Guid>(type: "uuid", nullable: true),
                    SubmittedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    SubmitComment = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true)
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
