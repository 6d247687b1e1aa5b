-- AlterTable
ALTER TABLE "Unit" ADD COLUMN     "soldAt" TIMESTAMP(3),
ADD COLUMN     "soldCurrency" TEXT,
ADD COLUMN     "soldDestination" TEXT;

-- AlterTable
ALTER TABLE "BalanceEntry" ADD COLUMN     "destination" TEXT;

-- What was sold and bought before.
UPDATE "Unit" u SET "soldAt" = a."sentAt", "soldCurrency" = o.currency, "soldDestination" = e.destination
FROM "PurchaseAttempt" a, "Order" o, "Esim" e
WHERE a.id = u."attemptId" AND o.id = u."orderId" AND e."unitId" = u.id AND NOT o.test;
INSERT INTO "BalanceEntry" (id, "shopId", "accountId", kind, amount, currency, key, reference, "orderId", destination, at)
SELECT gen_random_uuid()::text, a."shopId", a."accountId", 'purchase', -a.total, a.currency, 'attempt ' || a.id,
  a."orderReference", (SELECT min(u."orderId") FROM "Unit" u WHERE u."attemptId" = a.id), b.destination, a."sentAt"
FROM "PurchaseAttempt" a LEFT JOIN "Bundle" b ON b."accountId" = a."accountId" AND b.code = a."bundleCode"
WHERE a."orderReference" IS NOT NULL AND a.total IS NOT NULL AND a.currency IS NOT NULL AND a.how <> 'stock';

-- Each holds what the sums over a time need, so that they do not visit the table.
CREATE INDEX "Unit_shopId_soldAt_idx" ON "Unit"("shopId", "soldAt") INCLUDE ("priceMinor", "soldCurrency", "soldDestination", kind, "goneAt");
DROP INDEX "BalanceEntry_accountId_at_idx";
CREATE INDEX "BalanceEntry_accountId_at_id_idx" ON "BalanceEntry"("accountId", "at", "id") INCLUDE (amount);
DROP INDEX "BalanceEntry_shopId_at_id_idx";
CREATE INDEX "BalanceEntry_shopId_at_id_idx" ON "BalanceEntry"("shopId", "at", "id") INCLUDE (kind, amount, currency, destination);
CREATE INDEX "BalanceEntry_orderId_idx" ON "BalanceEntry"("orderId");

-- The share of eSIMs that were installed, of those made in a time.
DROP INDEX "Esim_shopId_createdAt_id_idx";
CREATE INDEX "Esim_shopId_createdAt_id_idx" ON "Esim"("shopId", "createdAt", "id") INCLUDE ("installedAt");
