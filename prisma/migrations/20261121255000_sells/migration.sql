-- Every account there is so far sells. Of suppliers that are only asked about eSIMs it is false.
ALTER TABLE "SupplierAccount" ADD COLUMN "sells" BOOLEAN NOT NULL DEFAULT true;
