-- AlterTable
ALTER TABLE "Delivery" ADD COLUMN     "askedBy" TEXT;

-- What Prisma's schema cannot say: the few pieces that left their order after they were sent, for the queue and its count.
CREATE INDEX "Unit_refunded_idx" ON "Unit"("shopId") WHERE state = 'delivered' AND "goneAt" IS NOT NULL AND note IS NULL;
