-- AlterTable
ALTER TABLE "Delivery" ADD COLUMN     "locale" TEXT;

-- AlterTable
ALTER TABLE "InstallLink" ADD COLUMN     "locale" TEXT;

