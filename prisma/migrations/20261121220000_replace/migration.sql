-- AlterTable
ALTER TABLE "Esim" ADD COLUMN     "formerUnitId" TEXT;

-- CreateIndex
CREATE INDEX "PurchaseAttempt_esimId_idx" ON "PurchaseAttempt"("esimId");

-- CreateIndex
CREATE INDEX "Esim_formerUnitId_idx" ON "Esim"("formerUnitId");

