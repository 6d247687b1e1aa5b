import { STUCK_AFTER_TRIES } from '../notifications/stuck.server.ts';
import { db } from '../platform/db.server.ts';
import { withLease } from '../platform/lease.server.ts';
import { after, currentTime, SECOND } from '../platform/time.ts';
import { alertFacts } from './facts.server.ts';
import { compareAlerts, isToBeMailed, keyOf, wantedAlerts, type OpenAlert, type Wanted } from './alerts.ts';
import { mailAlert } from './mail.server.ts';

const EVERY_MS = 10 * SECOND;

/**
 * The job of a shop: compares what the merchant should know of with what they were told. A cause that is new is raised
 * once, and mailed once; one that is gone closes its alert.
 */
export async function lookForAlerts(shopId: string): Promise<void> {
  await withLease(`alerts ${shopId}`, async () => {
    const now = currentTime();
    const wanted = wantedAlerts(await alertFacts(shopId, now));
    const open = await db.alert.findMany({ where: { shopId, closedAt: null } });
    const { raise, goOn, settle } = compareAlerts(wanted, open);
    for (const each of settle) await close(shopId, each);
    const raised: { alert: OpenAlert; wanted: Wanted }[] = [];
    for (const each of raise) raised.push({ alert: await open_(shopId, each), wanted: each });
    for (const { alert, wanted: each } of goOn)
      await db.alert.update({ where: { id: alert.id, shopId }, data: { detail: each.detail } });
    for (const { alert, wanted: each } of [...goOn, ...raised]) {
      const lastMailedAt = await lastMail(shopId, alert);
      if (isToBeMailed(each, alert, { now, lastMailedAt })) await mailAlert(shopId, alert, each);
    }
    await db.shop.update({ where: { id: shopId }, data: { alertsAt: now } });
  });
}

/**
 * Shops that have something to be told of, or were told of something that may be over: for the sweeper. Each sign is looked
 * for in turn until one is found, and none of them far: of all orders, only those that failed.
 */
export async function dueAlerts(): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT s.id FROM "Shop" s
    WHERE s."uninstalledAt" IS NULL AND s.currency IS NOT NULL
      AND (s."alertsAt" IS NULL OR s."alertsAt" <= ${after(-EVERY_MS)})
      AND EXISTS (
        SELECT FROM "Alert" a WHERE a."shopId" = s.id AND a."closedAt" IS NULL
        UNION ALL
        SELECT FROM "SupplierAccount" a LEFT JOIN "BuyingPace" p ON p."accountId" = a.id
          WHERE a."shopId" = s.id AND (a.state = 'key-refused' OR (a.state <> 'disconnected' AND a.balance < a."alertBelow") OR p."auditSince" IS NOT NULL)
        UNION ALL
        SELECT FROM "Unit" u WHERE u."shopId" = s.id AND u.state = 'parked'
        UNION ALL
        SELECT FROM "Unit" u WHERE u."shopId" = s.id AND u.state = 'held' AND u.reason IN ('funds', 'reserve')
        UNION ALL
        SELECT FROM "SupplierCallback" c WHERE c."shopId" = s.id AND c."isSigned"
          AND c.kind IN ('low-balance', 'no-balance') AND c."receivedAt" > COALESCE(s."alertsAt", s."installedAt")
        UNION ALL
        SELECT FROM "UnclaimedOrder" o WHERE o."shopId" = s.id AND o.state = 'open'
        UNION ALL
        SELECT FROM "Notification" n WHERE n."shopDomain" = s.domain AND n."processedAt" IS NULL
          AND n.attempts >= ${STUCK_AFTER_TRIES}
        UNION ALL
        SELECT FROM "WatchRun" w WHERE w."shopId" = s.id AND w."startedAt" > COALESCE(s."alertsAt", s."installedAt")
        UNION ALL
        SELECT FROM "Order" o WHERE o."shopId" = s.id AND o."createdAt" > ${after(-7 * 24 * 3600 * SECOND)}
          AND (o."mailState" = 'failed' OR o."fulfilState" = 'failed')
      )
    LIMIT 100`;
  return rows.map(({ id }) => id);
}

function open_(shopId: string, { kind, subject, detail }: Wanted): Promise<OpenAlert> {
  const openKey = `${shopId} ${keyOf({ kind, subject })}`;
  return db.alert.create({ data: { shopId, kind, subject, detail, openKey } });
}

async function close(shopId: string, { id }: OpenAlert) {
  await db.alert.update({ where: { id, shopId }, data: { closedAt: currentTime(), openKey: null } });
}

async function lastMail(shopId: string, { kind, subject }: OpenAlert): Promise<Date | null> {
  const last = await db.alert.findFirst({
    where: { shopId, kind, subject, mailedAt: { not: null } },
    orderBy: { mailedAt: 'desc' },
    select: { mailedAt: true },
  });
  return last?.mailedAt ?? null;
}
