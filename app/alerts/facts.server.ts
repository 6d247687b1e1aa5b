import type { Decimal } from 'decimal.js';
import { z } from 'zod';
import { db } from '../platform/db.server.ts';
import { formatCost } from '../platform/money.ts';
import { after, DAY } from '../platform/time.ts';
import type { Facts } from './alerts.ts';

/** How long a failure that nobody saw to stays an alert: a later one must be told again. */
const FRESH_MS = 7 * DAY;

/** What the tables say of a shop, for the alerts. */
export async function alertFacts(shopId: string, now: Date): Promise<Facts> {
  const fresh = { shopId, createdAt: { gt: after(-FRESH_MS, now) } };
  const [accounts, forFunds, orphans, stopped, parked, runs, failedMails, failedFulfilments] =
    await Promise.all([
      db.supplierAccount.findMany({
        where: { shopId, state: { not: 'disconnected' } },
        select: {
          ...{ id: true, label: true, state: true },
          ...{ balance: true, currency: true, alertBelow: true },
        },
      }),
      db.unit.groupBy({
        by: ['accountId'],
        where: { shopId, state: 'held', reason: { in: ['funds', 'reserve'] } },
        _count: { id: true },
      }),
      db.unclaimedOrder.groupBy({
        by: ['accountId'],
        where: { shopId, state: 'open' },
        _count: { id: true },
      }),
      stoppedAccounts(shopId, now),
      db.unit.findMany({ where: { shopId, state: 'parked' }, select: { since: true } }),
      db.watchRun.findMany({
        where: {
          ...{ shopId, finishedAt: { not: null }, startedAt: { gt: after(-DAY, now) } },
          kind: { in: ['recover', 'reconcile', 'reconcile-week'] },
        },
        select: { kind: true, findings: true, problem: true },
        orderBy: { startedAt: 'desc' },
      }),
      db.order.count({ where: { ...fresh, mailState: 'failed' } }),
      db.order.count({ where: { ...fresh, fulfilState: 'failed' } }),
    ]);
  const countOf = (rows: { accountId: string | null; _count: { id: number } }[], id: string) =>
    rows.find(({ accountId }) => accountId === id)?._count.id ?? 0;
  const findings = (...kinds: string[]) =>
    runs.filter(({ kind }) => kinds.includes(kind)).map((run) => Findings.parse(run.findings));
  const recoveries = findings('recover');
  return {
    now,
    accounts: accounts.map(({ id, label, state, ...money }) => ({
      ...{ id, label, isRefused: state === 'key-refused', lowBalance: lowBalance(money) },
      waitingForFunds: countOf(forFunds, id),
      orphans: countOf(orphans, id),
      isStopped: stopped.has(id),
    })),
    parkedSince: parked.map(({ since }) => since),
    recovered:
      recoveries.length === 0
        ? null
        : {
            found: sum(
              recoveries.map(
                ({ replayed, tagged, adopted, parked: left }) => replayed + tagged + adopted + left,
              ),
            ),
            parked: sum(recoveries.map(({ parked: left }) => left)),
          },
    ordersDenied: runs.find(({ kind }) => kind !== 'recover')?.problem === 'permission',
    resubscribed: sum(findings('reconcile', 'reconcile-week').map(({ resubscribed }) => resubscribed)),
    failedMails,
    failedFulfilments,
  };
}

function lowBalance({
  balance,
  currency,
  alertBelow,
}: KeptBalance): { balance: string; line: string } | null {
  if (!balance || currency === null || !alertBelow || balance.gte(alertBelow)) return null;
  const inWords = (amount: Decimal) => formatCost({ amount, currency }, 'en');
  return { balance: inWords(balance), line: inWords(alertBelow) };
}

interface KeptBalance {
  balance: Decimal | null;
  currency: string | null;
  alertBelow: Decimal | null;
}

/** Accounts whose buying is stopped for longer than the moment a look takes: by the wait after a restore, or by a failure. */
async function stoppedAccounts(shopId: string, now: Date): Promise<Set<string>> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT a.id FROM "SupplierAccount" a JOIN "BuyingPace" p ON p."accountId" = a.id
    WHERE a."shopId" = ${shopId} AND p."auditSince" IS NOT NULL AND (p."auditUntil" > ${now} OR (
      SELECT w.problem FROM "WatchRun" w WHERE w."accountId" = a.id AND w.kind = 'recover' AND w."finishedAt" IS NOT NULL
      ORDER BY w."startedAt" DESC LIMIT 1
    ) IS NOT NULL)`;
  return new Set(rows.map(({ id }) => id));
}

const figure = z.number().catch(0);
const Findings = z.object({
  ...{ replayed: figure, tagged: figure, adopted: figure, parked: figure, resubscribed: figure },
});

const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
