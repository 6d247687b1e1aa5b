-- AlterTable
ALTER TABLE "Product" ADD COLUMN "key" TEXT NOT NULL;

-- CreateIndex
CREATE UNIQUE INDEX "Product_shopId_key_key" ON "Product"("shopId", "key");

-- DropIndex
DROP INDEX "Product_shopId_handle_key";
