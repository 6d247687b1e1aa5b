import { createHash, randomUUID } from 'node:crypto';
import { databaseNow, db, type Prisma, type Transaction } from '../platform/db.server.ts';
import { changesBetween, type Change, type KeptBundle } from './difference.ts';

/** Raised with what is kept of a bundle: rows of another number are written again, without being called changed. */
const VERSION = '1';

export interface Account {
  shopId: string;
  accountId: string;
}

/** What a page brings, beside what is stored. */
export interface PageNews {
  created: Row[];
  changed: { row: Row; changes: Change[] }[];
  returned: Row[];
  /** Written once more because the app keeps more of a bundle than it did. */
  completed: Row[];
}

export interface Row extends KeptBundle {
  id: string;
  fingerprint: string;
}

/** Compares bundles with the account's rows; writes nothing. */
export async function findNews({ shopId, accountId }: Account, bundles: KeptBundle[]): Promise<PageNews> {
  const known = await db.bundle.findMany({
    where: { shopId, accountId, code: { in: bundles.map(({ code }) => code) } },
    select: { id: true, code: true, fingerprint: true, withdrawnAt: true },
  });
  const byCode = new Map(known.map((row) => [row.code, row]));
  const news: PageNews = { created: [], changed: [], returned: [], completed: [] };
  const differing: { row: Row; id: string }[] = [];
  for (const bundle of bundles) {
    const old = byCode.get(bundle.code);
    const row = { ...bundle, id: old?.id ?? randomUUID(), fingerprint: fingerprintOf(bundle) };
    if (!old) news.created.push(row);
    else if (old.withdrawnAt) news.returned.push(row);
    else if (old.fingerprint === row.fingerprint) continue;
    else if (old.fingerprint?.startsWith(`${VERSION}.`)) differing.push({ row, id: old.id });
    else news.completed.push(row);
  }
  const before = await rowsOf(
    shopId,
    differing.map(({ id }) => id),
  );
  for (const { row, id } of differing) {
    const old = before.get(id);
    if (old) news.changed.push({ row, changes: changesBetween(old, row) });
  }
  return news;
}

export function hasNews({ created, changed, returned, completed }: PageNews): boolean {
  return created.length + changed.length + returned.length + completed.length > 0;
}

function fingerprintOf(bundle: KeptBundle): string {
  const digest = createHash('sha256').update(JSON.stringify(bundle)).digest('base64url');
  return `${VERSION}.${digest.slice(0, 24)}`;
}

async function rowsOf(shopId: string, ids: string[]): Promise<Map<string, KeptBundle>> {
  if (ids.length === 0) return new Map();
  const rows = await db.bundle.findMany({ where: { shopId, id: { in: ids } } });
  return new Map(rows.map((row) => [row.id, kept(row)]));
}

function kept(row: Prisma.BundleGetPayload<object>): KeptBundle {
  return {
    ...row,
    dataBytes: row.dataBytes?.toString() ?? null,
    cost: row.cost.toFixed(),
    // Only this file writes the column, and it writes this shape.
    allowances: row.allowances as unknown as KeptBundle['allowances'],
  };
}

/** Writes what a page brings, in one statement. Written twice it is the same. */
export async function writeNews(
  tx: Transaction,
  { shopId, accountId }: Account,
  { created, changed, returned, completed }: PageNews,
): Promise<void> {
  const rows = [...created, ...changed.map(({ row }) => row), ...returned, ...completed];
  await tx.$executeRaw`
    INSERT INTO "Bundle" AS old (
      id, "shopId", "accountId", code, description, kind, destination, countries, roaming, region, "dataBytes", unlimited,
      "fairUse", days, speeds, groups, autostart, allowances, cost, currency, "imageUrl", fingerprint, "updatedAt")
    SELECT
      id, ${shopId}, ${accountId}, code, description, kind, destination, countries, roaming, region, "dataBytes",
      "dataBytes" IS NULL, "fairUse", days, speeds, groups, autostart, allowances, cost, currency, "imageUrl", fingerprint,
      ${databaseNow}
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS row (
      id text, code text, description text, kind text, destination text, countries text[], roaming text[], region text,
      "dataBytes" bigint, "fairUse" text, days int, speeds text[], groups text[], autostart boolean, allowances jsonb,
      cost numeric(65, 30), currency text, "imageUrl" text, fingerprint text)
    ON CONFLICT ("accountId", code) DO UPDATE SET
      description = excluded.description, kind = excluded.kind, destination = excluded.destination,
      countries = excluded.countries, roaming = excluded.roaming, region = excluded.region,
      "dataBytes" = excluded."dataBytes", unlimited = excluded.unlimited, "fairUse" = excluded."fairUse",
      days = excluded.days, speeds = excluded.speeds, groups = excluded.groups, autostart = excluded.autostart,
      allowances = excluded.allowances, cost = excluded.cost, currency = excluded.currency,
      "imageUrl" = excluded."imageUrl", fingerprint = excluded.fingerprint, "withdrawnAt" = NULL,
      "updatedAt" = excluded."updatedAt"
    WHERE old."shopId" = excluded."shopId"`;
}

export interface WithdrawnRow {
  id: string;
  code: string;
  description: string;
  countries: string[];
  region: string | null;
  dataBytes: bigint | null;
  days: number;
  groups: string[];
}

/**
 * Marks the account's bundles that a whole list did not name, and answers them. NOT IN is looked up in a hash whatever the
 * planner knows of the table, and after a first import that is nothing: a join would compare each code with each.
 */
export function withdrawOthers(
  tx: Transaction,
  { shopId, accountId }: Account,
  codes: Iterable<string>,
): Promise<WithdrawnRow[]> {
  return tx.$queryRaw<WithdrawnRow[]>`
    UPDATE "Bundle" SET "withdrawnAt" = ${databaseNow}, "updatedAt" = ${databaseNow}
    WHERE "shopId" = ${shopId} AND "accountId" = ${accountId} AND "withdrawnAt" IS NULL
      AND code NOT IN (SELECT jsonb_array_elements_text(${JSON.stringify([...codes])}::jsonb))
    RETURNING id, code, description, countries, region, "dataBytes", days, groups`;
}
