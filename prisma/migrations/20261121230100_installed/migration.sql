-- The share of the eSIMs sold in a time that were installed: adopted ones are none of them.
DROP INDEX "Esim_shopId_createdAt_id_idx";
CREATE INDEX "Esim_shopId_createdAt_id_idx" ON "Esim"("shopId", "createdAt", "id") INCLUDE ("installedAt", "orderId");
