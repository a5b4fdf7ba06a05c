using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CivilAffairs.Web.Platform.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class OccurredOn : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<DateOnly>(
                name: "CountedFrom",
                table: "tasks",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "FinishSource",
                table: "tasks",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "OccurredOn",
                table: "tasks",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "OpenedOn",
                table: "tasks",
                type: "date",
                nullable: false,
                defaultValue: new DateOnly(1, 1, 1));

            migrationBuilder.AddColumn<string>(
                name: "Source",
                table: "tasks",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "StartSource",
                table: "tasks",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "GrantId",
                table: "reverifications",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "OccurredOn",
                table: "reverifications",
                type: "date",
                nullable: false,
                defaultValue: new DateOnly(1, 1, 1));

            migrationBuilder.AddColumn<DateTime>(
                name: "RecordedAt",
                table: "reverifications",
                type: "timestamp with time zone",
                nullable: false,
                defaultValue: new DateTime(1, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified));

            migrationBuilder.AddColumn<DateOnly>(
                name: "ValidFrom",
                table: "register_entries",
                type: "date",
                nullable: false,
                defaultValue: new DateOnly(1, 1, 1));

            migrationBuilder.AddColumn<DateOnly>(
                name: "ValidTo",
                table: "register_entries",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "OccurredOn",
                table: "notices",
                type: "date",
                nullable: false,
                defaultValue: new DateOnly(1, 1, 1));

            migrationBuilder.AddColumn<DateTime>(
                name: "RecordedAt",
                table: "notices",
                type: "timestamp with time zone",
                nullable: false,
                defaultValue: new DateTime(1, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified));

            migrationBuilder.AddColumn<DateOnly>(
                name: "OccurredOn",
                table: "journal",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "OccurredOn",
                table: "grant_changes",
                type: "date",
                nullable: false,
                defaultValue: new DateOnly(1, 1, 1));

            migrationBuilder.AddColumn<string>(
                name: "Parameters",
                table: "grant_changes",
                type: "text",
                nullable: false,
                defaultValue: "[]");

            migrationBuilder.AddColumn<DateOnly>(
                name: "OccurredOn",
                table: "documents",
                type: "date",
                nullable: false,
                defaultValue: new DateOnly(1, 1, 1));

            migrationBuilder.AddColumn<DateOnly>(
                name: "OccurredOn",
                table: "certificate_changes",
                type: "date",
                nullable: false,
                defaultValue: new DateOnly(1, 1, 1));

            migrationBuilder.AddColumn<string>(
                name: "Clock_LimitSource",
                table: "cases",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<Guid>(
                name: "GrantId",
                table: "cases",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "LatestOn",
                table: "cases",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "ReceivedOn",
                table: "cases",
                type: "date",
                nullable: true);

            migrationBuilder.AddColumn<DateOnly>(
                name: "OccurredOn",
                table: "case_recusals",
                type: "date",
                nullable: false,
                defaultValue: new DateOnly(1, 1, 1));

            migrationBuilder.AddColumn<DateOnly>(
                name: "OccurredOn",
                table: "case_parties",
                type: "date",
                nullable: false,
                defaultValue: new DateOnly(1, 1, 1));

            migrationBuilder.AddColumn<DateOnly>(
                name: "OccurredOn",
                table: "case_files",
                type: "date",
                nullable: false,
                defaultValue: new DateOnly(1, 1, 1));

            migrationBuilder.AddColumn<DateOnly>(
                name: "OccurredOn",
                table: "case_contents",
                type: "date",
                nullable: false,
                defaultValue: new DateOnly(1, 1, 1));

            OccurredOnOfEarlierRows.Fill(migrationBuilder, instant => $"({instant} AT TIME ZONE 'Asia/Shanghai')::date");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "CountedFrom",
                table: "tasks");

            migrationBuilder.DropColumn(
                name: "FinishSource",
                table: "tasks");

            migrationBuilder.DropColumn(
                name: "OccurredOn",
                table: "tasks");

            migrationBuilder.DropColumn(
                name: "OpenedOn",
                table: "tasks");

            migrationBuilder.DropColumn(
                name: "Source",
                table: "tasks");

            migrationBuilder.DropColumn(
                name: "StartSource",
                table: "tasks");

            migrationBuilder.DropColumn(
                name: "GrantId",
                table: "reverifications");

            migrationBuilder.DropColumn(
                name: "OccurredOn",
                table: "reverifications");

            migrationBuilder.DropColumn(
                name: "RecordedAt",
                table: "reverifications");

            migrationBuilder.DropColumn(
                name: "ValidFrom",
                table: "register_entries");

            migrationBuilder.DropColumn(
                name: "ValidTo",
                table: "register_entries");

            migrationBuilder.DropColumn(
                name: "OccurredOn",
                table: "notices");

            migrationBuilder.DropColumn(
                name: "RecordedAt",
                table: "notices");

            migrationBuilder.DropColumn(
                name: "OccurredOn",
                table: "journal");

            migrationBuilder.DropColumn(
                name: "OccurredOn",
                table: "grant_changes");

            migrationBuilder.DropColumn(
                name: "Parameters",
                table: "grant_changes");

            migrationBuilder.DropColumn(
                name: "OccurredOn",
                table: "documents");

            migrationBuilder.DropColumn(
                name: "OccurredOn",
                table: "certificate_changes");

            migrationBuilder.DropColumn(
                name: "Clock_LimitSource",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "GrantId",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "LatestOn",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "ReceivedOn",
                table: "cases");

            migrationBuilder.DropColumn(
                name: "OccurredOn",
                table: "case_recusals");

            migrationBuilder.DropColumn(
                name: "OccurredOn",
                table: "case_parties");

            migrationBuilder.DropColumn(
                name: "OccurredOn",
                table: "case_files");

            migrationBuilder.DropColumn(
                name: "OccurredOn",
                table: "case_contents");
        }
    }
}
