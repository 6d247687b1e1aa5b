-- CreateIndex
CREATE INDEX "Esim_shopId_destination_createdAt_id_idx" ON "Esim"("shopId", "destination", "createdAt", "id");

-- CreateIndex
CREATE INDEX "Esim_shopId_accountId_createdAt_id_idx" ON "Esim"("shopId", "accountId", "createdAt", "id");

-- In the order of their end; those that have none stand last (desk/esim-list.server.ts).
CREATE INDEX "Esim_shopId_end_id_idx" ON "Esim"("shopId", (coalesce("endsAt", 'infinity'::timestamp)), "id");

-- What travellers use is asked first (esims/look-due.server.ts).
CREATE INDEX "Esim_active_accountId_nextLookAt_idx" ON "Esim"("accountId", "nextLookAt") WHERE status = 'active';

-- The few that could not be read.
CREATE INDEX "Esim_problem_shopId_createdAt_id_idx" ON "Esim"("shopId", "createdAt", "id") WHERE "lookProblem" IS NOT NULL OR status = 'gone';

-- What is not to be found yet by what it is searched for (desk/fill-in.server.ts): nothing, once that was done.
CREATE INDEX "Esim_unfound_shopId_idx" ON "Esim"("shopId") WHERE "matchingIdHash" IS NULL;
CREATE INDEX "Order_unfound_shopId_idx" ON "Order"("shopId") WHERE "emailHash" IS NULL AND email IS NOT NULL;
