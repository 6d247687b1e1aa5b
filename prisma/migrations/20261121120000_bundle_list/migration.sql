-- The catalogue page asks in any order and with any filter, and takes as long for 50,000 bundles as for 5,000: each order
-- is an index to walk, and what few bundles share is a term of one inverted index (catalogue/bundle-terms.ts).

-- What a bundle is found by, as catalogue/bundle-terms.ts asks for it. Each term begins with its shop, so that a search
-- does not meet the bundles of others. A term may have 2,046 bytes, hence the cuts.
CREATE FUNCTION bundle_terms(
  shop text, kind text, countries text[], region text, groups text[], data bigint, days int, words text)
RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_to_tsvector(string_to_array(
    left(shop, 8) || replace(
      ':k:' || kind
      || coalesce(chr(31) || ':c:' || nullif(array_to_string(countries, chr(31) || ':c:'), ''), '')
      || coalesce(chr(31) || ':r:' || left(region, 100), '')
      || coalesce(chr(31) || ':g:' || left(nullif(array_to_string(groups, chr(31) || ':g:'), ''), 500), '')
      || chr(31) || coalesce(':b:' || data, ':w:unlimited')
      || chr(31) || ':d:' || days
      || chr(31) || ':w:' || regexp_replace(lower(left(words, 2000)), '[^a-z0-9]+', chr(31) || ':w:', 'g'),
      chr(31), chr(31) || left(shop, 8)),
    chr(31)))
$$;

-- Where a bundle stands in the list: countries by their English name, then regions, then the world; of one place small
-- data first. Compared byte by byte.
CREATE FUNCTION bundle_place(kind text, countries text[], region text, data bigint, days int)
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT
    CASE WHEN kind = 'global' THEN '2' WHEN kind = 'region' OR region IS NOT NULL THEN '1' ELSE '0' END
    || CASE WHEN kind <> 'country' OR region IS NOT NULL THEN left(lower(coalesce(region, '')), 200) ELSE
      lpad(coalesce(array_position(string_to_array(replace(
'AF AX AL DZ AS AD AO AI AQ AG AR AM AW AC AU AT AZ BS BH BD BB BY BE BZ BJ DY BM BT BO BA BW BV BR 
IO VG BN BG BF HV BI KH CM CA IC CV BQ KY CF EA TD CL CN CX CP CC CO KM CG CD ZR CK CR CI HR CU AN 
CW CY CZ DK DG DJ DM DO EC EG SV GQ ER EE SZ ET EU EZ FK FO FJ FI FR FX GF PF TF GA GM GE DD DE GH 
GI GR GL GD GP GU GT GG GN GW GY HT HM HN HK HU IS IN ID IR IQ IE IM IL IT JM JP JE JO KZ KE KI XK 
KW KG LA LV LB LS LR LY LI LT LU MO MG MW MY MV ML MT MH MQ MR MU YT MX FM MD MC MN ME MS MA MZ BU 
MM NA NR NP NL NC NZ NI NE NG NU NF KP MK MP NO OM QO PK PW PS PA PG PY PE PH PN PL PT XA XB PR QA 
RE RO RU SU RW WS SM ST CQ SA SN CS RS YU SC SL SG SX SK SI SB SO ZA GS KR SS ES LK BL SH KN LC MF 
PM VC SD SR SJ SE CH SY TW TJ TZ TH TL TP TG TK TO TT TA TN TR TM TC TV UM VI UG UA AE GB UK UN US 
ZZ UY UZ NH VU VA VE VD VN WF EH YD YE ZM RH ZW',
      chr(10), ''), ' '), countries[1])::text, '999'), 3, '0') END
    || ' ' || lpad(coalesce(data, 9223372036854775807)::text, 19, '0') || lpad(days::text, 10, '0')
$$;

ALTER TABLE "Bundle"
  ADD COLUMN "terms" tsvector GENERATED ALWAYS AS (bundle_terms(
    "shopId", kind, countries, region, groups, "dataBytes", days,
    code || ' ' || coalesce(region, '') || ' ' || description)) STORED,
  ADD COLUMN "place" text COLLATE "C" GENERATED ALWAYS AS (bundle_place(
    kind, countries, region, "dataBytes", days)) STORED;

CREATE INDEX "Bundle_terms_idx" ON "Bundle" USING gin ("terms");
-- Each holds what filters ask for most, so that a walk that passes much over does not visit the table for it.
CREATE INDEX "Bundle_shopId_place_id_idx" ON "Bundle" ("shopId", "place", id) INCLUDE ("withdrawnAt", cost, "dataBytes", days);
CREATE INDEX "Bundle_shopId_cost_id_idx" ON "Bundle" ("shopId", cost, id) INCLUDE ("withdrawnAt", "dataBytes", days);
CREATE INDEX "Bundle_shopId_costPerGb_id_idx" ON "Bundle"
  ("shopId", (coalesce(cost * 1000000000 / nullif("dataBytes", 0), 'Infinity')), id) INCLUDE ("withdrawnAt", cost, "dataBytes", days);
CREATE INDEX "Bundle_shopId_data_id_idx" ON "Bundle"
  ("shopId", (coalesce("dataBytes", 9223372036854775807)), id) INCLUDE ("withdrawnAt", cost, "dataBytes", days);
CREATE INDEX "Bundle_shopId_days_id_idx" ON "Bundle" ("shopId", days, id) INCLUDE ("withdrawnAt", cost, "dataBytes");
CREATE INDEX "Bundle_shopId_description_id_idx" ON "Bundle" ("shopId", description, id) INCLUDE ("withdrawnAt", cost, "dataBytes", days);
CREATE INDEX "Bundle_shopId_createdAt_id_idx" ON "Bundle" ("shopId", "createdAt", id) INCLUDE ("withdrawnAt", cost, "dataBytes", days);
CREATE INDEX "Bundle_shopId_updatedAt_idx" ON "Bundle" ("shopId", "updatedAt");
CREATE INDEX "Bundle_shopId_withdrawnAt_idx" ON "Bundle" ("shopId", "withdrawnAt");

-- Nothing asks by them any more.
DROP INDEX "Bundle_countries_idx";
DROP INDEX "Bundle_shopId_withdrawnAt_description_idx";

-- One shop's words must not be unknown to the planner because another shop has more of them.
ALTER TABLE "Bundle" ALTER COLUMN "terms" SET STATISTICS 1000;
