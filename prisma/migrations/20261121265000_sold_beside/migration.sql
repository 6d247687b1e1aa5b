-- What a page of the catalogue costs is found beside all that the shop sells of the same destinations. Which bundles these
-- are the index tells by itself: they lie all over the table.
DROP INDEX "Bundle_shopId_destination_idx";
CREATE INDEX "Bundle_shopId_destination_idx" ON "Bundle" ("shopId", destination) INCLUDE (id);
