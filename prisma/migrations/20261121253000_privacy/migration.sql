-- A buyer's data is erased by the app itself.
ALTER TABLE "Order" ADD COLUMN     "erasedAt" TIMESTAMP(3);
ALTER TABLE "ComplianceRequest" ADD COLUMN     "nextTryAt" TIMESTAMP(3) NOT NULL DEFAULT app_now();
