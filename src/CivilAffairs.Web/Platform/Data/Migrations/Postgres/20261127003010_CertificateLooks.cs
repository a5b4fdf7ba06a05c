using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CivilAffairs.Web.Platform.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class CertificateLooks : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Days that certificates carry themselves stay there until they come: the night's look then plans the next ones here.
            migrationBuilder.CreateTable(
                name: "certificate_looks",
                columns: table => new
                {
                    On = table.Column<DateOnly>(type: "date", nullable: false),
                    CertificateId = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_certificate_looks", x => new { x.On, x.CertificateId });
                });

            migrationBuilder.DropIndex(
                name: "IX_outbox_CaseId",
                table: "outbox");

            migrationBuilder.CreateIndex(
                name: "IX_outbox_CaseId",
                table: "outbox",
                column: "CaseId",
                filter: "\"CaseId\" IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            // Its certificates are looked at anew.
            migrationBuilder.Sql("""UPDATE "certificates" SET "WatchOn" = (SELECT MIN(l."On") FROM "certificate_looks" l WHERE l."CertificateId" = "certificates"."Id") WHERE "WatchOn" IS NULL;""");

            migrationBuilder.DropTable(
                name: "certificate_looks");

            migrationBuilder.DropIndex(
                name: "IX_outbox_CaseId",
                table: "outbox");

            migrationBuilder.CreateIndex(
                name: "IX_outbox_CaseId",
                table: "outbox",
                column: "CaseId");
        }
    }
}
