-- CreateTable
CREATE TABLE "ShopRefund" (
    "id" TEXT NOT NULL,
    "shopId" TEXT NOT NULL,
    "orderId" TEXT NOT NULL,
    "unitIds" TEXT[],
    "anyway" BOOLEAN NOT NULL DEFAULT false,
    "notify" BOOLEAN NOT NULL DEFAULT false,
    "by" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'revoking',
    "outcomes" JSONB NOT NULL DEFAULT '{}',
    "request" JSONB,
    "refundedMinor" INTEGER,
    "problem" TEXT,
    "messages" TEXT[],
    "tries" INTEGER NOT NULL DEFAULT 0,
    "nextTryAt" TIMESTAMP(3) DEFAULT app_now(),
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT app_now(),
    "finishedAt" TIMESTAMP(3),

    CONSTRAINT "ShopRefund_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "OrderDispute" (
    "id" TEXT NOT NULL,
    "shopId" TEXT NOT NULL,
    "orderId" TEXT NOT NULL,
    "disputeGid" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "foundAt" TIMESTAMP(3) NOT NULL DEFAULT app_now(),
    "note" TEXT,
    "seenAt" TIMESTAMP(3),

    CONSTRAINT "OrderDispute_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "ShopRefund_shopId_orderId_idx" ON "ShopRefund"("shopId", "orderId");

-- CreateIndex
CREATE INDEX "ShopRefund_state_nextTryAt_idx" ON "ShopRefund"("state", "nextTryAt");

-- CreateIndex
CREATE INDEX "OrderDispute_shopId_seenAt_idx" ON "OrderDispute"("shopId", "seenAt");

-- CreateIndex
CREATE INDEX "OrderDispute_orderId_idx" ON "OrderDispute"("orderId");

-- CreateIndex
CREATE UNIQUE INDEX "OrderDispute_shopId_disputeGid_key" ON "OrderDispute"("shopId", "disputeGid");

-- AddForeignKey
ALTER TABLE "ShopRefund" ADD CONSTRAINT "ShopRefund_orderId_fkey" FOREIGN KEY ("orderId") REFERENCES "Order"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "OrderDispute" ADD CONSTRAINT "OrderDispute_orderId_fkey" FOREIGN KEY ("orderId") REFERENCES "Order"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

