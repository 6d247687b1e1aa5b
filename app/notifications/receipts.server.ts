import { runStatement } from '../platform/db.server.ts';
import { failpoint } from '../platform/failpoint.server.ts';
import { grouped } from '../platform/group.ts';
import { wakeSoon } from '../platform/queue.server.ts';
import { after, currentTime, DAY, SECOND, sleep } from '../platform/time.ts';
import type { Subject, Topic } from '../shopify/webhook-payloads.ts';

export interface Receipt {
  shopDomain: string;
  webhookId: string;
  eventId: string | null;
  topic: Topic;
  subject: Subject;
  triggeredAt: Date | null;
}

/**
 * Writes a receipt down; resolves after the commit. Receipts that come while commits are under way share the next one:
 * it costs as much for two hundred as for one. A webhook that is on record already is left as it is.
 */
export async function writeReceipt(receipt: Receipt): Promise<void> {
  underWay++;
  await inGroups(receipt).finally(() => {
    underWay--;
    lastWrittenAt = performance.now();
  });
}

/**
 * Lets what arrives go first: resolves in the first pause between receipts, at the latest after `mostMs`. Shopify waits
 * five seconds for its answer; the work behind a receipt can wait longer.
 */
export async function afterReceipts(mostMs: number): Promise<void> {
  const startedAt = performance.now();
  const isPause = () => underWay === 0 && performance.now() - lastWrittenAt > PAUSE_MS;
  while (!isPause() && performance.now() - startedAt < mostMs) await sleep(PAUSE_MS);
}

// At fifty a second there is one between any two; in a flood there is none.
const PAUSE_MS = 5;
let underWay = 0;
let lastWrittenAt = -Infinity;

const inGroups = grouped(writeReceipts, {
  most: 200,
  // One fills while the other waits for the disk.
  atOnce: 2,
  // Shopify hangs up after five seconds and sends again: a later 200 is heard by nobody.
  withinMs: 4 * SECOND,
});

async function writeReceipts(receipts: Receipt[]): Promise<void> {
  const receivedAt = currentTime();
  // Shopify allows 30 days for all three topics about privacy.
  const dueAt = after(30 * DAY, receivedAt);
  // In one order everywhere: two statements that hold the same two webhooks must not wait for each other.
  const rows = receipts
    .map((receipt) => ({ ...receipt, id: crypto.randomUUID(), receivedAt, dueAt }))
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const fresh = await runStatement({ name: 'receipts', sql: WRITE }, [JSON.stringify(rows)]);
  failpoint('intake.committed');
  // Shopify's answer does not wait for the wake-up: the row is the promise, and the sweeper finds it without.
  wakeSoon(
    'notifications.process',
    fresh.map(({ shopDomain }) => String(shopDomain)),
    () => failpoint('intake.woken'),
  );
}

const keyOf = ({ shopDomain, webhookId }: Receipt) => `${shopDomain} ${webhookId}`;

// One statement is one transaction. Who asks for privacy stands in the request alone, which forgets it in time. The columns hold UTC without a zone, and the cast drops the Z.
const WRITE = `
    WITH receipt AS (
      SELECT * FROM jsonb_to_recordset($1::jsonb) AS row (
        id text, "shopDomain" text, "webhookId" text, "eventId" text, topic text, subject jsonb,
        "triggeredAt" timestamp(3), "receivedAt" timestamp(3), "dueAt" timestamp(3)
      )
    ), fresh AS (
      INSERT INTO "Notification"
        (id, "shopDomain", "webhookId", "eventId", topic, subject, "triggeredAt", "receivedAt", "nextAttemptAt")
      SELECT id, "shopDomain", "webhookId", "eventId", topic,
        CASE WHEN subject->>'about' = 'privacy' THEN '{"about": "privacy"}'::jsonb ELSE subject END,
        "triggeredAt", "receivedAt", "receivedAt"
      FROM receipt
      ON CONFLICT ("shopDomain", "webhookId") DO NOTHING
      RETURNING id, "shopDomain"
    ), about_privacy AS (
      INSERT INTO "ComplianceRequest" (id, "shopDomain", topic, subject, "receivedAt", "dueAt")
      SELECT gen_random_uuid()::text, receipt."shopDomain", topic, subject, "receivedAt", "dueAt"
      FROM receipt JOIN fresh USING (id)
      WHERE subject->>'about' = 'privacy'
    )
    SELECT DISTINCT "shopDomain" FROM fresh`;
