import { z } from 'zod';
import { databaseNowOnce, db } from '../platform/db.server.ts';
import { after, DAY } from '../platform/time.ts';
import type { Shop } from '../shopify/shops.server.ts';

/** The last look of a watcher. `cut-off`: its process ended in the middle. */
export interface Look {
  state: 'running' | 'done' | 'failed' | 'cut-off';
  startedAt: Date;
  finishedAt: Date | null;
  findings: Record<string, number>;
  /** The kind of the failure, where the other side failed. */
  problem: string | null;
}

export interface Watch {
  /** It looks for all shops at once: `findings` is what of it was this shop's, by the name of the job. */
  sweep: Look | null;
  reconcile: { last: Look | null; nightlyAt: Date | null };
  audits: { accountId: string; label: string; isActive: boolean; last: Look | null }[];
  processes: { id: string; role: string; startedAt: Date; heartbeatAt: Date }[];
}

/** What watches over the shop's orders, and what each saw last. */
export async function watchOf(shop: Shop): Promise<Watch> {
  const [row, accounts, processes, sweep] = await Promise.all([
    db.shop.findUniqueOrThrow({ where: { id: shop.id }, select: { reconciledWeekAt: true } }),
    db.supplierAccount.findMany({
      where: { shopId: shop.id, sells: true, state: { not: 'disconnected' } },
      orderBy: { createdAt: 'asc' },
    }),
    db.instance.findMany({
      where: { stoppedAt: null, heartbeatAt: { gt: after(-DAY) } },
      select: { id: true, role: true, startedAt: true, heartbeatAt: true },
      orderBy: { startedAt: 'asc' },
      take: 20,
    }),
    db.watchRun.findUnique({ where: { id: 'sweep' } }),
  ]);
  const lastOf = (kinds: string[], accountId?: string) =>
    db.watchRun.findFirst({
      where: { shopId: shop.id, kind: { in: kinds }, ...(accountId !== undefined && { accountId }) },
      orderBy: { startedAt: 'desc' },
    });
  const [reconcile, ...audits] = await Promise.all([
    lastOf(['reconcile', 'reconcile-week']),
    ...accounts.map(({ id }) => lastOf(['audit'], id)),
  ]);
  const leases = await heldLeases([`reconcile ${shop.id}`, ...accounts.map(({ id }) => `audit ${id}`)]);
  return {
    sweep: sweep && sweepOf(sweep, shop),
    reconcile: {
      last: reconcile ? lookOf(reconcile, leases.has(`reconcile ${shop.id}`)) : null,
      nightlyAt: row.reconciledWeekAt,
    },
    audits: accounts.map(({ id, label, state }, at) => {
      const last = audits[at];
      return {
        accountId: id,
        label,
        isActive: state === 'active',
        last: last ? lookOf(last, leases.has(`audit ${id}`)) : null,
      };
    }),
    processes,
  };
}

async function heldLeases(names: string[]): Promise<Set<string>> {
  const rows = await db.$queryRaw<{ name: string }[]>`
    SELECT name FROM "Lease" WHERE name = ANY(${names}) AND until >= ${databaseNowOnce}`;
  return new Set(rows.map(({ name }) => name));
}

function sweepOf(row: RunRow, { id }: Shop): Look {
  const byShop = z.record(z.string(), z.unknown()).catch({}).parse(row.findings);
  return lookOf({ ...row, findings: byShop[id] ?? {} }, true);
}

interface RunRow {
  startedAt: Date;
  finishedAt: Date | null;
  findings: unknown;
  problem: string | null;
}

function lookOf({ startedAt, finishedAt, findings, problem }: RunRow, isAlive: boolean): Look {
  const counts = z.record(z.string(), z.number()).catch({}).parse(findings);
  const state = finishedAt ? (problem === null ? 'done' : 'failed') : isAlive ? 'running' : 'cut-off';
  return { state, startedAt, finishedAt, findings: counts, problem };
}
