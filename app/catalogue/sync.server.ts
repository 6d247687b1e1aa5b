import { randomUUID } from 'node:crypto';
import { databaseNow, db, type Transaction } from '../platform/db.server.ts';
import { failpoint } from '../platform/failpoint.server.ts';
import { log } from '../platform/log.server.ts';
import { wake } from '../platform/queue.server.ts';
import { after, backOff, currentTime, MINUTE, SECOND, sleep } from '../platform/time.ts';
import { ProviderError, type ProviderBundle } from '../providers/contract.ts';
import { markKeyRefused, supplierFor } from '../settings/suppliers.server.ts';
import type { Shop } from '../shopify/shops.server.ts';

const STALE_AFTER = 2 * MINUTE;
const MOST_TRIES = 4;

/** Begins to read a supplier account's catalogue, or names the import that is doing so already. */
export async function startImport(shop: Shop, accountId: string): Promise<{ importId: string }> {
  const importId = await db.$transaction(async (tx) => {
    // The account's row is the lock: two clicks at once begin one import.
    await tx.$queryRaw`SELECT id FROM "SupplierAccount" WHERE id = ${accountId} AND "shopId" = ${shop.id} FOR UPDATE`;
    await tx.supplierAccount.findFirstOrThrow({ where: { id: accountId, shopId: shop.id } });
    const under = await tx.catalogueImport.findFirst({
      where: { shopId: shop.id, accountId, state: { in: ['queued', 'running'] } },
    });
    return (under ?? (await tx.catalogueImport.create({ data: { shopId: shop.id, accountId } }))).id;
  });
  await wake('catalogue.import', importId);
  return { importId };
}

/** The imports that nobody is at: their wake-up was lost, or their process died. */
export async function staleImports(): Promise<string[]> {
  const rows = await db.catalogueImport.findMany({
    where: {
      OR: [
        { state: 'queued', heartbeatAt: { lt: after(-10 * SECOND) } },
        { state: 'running', heartbeatAt: { lt: after(-STALE_AFTER) } },
      ],
    },
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}

/**
 * The job. Reads the supplier's catalogue page by page into the shop's bundles. It may be run twice or after a crash:
 * whoever holds the heartbeat works, reading again from the first page, and what is stored already is not written again.
 */
export async function runImport(importId: string): Promise<void> {
  const run = await claim(importId);
  if (!run) return;
  try {
    await readCatalogue(run);
  } catch (error) {
    if (error instanceof ImportTakenOver) return;
    // A bug, or an account that was disconnected meanwhile, would be tried again for ever: it ends the import too.
    const problem = error instanceof ProviderError ? error.kind : 'unknown';
    await keepHold(db, run, { state: 'failed', problem, finishedAt: currentTime() });
    if (!(error instanceof ProviderError)) throw error;
    log.warn('import.failed', { importId, accountId: run.accountId, reason: error.kind }, error);
    if (error.kind === 'credentials') await markKeyRefused(run);
  }
}

interface Run {
  id: string;
  shopId: string;
  accountId: string;
  /** The heartbeat we wrote last. Finding another one in the row means that another process took over. */
  heartbeatAt: Date;
}

class ImportTakenOver extends Error {}

async function claim(importId: string): Promise<Run | null> {
  const heartbeatAt = currentTime();
  const { count } = await db.catalogueImport.updateMany({
    where: {
      id: importId,
      OR: [{ state: 'queued' }, { state: 'running', heartbeatAt: { lt: after(-STALE_AFTER, heartbeatAt) } }],
    },
    data: { state: 'running', heartbeatAt, done: 0, problem: null },
  });
  if (count === 0) return null;
  const { shopId, accountId } = await db.catalogueImport.findUniqueOrThrow({ where: { id: importId } });
  return { id: importId, shopId, accountId, heartbeatAt };
}

/** Changes the import's row if it is still ours, and renews the heartbeat. Throws `ImportTakenOver` otherwise. */
async function keepHold(
  client: Transaction,
  run: Run,
  changes: Parameters<Transaction['catalogueImport']['updateMany']>[0]['data'],
): Promise<void> {
  // Never the same instant twice, or the loser of a race would not notice.
  const heartbeatAt = new Date(Math.max(currentTime().getTime(), run.heartbeatAt.getTime() + 1));
  const { count } = await client.catalogueImport.updateMany({
    where: { id: run.id, shopId: run.shopId, state: 'running', heartbeatAt: run.heartbeatAt },
    data: { ...changes, heartbeatAt },
  });
  if (count === 0) throw new ImportTakenOver();
  run.heartbeatAt = heartbeatAt;
}

async function readCatalogue(run: Run): Promise<void> {
  const { provider } = await supplierFor(run);
  for (let tries = 1; ; tries++) {
    try {
      const read = await readPages(run, provider.listBundles());
      await finish(run, read);
      return;
    } catch (error) {
      const passes =
        error instanceof ProviderError && (error.kind === 'rate-limited' || error.kind === 'down');
      if (!passes || tries >= MOST_TRIES) throw error;
      await keepHold(db, run, { done: 0 });
      await sleep(Math.min(error.retryAfterMs ?? backOff(tries, 2 * SECOND, 20 * SECOND), MINUTE));
    }
  }
}

interface Read {
  /** The codes of all bundles that can be sold. */
  stored: Set<string>;
  /** Every row the supplier sent, the useless ones too. */
  rows: number;
  total: number | null;
}

async function readPages(
  run: Run,
  pages: AsyncIterable<{ bundles: ProviderBundle[]; total: number | null }>,
): Promise<Read> {
  const read: Read = { stored: new Set(), rows: 0, total: null };
  for await (const { bundles, total } of pages) {
    const fresh = [...new Map(bundles.map((bundle) => [bundle.code, bundle])).values()].filter(
      (bundle) => !read.stored.has(bundle.code) && canBeSold(bundle),
    );
    for (const { code } of fresh) read.stored.add(code);
    read.rows += bundles.length;
    read.total = total ?? read.total;
    // The page and its progress in one commit, so that the figures are right after a crash too.
    await db.$transaction(async (tx) => {
      const { created, changed } = await store(tx, run, fresh);
      await keepHold(tx, run, {
        done: read.stored.size,
        total: read.total,
        created: { increment: created },
        changed: { increment: changed },
      });
    });
    failpoint('import.page-written');
  }
  return read;
}

// A price of nothing is a fault of the list, not a gift: sold, it would cost the merchant something later. And a code
// that cannot be kept letter by letter cannot be ordered.
function canBeSold({ code, cost, days }: ProviderBundle): boolean {
  const isOrderable = code.trim() !== '' && code === storableText(code);
  return (
    isOrderable && cost.amount.isFinite() && cost.amount.greaterThan(0) && Number.isInteger(days) && days > 0
  );
}

// PostgreSQL's text holds neither NUL nor half of a surrogate pair.
const storableText = (text: string) => Buffer.from(text.replaceAll('\0', '')).toString();

/** One statement for a page. Rows that say what is stored already are left alone. */
async function store(
  tx: Transaction,
  run: Run,
  bundles: ProviderBundle[],
): Promise<{ created: number; changed: number }> {
  if (bundles.length === 0) return { created: 0, changed: 0 };
  const [counts] = await tx.$queryRaw<{ created: number; changed: number }[]>`
    WITH given AS (
      SELECT * FROM jsonb_to_recordset(${storable(bundles)}::jsonb) AS row (
        id text, code text, description text, countries text[], region text, "dataBytes" bigint, days int,
        speeds text[], groups text[], autostart boolean, cost numeric(65, 30), currency text, "imageUrl" text)
    ), written AS (
      INSERT INTO "Bundle" AS old (
        id, "shopId", "accountId", code, description, countries, region, "dataBytes", unlimited, days, speeds, groups,
        autostart, cost, currency, "imageUrl", "updatedAt")
      SELECT
        id, ${run.shopId}, ${run.accountId}, code, description, countries, region, "dataBytes", "dataBytes" IS NULL, days,
        speeds, groups, autostart, cost, currency, "imageUrl", ${databaseNow}
      FROM given
      ON CONFLICT ("accountId", code) DO UPDATE SET
        description = excluded.description, countries = excluded.countries, region = excluded.region,
        "dataBytes" = excluded."dataBytes", unlimited = excluded.unlimited, days = excluded.days,
        speeds = excluded.speeds, groups = excluded.groups, autostart = excluded.autostart, cost = excluded.cost,
        currency = excluded.currency, "imageUrl" = excluded."imageUrl", "withdrawnAt" = NULL,
        "updatedAt" = excluded."updatedAt"
      WHERE old."shopId" = excluded."shopId" AND (old."withdrawnAt" IS NOT NULL OR
        (old.description, old.countries, old.region, old."dataBytes", old.days, old.speeds, old.groups, old.autostart,
          old.cost, old.currency, old."imageUrl")
        IS DISTINCT FROM
        (excluded.description, excluded.countries, excluded.region, excluded."dataBytes", excluded.days, excluded.speeds,
          excluded.groups, excluded.autostart, excluded.cost, excluded.currency, excluded."imageUrl"))
      -- A row that was inserted has no earlier version.
      RETURNING xmax = 0 AS inserted
    )
    SELECT count(*) FILTER (WHERE inserted)::int AS created, count(*) FILTER (WHERE NOT inserted)::int AS changed
    FROM written`;
  return counts ?? { created: 0, changed: 0 };
}

function storable(bundles: ProviderBundle[]): string {
  const rows = bundles.map((bundle) => ({
    ...bundle,
    id: randomUUID(),
    dataBytes: bundle.dataBytes?.toString() ?? null,
    cost: bundle.cost.amount.toFixed(),
    currency: bundle.cost.currency,
  }));
  return JSON.stringify(rows, (_name, value: unknown) =>
    typeof value === 'string' ? storableText(value) : value,
  );
}

async function finish(run: Run, { stored, rows, total }: Read): Promise<void> {
  const mine = { shopId: run.shopId, accountId: run.accountId };
  const onSale = await db.bundle.count({ where: { ...mine, withdrawnAt: null } });
  if (stored.size === 0 && onSale > 0) {
    // More likely a fault on their side than the end of their business.
    throw new ProviderError('unreadable', 'the catalogue is empty all of a sudden');
  }
  await db.$transaction(async (tx) => {
    // Rows that went missing between two pages are not withdrawn bundles.
    const isWhole = total === null || rows >= total;
    const withdrawn = isWhole ? await withdrawOthers(tx, run, [...stored]) : 0;
    await keepHold(tx, run, {
      state: 'done',
      withdrawn,
      done: stored.size,
      total: Math.max(rows, total ?? 0),
      finishedAt: currentTime(),
    });
  });
  log.info('import.done', { importId: run.id, accountId: run.accountId, count: stored.size });
  if (rows > stored.size)
    log.warn('import.skipped', { importId: run.id, accountId: run.accountId, count: rows - stored.size });
}

function withdrawOthers(tx: Transaction, { shopId, accountId }: Run, codes: string[]): Promise<number> {
  return tx.$executeRaw`
    UPDATE "Bundle" SET "withdrawnAt" = ${databaseNow}, "updatedAt" = ${databaseNow}
    WHERE "shopId" = ${shopId} AND "accountId" = ${accountId} AND "withdrawnAt" IS NULL
      AND NOT EXISTS (SELECT FROM jsonb_array_elements_text(${JSON.stringify(codes)}::jsonb) AS seen (code) WHERE seen.code = "Bundle".code)`;
}
