-- DropForeignKey
ALTER TABLE "Esim" DROP CONSTRAINT "Esim_unitId_fkey";

-- DropIndex
DROP INDEX "Esim_shopId_createdAt_idx";

-- AlterTable
ALTER TABLE "ShopSettings" ADD COLUMN     "buyerMails" TEXT[],
ADD COLUMN     "refundRule" TEXT NOT NULL DEFAULT 'revoke';

-- AlterTable
ALTER TABLE "SupplierAccount" ADD COLUMN     "alertBelow" DECIMAL(65,30),
ADD COLUMN     "callbackAt" TIMESTAMP(3),
ADD COLUMN     "callbackToken" TEXT,
ADD COLUMN     "callbackTokenHash" TEXT,
ADD COLUMN     "takesUnsigned" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "testCredit" DECIMAL(65,30);

-- AlterTable
ALTER TABLE "Order" ADD COLUMN     "customerName" TEXT,
ADD COLUMN     "emailHash" TEXT,
ADD COLUMN     "nameHashes" TEXT[];

-- AlterTable
ALTER TABLE "Unit" ADD COLUMN     "kind" TEXT NOT NULL DEFAULT 'esim',
ADD COLUMN     "topUpEsimId" TEXT;

-- AlterTable
ALTER TABLE "PurchaseAttempt" ADD COLUMN     "askedBy" TEXT,
ADD COLUMN     "esimId" TEXT;

-- AlterTable
ALTER TABLE "Esim" ADD COLUMN     "bundleCode" TEXT,
ADD COLUMN     "customerRef" TEXT,
ADD COLUMN     "destination" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "endsAt" TIMESTAMP(3),
ADD COLUMN     "installedAt" TIMESTAMP(3),
ADD COLUMN     "isUnlimited" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "lookProblem" TEXT,
ADD COLUMN     "lookedAt" TIMESTAMP(3),
ADD COLUMN     "matchingIdHash" TEXT,
ADD COLUMN     "network" JSONB,
ADD COLUMN     "nextLookAt" TIMESTAMP(3),
ADD COLUMN     "orderId" TEXT,
ADD COLUMN     "profileStatus" TEXT,
ADD COLUMN     "replacedById" TEXT,
ADD COLUMN     "startedAt" TIMESTAMP(3),
ADD COLUMN     "status" TEXT NOT NULL DEFAULT 'new',
ADD COLUMN     "totalBytes" BIGINT,
ADD COLUMN     "usedBytes" BIGINT,
ALTER COLUMN "unitId" DROP NOT NULL;

-- CreateTable
CREATE TABLE "EsimBundle" (
    "esimId" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "shopId" TEXT NOT NULL,
    "assignmentId" TEXT,
    "bundleCode" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "initialBytes" BIGINT,
    "remainingBytes" BIGINT,
    "assignedAt" TIMESTAMP(3),
    "startsAt" TIMESTAMP(3),
    "endsAt" TIMESTAMP(3),
    "reference" TEXT,
    "seenAt" TIMESTAMP(3) NOT NULL DEFAULT app_now(),

    CONSTRAINT "EsimBundle_pkey" PRIMARY KEY ("esimId","key")
);

-- CreateTable
CREATE TABLE "EsimEvent" (
    "id" TEXT NOT NULL,
    "shopId" TEXT NOT NULL,
    "esimId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "onceKey" TEXT,
    "by" TEXT,
    "detail" JSONB NOT NULL DEFAULT '{}',
    "at" TIMESTAMP(3) NOT NULL DEFAULT app_now(),

    CONSTRAINT "EsimEvent_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "DeskAction" (
    "id" TEXT NOT NULL,
    "shopId" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "esimId" TEXT,
    "kind" TEXT NOT NULL,
    "input" JSONB NOT NULL DEFAULT '{}',
    "by" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'begun',
    "outcome" JSONB NOT NULL DEFAULT '{}',
    "at" TIMESTAMP(3) NOT NULL DEFAULT app_now(),
    "finishedAt" TIMESTAMP(3),

    CONSTRAINT "DeskAction_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "BalanceEntry" (
    "id" TEXT NOT NULL,
    "shopId" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "amount" DECIMAL(65,30) NOT NULL,
    "currency" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "reference" TEXT,
    "orderId" TEXT,
    "esimId" TEXT,
    "note" TEXT,
    "by" TEXT,
    "at" TIMESTAMP(3) NOT NULL,
    "bookedAt" TIMESTAMP(3) NOT NULL DEFAULT app_now(),

    CONSTRAINT "BalanceEntry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "BalancePoint" (
    "accountId" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "shopId" TEXT NOT NULL,
    "balance" DECIMAL(65,30) NOT NULL,
    "currency" TEXT NOT NULL,

    CONSTRAINT "BalancePoint_pkey" PRIMARY KEY ("accountId","at")
);

-- CreateTable
CREATE TABLE "SupplierCallback" (
    "id" TEXT NOT NULL,
    "shopId" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "bodyHash" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "isSigned" BOOLEAN NOT NULL,
    "esimId" TEXT,
    "detail" JSONB NOT NULL DEFAULT '{}',
    "receivedAt" TIMESTAMP(3) NOT NULL DEFAULT app_now(),
    "processedAt" TIMESTAMP(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "nextAttemptAt" TIMESTAMP(3) NOT NULL DEFAULT app_now(),
    "problem" TEXT,

    CONSTRAINT "SupplierCallback_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "BuyerNotice" (
    "id" TEXT NOT NULL,
    "shopId" TEXT NOT NULL,
    "esimId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "subject" TEXT NOT NULL DEFAULT '',
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "messageId" TEXT,
    "problem" TEXT,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "nextTryAt" TIMESTAMP(3) NOT NULL DEFAULT app_now(),
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT app_now(),
    "sentAt" TIMESTAMP(3),

    CONSTRAINT "BuyerNotice_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "EsimBundle_shopId_idx" ON "EsimBundle"("shopId");

-- CreateIndex
CREATE INDEX "EsimEvent_esimId_at_idx" ON "EsimEvent"("esimId", "at");

-- CreateIndex
CREATE UNIQUE INDEX "EsimEvent_esimId_onceKey_key" ON "EsimEvent"("esimId", "onceKey");

-- CreateIndex
CREATE INDEX "DeskAction_shopId_esimId_at_idx" ON "DeskAction"("shopId", "esimId", "at");

-- CreateIndex
CREATE INDEX "DeskAction_state_at_idx" ON "DeskAction"("state", "at");

-- CreateIndex
CREATE INDEX "BalanceEntry_shopId_at_id_idx" ON "BalanceEntry"("shopId", "at", "id");

-- CreateIndex
CREATE INDEX "BalanceEntry_accountId_at_idx" ON "BalanceEntry"("accountId", "at");

-- CreateIndex
CREATE UNIQUE INDEX "BalanceEntry_accountId_key_key" ON "BalanceEntry"("accountId", "key");

-- CreateIndex
CREATE INDEX "SupplierCallback_shopId_receivedAt_idx" ON "SupplierCallback"("shopId", "receivedAt");

-- CreateIndex
CREATE INDEX "SupplierCallback_processedAt_nextAttemptAt_idx" ON "SupplierCallback"("processedAt", "nextAttemptAt");

-- CreateIndex
CREATE UNIQUE INDEX "SupplierCallback_accountId_bodyHash_key" ON "SupplierCallback"("accountId", "bodyHash");

-- CreateIndex
CREATE INDEX "BuyerNotice_state_nextTryAt_idx" ON "BuyerNotice"("state", "nextTryAt");

-- CreateIndex
CREATE UNIQUE INDEX "BuyerNotice_esimId_kind_subject_key" ON "BuyerNotice"("esimId", "kind", "subject");

-- CreateIndex
CREATE UNIQUE INDEX "SupplierAccount_callbackTokenHash_key" ON "SupplierAccount"("callbackTokenHash");

-- CreateIndex
CREATE INDEX "Order_shopId_name_idx" ON "Order"("shopId", "name");

-- CreateIndex
CREATE INDEX "Order_shopId_emailHash_idx" ON "Order"("shopId", "emailHash");

-- CreateIndex
CREATE INDEX "Order_nameHashes_idx" ON "Order" USING GIN ("nameHashes");

-- CreateIndex
CREATE INDEX "Esim_shopId_createdAt_id_idx" ON "Esim"("shopId", "createdAt", "id");

-- CreateIndex
CREATE INDEX "Esim_shopId_iccidLast4_createdAt_idx" ON "Esim"("shopId", "iccidLast4", "createdAt");

-- CreateIndex
CREATE INDEX "Esim_shopId_matchingIdHash_idx" ON "Esim"("shopId", "matchingIdHash");

-- CreateIndex
CREATE INDEX "Esim_shopId_orderReference_idx" ON "Esim"("shopId", "orderReference");

-- CreateIndex
CREATE INDEX "Esim_shopId_status_createdAt_idx" ON "Esim"("shopId", "status", "createdAt");

-- CreateIndex
CREATE INDEX "Esim_shopId_endsAt_idx" ON "Esim"("shopId", "endsAt");

-- CreateIndex
CREATE INDEX "Esim_orderId_idx" ON "Esim"("orderId");

-- CreateIndex
CREATE INDEX "Esim_accountId_nextLookAt_idx" ON "Esim"("accountId", "nextLookAt");

-- AddForeignKey
ALTER TABLE "Esim" ADD CONSTRAINT "Esim_unitId_fkey" FOREIGN KEY ("unitId") REFERENCES "Unit"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Esim" ADD CONSTRAINT "Esim_orderId_fkey" FOREIGN KEY ("orderId") REFERENCES "Order"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "EsimBundle" ADD CONSTRAINT "EsimBundle_esimId_fkey" FOREIGN KEY ("esimId") REFERENCES "Esim"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "EsimEvent" ADD CONSTRAINT "EsimEvent_esimId_fkey" FOREIGN KEY ("esimId") REFERENCES "Esim"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- What is known of the eSIMs bought before.
UPDATE "Esim" e SET "orderId" = u."orderId", "bundleCode" = b.code, destination = coalesce(b.destination, '')
FROM "Unit" u LEFT JOIN "Bundle" b ON b.id = u."bundleId" WHERE u.id = e."unitId";
UPDATE "Esim" SET status = 'revoked' WHERE "revokedAt" IS NOT NULL;
