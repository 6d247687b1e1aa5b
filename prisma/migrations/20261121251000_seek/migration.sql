-- An ICCID is looked for without its supplier, too: what it is found by comes first.
-- DropIndex
DROP INDEX "Esim_provider_iccidHash_key";

-- CreateIndex
CREATE UNIQUE INDEX "Esim_iccidHash_provider_key" ON "Esim"("iccidHash", "provider");

-- CreateIndex
CREATE INDEX "Esim_replacedById_idx" ON "Esim"("replacedById");

-- Those of one state in the order of their end (desk/esim-list.server.ts).
CREATE INDEX "Esim_shopId_status_end_id_idx" ON "Esim"("shopId", "status", (coalesce("endsAt", 'infinity'::timestamp)), "id");

-- Those that end soon, with all that puts them in order: without a look at a single row.
-- DropIndex
DROP INDEX "Esim_shopId_endsAt_idx";
CREATE INDEX "Esim_ending_shopId_endsAt_idx" ON "Esim"("shopId", "endsAt") INCLUDE ("createdAt", "id")
  WHERE status IN ('installed', 'active');
