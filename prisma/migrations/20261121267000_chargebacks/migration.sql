-- AlterTable
ALTER TABLE "ShopSettings" ADD COLUMN     "chargebackRule" TEXT NOT NULL DEFAULT 'ask';

-- AlterTable
ALTER TABLE "SettingsChange" ADD COLUMN     "page" TEXT NOT NULL DEFAULT 'buying';
