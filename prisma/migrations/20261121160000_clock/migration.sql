-- The one clock: what decides about money, and the time of every row. A test that lets time pass puts another in its place.
CREATE FUNCTION app_now() RETURNS TIMESTAMP LANGUAGE SQL VOLATILE PARALLEL SAFE
AS $$ SELECT date_trunc('milliseconds', clock_timestamp() AT TIME ZONE 'UTC') $$;

-- AlterTable
ALTER TABLE "Shop" ALTER COLUMN "installedAt" SET DEFAULT app_now();

-- AlterTable
ALTER TABLE "PriceRule" ALTER COLUMN "createdAt" SET DEFAULT app_now();

-- AlterTable
ALTER TABLE "ExchangeRate" ALTER COLUMN "fetchedAt" SET DEFAULT app_now();

-- AlterTable
ALTER TABLE "Notification" ALTER COLUMN "receivedAt" SET DEFAULT app_now(),
ALTER COLUMN "nextAttemptAt" SET DEFAULT app_now();

-- AlterTable
ALTER TABLE "ComplianceRequest" ALTER COLUMN "receivedAt" SET DEFAULT app_now();

-- AlterTable
ALTER TABLE "SupplierAccount" ALTER COLUMN "createdAt" SET DEFAULT app_now();

-- AlterTable
ALTER TABLE "Instance" ALTER COLUMN "startedAt" SET DEFAULT app_now(),
ALTER COLUMN "heartbeatAt" SET DEFAULT app_now();

-- AlterTable
ALTER TABLE "Bundle" ALTER COLUMN "createdAt" SET DEFAULT app_now();

-- AlterTable
ALTER TABLE "Task" ALTER COLUMN "createdAt" SET DEFAULT app_now();

-- AlterTable
ALTER TABLE "Product" ALTER COLUMN "createdAt" SET DEFAULT app_now();

-- AlterTable
ALTER TABLE "CatalogueImport" ALTER COLUMN "startedAt" SET DEFAULT app_now(),
ALTER COLUMN "heartbeatAt" SET DEFAULT app_now();

-- AlterTable
ALTER TABLE "VariantMapping" ALTER COLUMN "createdAt" SET DEFAULT app_now();

-- AlterTable
ALTER TABLE "SavedView" ALTER COLUMN "createdAt" SET DEFAULT app_now();

-- AlterTable
ALTER TABLE "Order" ALTER COLUMN "createdAt" SET DEFAULT app_now();

-- AlterTable
ALTER TABLE "Unit" ALTER COLUMN "since" SET DEFAULT app_now(),
ALTER COLUMN "createdAt" SET DEFAULT app_now();

-- AlterTable
ALTER TABLE "Esim" ALTER COLUMN "createdAt" SET DEFAULT app_now();

-- AlterTable
ALTER TABLE "Delivery" ALTER COLUMN "nextTryAt" SET DEFAULT app_now(),
ALTER COLUMN "createdAt" SET DEFAULT app_now();

-- AlterTable
ALTER TABLE "InstallLink" ALTER COLUMN "createdAt" SET DEFAULT app_now();

-- AlterTable
ALTER TABLE "OrderEvent" ALTER COLUMN "at" SET DEFAULT app_now();

-- AlterTable
ALTER TABLE "UnclaimedOrder" ALTER COLUMN "foundAt" SET DEFAULT app_now();

-- AlterTable
ALTER TABLE "WatchRun" ALTER COLUMN "startedAt" SET DEFAULT app_now();

-- AlterTable
ALTER TABLE "Alert" ALTER COLUMN "raisedAt" SET DEFAULT app_now();

