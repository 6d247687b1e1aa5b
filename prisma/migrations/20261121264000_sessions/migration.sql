-- AlterTable
ALTER TABLE "SupplierAccount" ADD COLUMN     "session" TEXT;

-- AlterTable
ALTER TABLE "RateBudget" ADD COLUMN     "recent" TIMESTAMP(3)[] DEFAULT ARRAY[]::TIMESTAMP(3)[];
