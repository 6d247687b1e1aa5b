CREATE SEQUENCE "LeaseFence" AS BIGINT;

-- AlterTable
ALTER TABLE "Shop" ADD COLUMN     "contactEmail" TEXT,
ADD COLUMN     "reconciledAt" TIMESTAMP(3),
ADD COLUMN     "reconciledUpTo" TIMESTAMP(3),
ADD COLUMN     "reconciledWeekAt" TIMESTAMP(3);

-- AlterTable
ALTER TABLE "ShopSettings" ADD COLUMN     "buyDelayMinutes" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "buyTestOrders" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "mostPerOrder" INTEGER,
ADD COLUMN     "priceGuardPercent" INTEGER DEFAULT 20,
ADD COLUMN     "riskHold" TEXT NOT NULL DEFAULT 'high';

-- AlterTable
ALTER TABLE "SupplierAccount" ADD COLUMN     "auditedAt" TIMESTAMP(3),
ADD COLUMN     "rebuyAfterProof" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "reserve" DECIMAL(65,30) NOT NULL DEFAULT 0,
ADD COLUMN     "stockFirst" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "VariantMapping" ADD COLUMN     "mappedCost" DECIMAL(65,30);

-- AlterTable
ALTER TABLE "Order" ADD COLUMN     "revision" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "risk" TEXT NOT NULL DEFAULT 'none',
ADD COLUMN     "shopifyUpdatedAt" TIMESTAMP(3);

-- AlterTable
ALTER TABLE "Unit" ADD COLUMN     "approvedAt" TIMESTAMP(3),
ADD COLUMN     "goneAt" TIMESTAMP(3),
ADD COLUMN     "note" TEXT,
ADD COLUMN     "rebuys" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "since" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN     "validation" TEXT;

-- AlterTable
ALTER TABLE "PurchaseAttempt" ADD COLUMN     "balanceBefore" DECIMAL(65,30),
ADD COLUMN     "emptySince" TIMESTAMP(3),
ADD COLUMN     "evidence" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "how" TEXT NOT NULL DEFAULT 'order',
ADD COLUMN     "sourceIp" TEXT,
ALTER COLUMN "fence" SET DATA TYPE BIGINT;

-- AlterTable
ALTER TABLE "Esim" ADD COLUMN     "revokedAt" TIMESTAMP(3),
ADD COLUMN     "taggedAt" TIMESTAMP(3);

-- DropTable
DROP TABLE "BuyingLease";

-- CreateTable
CREATE TABLE "BuyingPace" (
    "accountId" TEXT NOT NULL,
    "lastPurchaseAt" TIMESTAMP(3),
    "waitUntil" TIMESTAMP(3),
    "auditSince" TIMESTAMP(3),

    CONSTRAINT "BuyingPace_pkey" PRIMARY KEY ("accountId")
);

-- CreateTable
CREATE TABLE "Lease" (
    "name" TEXT NOT NULL,
    "holder" TEXT NOT NULL,
    "instanceId" TEXT NOT NULL,
    "fence" BIGINT NOT NULL,
    "until" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Lease_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "Instance" (
    "id" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "pid" INTEGER NOT NULL,
    "processStart" TEXT,
    "startedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "heartbeatAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "stoppedAt" TIMESTAMP(3),
    "clean" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "Instance_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "DatabaseMark" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "mark" TEXT NOT NULL,

    CONSTRAINT "DatabaseMark_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "UnclaimedOrder" (
    "id" TEXT NOT NULL,
    "shopId" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "orderReference" TEXT NOT NULL,
    "bundleCode" TEXT NOT NULL,
    "quantity" INTEGER NOT NULL,
    "total" DECIMAL(65,30),
    "currency" TEXT,
    "sourceIp" TEXT,
    "isOurs" BOOLEAN NOT NULL,
    "orderedAt" TIMESTAMP(3) NOT NULL,
    "foundAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "state" TEXT NOT NULL DEFAULT 'open',
    "note" TEXT,
    "closedAt" TIMESTAMP(3),

    CONSTRAINT "UnclaimedOrder_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "WatchRun" (
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "shopId" TEXT,
    "accountId" TEXT,
    "startedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finishedAt" TIMESTAMP(3),
    "findings" JSONB NOT NULL DEFAULT '{}',
    "problem" TEXT,

    CONSTRAINT "WatchRun_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Alert" (
    "id" TEXT NOT NULL,
    "shopId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "subject" TEXT NOT NULL DEFAULT '',
    "detail" JSONB NOT NULL DEFAULT '{}',
    "openKey" TEXT,
    "raisedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "mailedAt" TIMESTAMP(3),
    "mailTries" INTEGER NOT NULL DEFAULT 0,
    "closedAt" TIMESTAMP(3),

    CONSTRAINT "Alert_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Lease_instanceId_idx" ON "Lease"("instanceId");

-- CreateIndex
CREATE INDEX "Instance_stoppedAt_idx" ON "Instance"("stoppedAt");

-- CreateIndex
CREATE INDEX "UnclaimedOrder_shopId_state_idx" ON "UnclaimedOrder"("shopId", "state");

-- CreateIndex
CREATE UNIQUE INDEX "UnclaimedOrder_accountId_orderReference_key" ON "UnclaimedOrder"("accountId", "orderReference");

-- CreateIndex
CREATE INDEX "WatchRun_shopId_kind_startedAt_idx" ON "WatchRun"("shopId", "kind", "startedAt");

-- CreateIndex
CREATE UNIQUE INDEX "Alert_openKey_key" ON "Alert"("openKey");

-- CreateIndex
CREATE INDEX "Alert_shopId_closedAt_idx" ON "Alert"("shopId", "closedAt");

-- CreateIndex
CREATE INDEX "Esim_accountId_taggedAt_idx" ON "Esim"("accountId", "taggedAt");

