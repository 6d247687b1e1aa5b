-- The one markup a shop had becomes its rule for everything, and its rounding moves along.
INSERT INTO "PricingSettings" ("shopId", "rounding")
SELECT "shopId", "rounding" FROM "ShopSettings" WHERE "rounding" <> 'none'
ON CONFLICT ("shopId") DO UPDATE SET "rounding" = excluded."rounding";

INSERT INTO "PriceRule" ("id", "shopId", "scope", "method", "value", "updatedAt")
SELECT gen_random_uuid()::text, "shopId", 'everything', 'percent',
  jsonb_build_object('percent', trim_scale("markupPercent")::text), CURRENT_TIMESTAMP
FROM "ShopSettings" WHERE "markupPercent" <> 40;

-- AlterTable
ALTER TABLE "ShopSettings" DROP COLUMN "markupPercent",
DROP COLUMN "rounding";

-- AlterTable
ALTER TABLE "PricingSettings" ADD COLUMN     "ratesDay" DATE;

-- AlterTable
ALTER TABLE "VariantMapping" ADD COLUMN     "foundMinor" INTEGER,
ADD COLUMN     "pricedCost" DECIMAL(65,30);

-- CreateTable
CREATE TABLE "RateLook" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "lookedAt" TIMESTAMP(3) NOT NULL,
    "gotAt" TIMESTAMP(3),
    "problem" TEXT,

    CONSTRAINT "RateLook_pkey" PRIMARY KEY ("id")
);

