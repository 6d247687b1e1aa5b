-- AlterTable
ALTER TABLE "Esim" ADD COLUMN     "isSuspended" BOOLEAN;
