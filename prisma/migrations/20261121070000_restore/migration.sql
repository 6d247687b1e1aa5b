-- AlterTable
ALTER TABLE "Shop" ADD COLUMN     "alertsAt" TIMESTAMP(3),
ADD COLUMN     "contactReadAt" TIMESTAMP(3);

-- AlterTable
ALTER TABLE "BuyingPace" ADD COLUMN     "auditNextAt" TIMESTAMP(3),
ADD COLUMN     "auditUntil" TIMESTAMP(3);

-- AlterTable
ALTER TABLE "DatabaseMark" ADD COLUMN     "gapSince" TIMESTAMP(3),
ADD COLUMN     "keyCheck" TEXT;

