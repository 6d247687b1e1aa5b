-- AlterTable
ALTER TABLE "SupplierAccount" ADD COLUMN     "callbackRefusedAt" TIMESTAMP(3);

-- CreateIndex
CREATE INDEX "EsimEvent_shopId_at_idx" ON "EsimEvent"("shopId", "at");

