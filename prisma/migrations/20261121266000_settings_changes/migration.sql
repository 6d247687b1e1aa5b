-- CreateTable
CREATE TABLE "SettingsChange" (
    "id" TEXT NOT NULL,
    "shopId" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL DEFAULT app_now(),
    "fields" JSONB NOT NULL,

    CONSTRAINT "SettingsChange_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "SettingsChange_shopId_at_idx" ON "SettingsChange"("shopId", "at");
