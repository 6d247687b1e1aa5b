-- CreateTable
CREATE TABLE "Traveller" (
    "id" TEXT NOT NULL,
    "esimId" TEXT NOT NULL,
    "shopId" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "emailHash" TEXT NOT NULL,
    "locale" TEXT NOT NULL,
    "linkHash" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT app_now(),

    CONSTRAINT "Traveller_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "Traveller_esimId_key" ON "Traveller"("esimId");

-- CreateIndex
CREATE UNIQUE INDEX "Traveller_linkHash_key" ON "Traveller"("linkHash");

-- CreateIndex
CREATE INDEX "Traveller_shopId_emailHash_idx" ON "Traveller"("shopId", "emailHash");

-- AddForeignKey
ALTER TABLE "Traveller" ADD CONSTRAINT "Traveller_esimId_fkey" FOREIGN KEY ("esimId") REFERENCES "Esim"("id") ON DELETE CASCADE ON UPDATE CASCADE;
