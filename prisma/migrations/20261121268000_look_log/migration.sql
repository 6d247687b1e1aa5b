-- AlterTable
ALTER TABLE "PurchaseAttempt" ADD COLUMN     "lookLog" JSONB NOT NULL DEFAULT '[]';
