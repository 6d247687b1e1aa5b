-- AlterTable
ALTER TABLE "VariantMapping" ADD COLUMN     "goneAt" TIMESTAMP(3),
ADD COLUMN     "lookedAt" TIMESTAMP(3),
ADD COLUMN     "shopPriceMinor" INTEGER,
ADD COLUMN     "sku" TEXT;

-- AlterTable
ALTER TABLE "MappingSubstitute" ADD COLUMN     "mappedCost" DECIMAL(65,30);

