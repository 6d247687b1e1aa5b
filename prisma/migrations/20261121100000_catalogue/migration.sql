-- AlterTable
ALTER TABLE "ShopSettings" ADD COLUMN     "withdrawnRule" TEXT NOT NULL DEFAULT 'out-of-stock';

-- AlterTable
ALTER TABLE "SupplierAccount" ADD COLUMN     "networksAt" TIMESTAMP(3),
ADD COLUMN     "syncedAt" TIMESTAMP(3);

-- AlterTable
ALTER TABLE "Bundle" ADD COLUMN     "allowances" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "destination" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "fairUse" TEXT,
ADD COLUMN     "fingerprint" TEXT,
ADD COLUMN     "kind" TEXT NOT NULL DEFAULT 'country',
ADD COLUMN     "roaming" TEXT[];

-- AlterTable
ALTER TABLE "VariantMapping" ADD COLUMN     "kind" TEXT NOT NULL DEFAULT 'esim',
ADD COLUMN     "priceLocked" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "productId" TEXT,
ADD COLUMN     "stopped" TEXT;

-- CreateTable
CREATE TABLE "PricingSettings" (
    "shopId" TEXT NOT NULL,
    "rounding" TEXT NOT NULL DEFAULT 'none',
    "feePercent" DECIMAL(65,30) NOT NULL DEFAULT 0,
    "feeFixedMinor" INTEGER NOT NULL DEFAULT 0,
    "minMarginPercent" DECIMAL(65,30) NOT NULL DEFAULT 0,
    "minMarginMinor" INTEGER NOT NULL DEFAULT 0,
    "ladder" BOOLEAN NOT NULL DEFAULT true,
    "repriceBySelf" BOOLEAN NOT NULL DEFAULT true,
    "approveAbove" DECIMAL(65,30) NOT NULL DEFAULT 10,
    "rateSource" TEXT NOT NULL DEFAULT 'ecb',
    "fixedRates" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "PricingSettings_pkey" PRIMARY KEY ("shopId")
);

-- CreateTable
CREATE TABLE "PriceRule" (
    "id" TEXT NOT NULL,
    "shopId" TEXT NOT NULL,
    "scope" TEXT NOT NULL,
    "scopeValue" TEXT NOT NULL DEFAULT '',
    "priority" INTEGER NOT NULL DEFAULT 0,
    "method" TEXT NOT NULL,
    "value" JSONB NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "PriceRule_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ExchangeRate" (
    "day" DATE NOT NULL,
    "currency" TEXT NOT NULL,
    "perEuro" DECIMAL(65,30) NOT NULL,
    "fetchedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ExchangeRate_pkey" PRIMARY KEY ("day","currency")
);

-- CreateTable
CREATE TABLE "CountryNetwork" (
    "shopId" TEXT NOT NULL,
    "accountId" TEXT NOT NULL,
    "country" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "brand" TEXT,
    "mcc" TEXT NOT NULL,
    "mnc" TEXT NOT NULL,
    "speeds" TEXT[],

    CONSTRAINT "CountryNetwork_pkey" PRIMARY KEY ("accountId","country","mcc","mnc","name")
);

-- CreateTable
CREATE TABLE "Task" (
    "id" TEXT NOT NULL,
    "shopId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "subject" TEXT NOT NULL DEFAULT '',
    "openKey" TEXT,
    "input" JSONB NOT NULL DEFAULT '{}',
    "askedBy" TEXT,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "done" INTEGER NOT NULL DEFAULT 0,
    "total" INTEGER,
    "counts" JSONB NOT NULL DEFAULT '{}',
    "problem" TEXT,
    "cancelAskedAt" TIMESTAMP(3),
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "startedAt" TIMESTAMP(3),
    "finishedAt" TIMESTAMP(3),

    CONSTRAINT "Task_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "TaskItem" (
    "taskId" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "shopId" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "reason" TEXT,
    "messages" TEXT[],
    "detail" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "TaskItem_pkey" PRIMARY KEY ("taskId","position")
);

-- CreateTable
CREATE TABLE "Product" (
    "id" TEXT NOT NULL,
    "shopId" TEXT NOT NULL,
    "productGid" TEXT NOT NULL,
    "handle" TEXT NOT NULL,
    "shape" TEXT NOT NULL,
    "destination" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'live',
    "written" JSONB NOT NULL DEFAULT '{}',
    "pictureGid" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "checkedAt" TIMESTAMP(3),

    CONSTRAINT "Product_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "ProductTemplate" (
    "shopId" TEXT NOT NULL,
    "language" TEXT NOT NULL DEFAULT 'en',
    "texts" JSONB NOT NULL DEFAULT '{}',
    "theirs" TEXT[],
    "status" TEXT NOT NULL DEFAULT 'ACTIVE',
    "publications" TEXT[],
    "pictures" BOOLEAN NOT NULL DEFAULT true,

    CONSTRAINT "ProductTemplate_pkey" PRIMARY KEY ("shopId")
);

-- CreateTable
CREATE TABLE "MappingSubstitute" (
    "mappingId" TEXT NOT NULL,
    "shopId" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "bundleId" TEXT NOT NULL,

    CONSTRAINT "MappingSubstitute_pkey" PRIMARY KEY ("mappingId","position")
);

-- CreateTable
CREATE TABLE "SavedView" (
    "id" TEXT NOT NULL,
    "shopId" TEXT NOT NULL,
    "page" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "query" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "SavedView_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "PriceRule_shopId_idx" ON "PriceRule"("shopId");

-- CreateIndex
CREATE INDEX "CountryNetwork_shopId_country_idx" ON "CountryNetwork"("shopId", "country");

-- CreateIndex
CREATE UNIQUE INDEX "Task_openKey_key" ON "Task"("openKey");

-- CreateIndex
CREATE INDEX "Task_shopId_kind_createdAt_idx" ON "Task"("shopId", "kind", "createdAt");

-- CreateIndex
CREATE INDEX "TaskItem_taskId_state_idx" ON "TaskItem"("taskId", "state");

-- CreateIndex
CREATE UNIQUE INDEX "Product_shopId_productGid_key" ON "Product"("shopId", "productGid");

-- CreateIndex
CREATE UNIQUE INDEX "Product_shopId_handle_key" ON "Product"("shopId", "handle");

-- CreateIndex
CREATE INDEX "MappingSubstitute_bundleId_idx" ON "MappingSubstitute"("bundleId");

-- CreateIndex
CREATE UNIQUE INDEX "MappingSubstitute_mappingId_bundleId_key" ON "MappingSubstitute"("mappingId", "bundleId");

-- CreateIndex
CREATE UNIQUE INDEX "SavedView_shopId_page_name_key" ON "SavedView"("shopId", "page", "name");

-- CreateIndex
CREATE INDEX "Bundle_shopId_destination_idx" ON "Bundle"("shopId", "destination");

-- CreateIndex
CREATE INDEX "VariantMapping_productId_idx" ON "VariantMapping"("productId");

-- AddForeignKey
ALTER TABLE "CountryNetwork" ADD CONSTRAINT "CountryNetwork_accountId_fkey" FOREIGN KEY ("accountId") REFERENCES "SupplierAccount"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Task" ADD CONSTRAINT "Task_shopId_fkey" FOREIGN KEY ("shopId") REFERENCES "Shop"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "TaskItem" ADD CONSTRAINT "TaskItem_taskId_fkey" FOREIGN KEY ("taskId") REFERENCES "Task"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Product" ADD CONSTRAINT "Product_shopId_fkey" FOREIGN KEY ("shopId") REFERENCES "Shop"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "VariantMapping" ADD CONSTRAINT "VariantMapping_productId_fkey" FOREIGN KEY ("productId") REFERENCES "Product"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "MappingSubstitute" ADD CONSTRAINT "MappingSubstitute_mappingId_fkey" FOREIGN KEY ("mappingId") REFERENCES "VariantMapping"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "MappingSubstitute" ADD CONSTRAINT "MappingSubstitute_bundleId_fkey" FOREIGN KEY ("bundleId") REFERENCES "Bundle"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

