-- AlterTable
ALTER TABLE "VariantMapping" ADD COLUMN     "choice" TEXT NOT NULL DEFAULT 'order';

-- AlterTable
ALTER TABLE "Unit" ADD COLUMN     "passedOver" JSONB NOT NULL DEFAULT '[]';

-- AlterTable
ALTER TABLE "BuyingPace" ADD COLUMN     "downSince" TIMESTAMP(3),
ADD COLUMN     "failures" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "probeAt" TIMESTAMP(3),
ADD COLUMN     "probes" INTEGER NOT NULL DEFAULT 0;

-- The sweeper asks for accounts that are down.
CREATE INDEX "BuyingPace_probeAt_idx" ON "BuyingPace"("probeAt");
