import { databaseNowOnce, db } from '../platform/db.server.ts';

/**
 * The eSIMs whose traveller there is something to tell: for the sweeper. Whether a callback or a look of our own brought it
 * to light makes no difference here. Only what the merchant chose is looked for, and only the last day: times have an end as
 * well as a beginning, since PostgreSQL then expects few of them and asks the index.
 */
export async function dueNotices(): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    WITH chosen AS (
      SELECT s."shopId", unnest(s."buyerMails") AS kind FROM "ShopSettings" s
      JOIN "Shop" shop ON shop.id = s."shopId" AND shop."uninstalledAt" IS NULL
      WHERE cardinality(s."buyerMails") > 0
    )
    SELECT n."esimId" AS id FROM "BuyerNotice" n WHERE n.state = 'waiting' AND n."nextTryAt" <= ${databaseNowOnce}
    UNION
    SELECT e."esimId" FROM chosen c
    JOIN "EsimEvent" e ON e."shopId" = c."shopId" AND e.at > ${databaseNowOnce} - interval '1 day' AND e.at <= ${databaseNowOnce} + interval '1 day'
      AND e."onceKey" IS NOT NULL AND CASE e.kind
        WHEN 'esim.used' THEN c.kind = 'first-use'
        WHEN 'esim.usage' THEN c.kind = 'data-' || (e.detail->>'percent')
        ELSE false END
    WHERE NOT EXISTS (
      SELECT FROM "BuyerNotice" n WHERE n."esimId" = e."esimId" AND n.kind = c.kind
        AND n.subject = CASE e.kind WHEN 'esim.used' THEN '' ELSE substring(e."onceKey" from '^usage (.*) \\d+$') END)
    UNION
    SELECT e.id FROM chosen c
    JOIN "Esim" e ON e."shopId" = c."shopId" AND e.status = 'active'
      AND e."endsAt" > ${databaseNowOnce} AND e."endsAt" <= ${databaseNowOnce} + interval '1 day'
    JOIN "EsimBundle" b ON b."esimId" = e.id AND b."endsAt" = e."endsAt"
    WHERE c.kind = 'expires'
      AND NOT EXISTS (SELECT FROM "BuyerNotice" n WHERE n."esimId" = e.id AND n.kind = c.kind AND n.subject = b.key)
    UNION
    SELECT e.id FROM chosen c
    JOIN "Esim" e ON e."shopId" = c."shopId" AND e.status = 'new'
      AND e."createdAt" <= ${databaseNowOnce} - interval '3 days' AND e."createdAt" > ${databaseNowOnce} - interval '5 days'
    WHERE c.kind = 'not-installed'
      AND (
        SELECT min(d."sentAt") FROM "Delivery" d
        WHERE d."orderId" = e."orderId" AND d.state = 'sent' AND e."unitId" = ANY(d."unitIds")
      ) BETWEEN ${databaseNowOnce} - interval '4 days' AND ${databaseNowOnce} - interval '3 days'
      AND NOT EXISTS (SELECT FROM "BuyerNotice" n WHERE n."esimId" = e.id AND n.kind = c.kind)
    LIMIT 500`;
  return rows.map(({ id }) => id);
}
