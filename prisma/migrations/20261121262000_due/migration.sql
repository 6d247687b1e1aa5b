-- What the sweeper looks for every few seconds, without a look at what is long done.
-- CreateIndex
CREATE INDEX "Unit_state_idx" ON "Unit"("state");

-- Orders that Shopify has not been told of, and those that the merchant is told of.
CREATE INDEX "Order_waiting_idx" ON "Order"("createdAt") WHERE "fulfilState" = 'waiting';
CREATE INDEX "Order_failed_shopId_createdAt_idx" ON "Order"("shopId", "createdAt") WHERE "mailState" = 'failed' OR "fulfilState" = 'failed';

-- A supplier that calls about the balance.
CREATE INDEX "SupplierCallback_balance_shopId_receivedAt_idx" ON "SupplierCallback"("shopId", "receivedAt")
  WHERE "isSigned" AND kind IN ('low-balance', 'no-balance');
