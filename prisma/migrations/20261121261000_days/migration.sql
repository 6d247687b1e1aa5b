-- CreateTable
CREATE TABLE "BalanceDay" (
    "accountId" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "kind" TEXT NOT NULL,
    "currency" TEXT NOT NULL,
    "destination" TEXT NOT NULL,
    "shopId" TEXT NOT NULL,
    "amount" DECIMAL(65,30) NOT NULL,

    CONSTRAINT "BalanceDay_pkey" PRIMARY KEY ("accountId","day","kind","currency","destination")
);

-- CreateIndex
CREATE INDEX "BalanceDay_shopId_day_idx" ON "BalanceDay"("shopId", "day");

-- The clock of a shop: that of UTC where the server does not know the zone, since a booking must not fail for it.
CREATE FUNCTION known_zone(zone TEXT) RETURNS TEXT LANGUAGE plpgsql STABLE AS $$
BEGIN
  PERFORM TIMESTAMP 'epoch' AT TIME ZONE zone;
  RETURN coalesce(zone, 'UTC');
EXCEPTION WHEN invalid_parameter_value THEN
  RETURN 'UTC';
END $$;

-- The day of an instant on such a clock.
CREATE FUNCTION day_on(zone TEXT, at TIMESTAMP) RETURNS DATE LANGUAGE SQL STABLE
AS $$ SELECT (at AT TIME ZONE 'UTC' AT TIME ZONE zone)::date $$;

-- The days of the ledger follow its entries, whoever writes them and in whatever way: a total that was forgotten would be money
-- that is missing. One statement for all entries of a statement.
CREATE FUNCTION add_entries() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "BalanceDay" AS known ("accountId", day, kind, currency, destination, "shopId", amount)
  SELECT e."accountId", day_on(s.zone, e.at), e.kind, e.currency, coalesce(e.destination, ''), e."shopId", sum(e.amount)
  FROM fresh e JOIN (SELECT id, known_zone(timezone) AS zone FROM "Shop" WHERE id IN (SELECT "shopId" FROM fresh)) s ON s.id = e."shopId"
  GROUP BY 1, 2, 3, 4, 5, 6
  -- In one order, so that two that book at once do not wait for each other.
  ORDER BY 1, 2, 3, 4, 5
  ON CONFLICT ("accountId", day, kind, currency, destination) DO UPDATE SET amount = known.amount + excluded.amount;
  RETURN NULL;
END $$;

CREATE FUNCTION take_entries() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  UPDATE "BalanceDay" known SET amount = known.amount - gone.amount
  FROM (
    SELECT e."accountId", day_on(s.zone, e.at) AS day, e.kind, e.currency, coalesce(e.destination, '') AS destination,
      sum(e.amount) AS amount
    FROM stale e JOIN (SELECT id, known_zone(timezone) AS zone FROM "Shop" WHERE id IN (SELECT "shopId" FROM stale)) s ON s.id = e."shopId"
    GROUP BY 1, 2, 3, 4, 5
  ) AS gone
  WHERE known."accountId" = gone."accountId" AND known.day = gone.day AND known.kind = gone.kind
    AND known.currency = gone.currency AND known.destination = gone.destination;
  RETURN NULL;
END $$;

CREATE TRIGGER entries_added AFTER INSERT ON "BalanceEntry" REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION add_entries();
CREATE TRIGGER entries_taken AFTER DELETE ON "BalanceEntry" REFERENCING OLD TABLE AS stale
  FOR EACH STATEMENT EXECUTE FUNCTION take_entries();
-- The old ones first: triggers go by their names.
CREATE TRIGGER entries_changed_1 AFTER UPDATE ON "BalanceEntry" REFERENCING OLD TABLE AS stale
  FOR EACH STATEMENT EXECUTE FUNCTION take_entries();
CREATE TRIGGER entries_changed_2 AFTER UPDATE ON "BalanceEntry" REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION add_entries();

-- All days of a shop anew, on the clock it has now.
CREATE FUNCTION count_days(shop TEXT) RETURNS VOID LANGUAGE plpgsql AS $$
DECLARE zone TEXT;
BEGIN
  -- Whoever is booking ends first, and whoever comes next finds the new clock.
  LOCK TABLE "BalanceDay" IN SHARE ROW EXCLUSIVE MODE;
  SELECT known_zone(timezone) INTO zone FROM "Shop" WHERE id = shop;
  DELETE FROM "BalanceDay" WHERE "shopId" = shop;
  INSERT INTO "BalanceDay" ("accountId", day, kind, currency, destination, "shopId", amount)
  SELECT "accountId", day_on(zone, at), kind, currency, coalesce(destination, ''), "shopId", sum(amount)
  FROM "BalanceEntry" WHERE "shopId" = shop
  GROUP BY 1, 2, 3, 4, 5, 6;
END $$;

CREATE FUNCTION clock_changed() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
  PERFORM count_days(NEW.id);
  RETURN NULL;
END $$;

CREATE TRIGGER clock_changed AFTER UPDATE OF timezone ON "Shop" FOR EACH ROW
  WHEN (OLD.timezone IS DISTINCT FROM NEW.timezone) EXECUTE FUNCTION clock_changed();

-- What was booked before.
SELECT count_days(id) FROM "Shop";

-- The days took over what this one was for.
-- DropIndex
DROP INDEX "BalanceEntry_shopId_at_id_idx";

-- A kind that is seldom booked is found without a walk through all others.
-- CreateIndex
CREATE INDEX "BalanceEntry_accountId_kind_at_id_idx" ON "BalanceEntry"("accountId", "kind", "at", "id");

-- The ledger is searched by the beginning of a reference, by the whole name of an order and by a part of a note.
CREATE INDEX "BalanceEntry_accountId_reference_idx" ON "BalanceEntry"("accountId", lower(reference) text_pattern_ops);
CREATE INDEX "BalanceEntry_noted_accountId_idx" ON "BalanceEntry"("accountId") WHERE note IS NOT NULL;
