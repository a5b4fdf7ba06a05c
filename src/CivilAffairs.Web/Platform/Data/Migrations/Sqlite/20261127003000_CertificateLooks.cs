using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace CivilAffairs.Web.Platform.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class CertificateLooks : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // Days that certificates carry themselves stay there until they come: the night's look then plans the next ones here.
            // Ordered by its key: what one night takes and brings lies together, in a few pages. EF makes no such tables by itself.
            migrationBuilder.Sql("""CREATE TABLE "certificate_looks" ("On" TEXT NOT NULL, "CertificateId" TEXT NOT NULL, CONSTRAINT "PK_certificate_looks" PRIMARY KEY ("On", "CertificateId")) WITHOUT ROWID;""");

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
