-- DropForeignKey
ALTER TABLE "CatalogueImport" DROP CONSTRAINT "CatalogueImport_shopId_fkey";

-- DropForeignKey
ALTER TABLE "CatalogueImport" DROP CONSTRAINT "CatalogueImport_accountId_fkey";

-- AlterTable
ALTER TABLE "VariantMapping" ADD COLUMN     "stoppedFrom" JSONB;

-- DropTable
DROP TABLE "CatalogueImport";

-- CreateIndex
CREATE INDEX "Bundle_withdrawnAt_idx" ON "Bundle"("withdrawnAt");

-- CreateIndex
CREATE INDEX "VariantMapping_stopped_idx" ON "VariantMapping"("stopped");

