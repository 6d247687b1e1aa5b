-- AlterTable
ALTER TABLE "PricingSettings" ADD COLUMN     "followedAt" TIMESTAMP(3);

