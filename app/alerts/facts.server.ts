import type { Decimal } from 'decimal.js';
import { z } from 'zod';
import { stuckReceipts } from '../notifications/stuck.server.ts';
import { db } from '../platform/db.server.ts';
import { formatCost } from '../platform/money.ts';
import { after, DAY } from '../platform/time.ts';
import type { Facts } from './alerts.ts';

/** How long a failure that nobody saw to stays an alert: a later one must be told again. */
const FRESH_MS = 7 * DAY;

/** What the tables say of a shop, for the alerts. */
export async function alertFacts(shopId: string, now: Date): Promise<Facts> {
  const fresh = { shopId, createdAt: { gt: after(-FRESH_MS, now) } };
  const [accounts, forFunds, orphans, stopped, parked, stuck, runs, warned, failedMails, failedFulfilments] =
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
      stuckOf(shopId),
      db.watchRun.findMany({
        where: {
          ...{ shopId, finishedAt: { not: null }, startedAt: { gt: after(-DAY, now) } },
          kind: { in: ['recover', 'reconcile', 'reconcile-week'] },
        },
        select: { kind: true, findings: true, problem: true },
        orderBy: { startedAt: 'desc' },
      }),
      warnedAccounts(shopId, now),
      db.order.count({ where: { ...fresh, mailState: 'failed' } }),
      db.order.count({ where: { ...fresh, fulfilState: 'failed' } }),
    ]);
  const countOf = (rows: { accountId: string | null; _count: { id: number } }[], id: string) =>
    rows.find(({ accountId }) => accountId === id)?._count.id ?? 0;
  const findings = (...kinds: string[]) =>
    runs.filter(({ kind }) => kinds.includes(kind)).map((run) => Findings.parse(run.findings));
  const recoveries = findings('recover');
  const lastLook = runs.find(({ kind }) => kind !== 'recover');
  return {
    now,
    accounts: accounts.map(({ id, label, state, ...money }) => ({
      ...{ id, label, isRefused: state === 'key-refused', lowBalance: lowBalance(money, warned.has(id)) },
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
    ordersDenied: lastLook?.problem === 'permission',
    signedOut: lastLook?.problem === 'signed-out',
    stuckSince: stuck.map(({ receivedAt }) => receivedAt),
    resubscribed: sum(findings('reconcile', 'reconcile-week').map(({ resubscribed }) => resubscribed)),
    failedMails,
    failedFulfilments,
  };
}

/** By the line the merchant drew; who drew none is told what the supplier says. */
function lowBalance(
  { balance, currency, alertBelow }: KeptBalance,
  isWarned: boolean,
): { balance: string; line?: string } | null {
  if (!balance || currency === null) return null;
  const inWords = (amount: Decimal) => formatCost({ amount, currency }, 'en');
  if (!alertBelow) return isWarned ? { balance: inWords(balance) } : null;
  return balance.gte(alertBelow) ? null : { balance: inWords(balance), line: inWords(alertBelow) };
}

/** Accounts of which the supplier called in the last day to say that the balance is low, and not since that it was topped up. */
async function warnedAccounts(shopId: string, now: Date): Promise<Set<string>> {
  const rows = await db.$queryRaw<{ accountId: string; kind: string }[]>`
    SELECT DISTINCT ON ("accountId") "accountId", kind FROM "SupplierCallback"
    WHERE "shopId" = ${shopId} AND "receivedAt" > ${after(-DAY, now)} AND "isSigned"
      AND kind IN ('low-balance', 'no-balance', 'topped-up')
    ORDER BY "accountId", "receivedAt" DESC`;
  return new Set(rows.filter(({ kind }) => kind !== 'topped-up').map(({ accountId }) => accountId));
}

interface KeptBalance {
  balance: Decimal | null;
  currency: string | null;
  alertBelow: Decimal | null;
}

async function stuckOf(shopId: string) {
  const { domain } = await db.shop.findUniqueOrThrow({ where: { id: shopId }, select: { domain: true } });
  return stuckReceipts({ domain });
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
