import { z } from 'zod';
import { recordEsim, type NewEsimEvent } from '../esims/events.server.ts';
import { lookAtEsim } from '../esims/look.server.ts';
import { once } from '../esims/once.ts';
import { databaseNow, databaseNowOnce, db } from '../platform/db.server.ts';
import { log } from '../platform/log.server.ts';
import { wake } from '../platform/queue.server.ts';
import { after, backOff, currentTime, HOUR, MINUTE, SECOND } from '../platform/time.ts';
import type { CallbackKind } from '../providers/contract.ts';
import { lookForFunds } from '../purchases/funds.server.ts';

/** So many receipts of an account are taken at once: what a traveller does first comes as three or four. */
const AT_ONCE = 10;

/**
 * The job behind a supplier's calls: works on the oldest of an account that are due. What a call says is never believed
 * against the supplier: it is read again, and only what no reading tells is taken from a signed call. Doing one twice is
 * harmless.
 */
export async function processCallbacks(accountId: string): Promise<void> {
  const { state } = await db.supplierAccount.findUniqueOrThrow({ where: { id: accountId } });
  if (state !== 'active') return; // without a key nothing can be read
  const receipts = await claimDue(accountId);
  const looks: Looks = new Map();
  for (const receipt of receipts) await work(receipt, looks);
  if (receipts.length === AT_ONCE) await wake('callbacks.process', accountId);
}

interface Receipt {
  id: string;
  shopId: string;
  accountId: string;
  esimId: string | null;
  kind: string;
  isSigned: boolean;
  detail: unknown;
  /** This one counted. */
  attempts: number;
  receivedAt: Date;
}

/** The next try is set before the work, so a crash in the middle is tried again and not at once for ever. */
function claimDue(accountId: string): Promise<Receipt[]> {
  return db.$queryRaw<Receipt[]>`
    WITH due AS (
      SELECT id FROM "SupplierCallback"
      WHERE "processedAt" IS NULL AND "accountId" = ${accountId}
        AND ("nextAttemptAt" <= ${databaseNowOnce} OR attempts = 0)
      ORDER BY "nextAttemptAt" LIMIT ${AT_ONCE}
      FOR UPDATE SKIP LOCKED
    ), claimed AS (
      UPDATE "SupplierCallback" c SET attempts = attempts + 1,
        "nextAttemptAt" = ${databaseNow} + make_interval(secs => least(4 * 2 ^ least(attempts, 20), 3600))
      FROM due WHERE c.id = due.id
      RETURNING c.id, c."shopId", c."accountId", c."esimId", c.kind, c."isSigned", c.detail, c.attempts, c."receivedAt"
    )
    SELECT * FROM claimed ORDER BY "receivedAt"`;
}

/** How the reading of each eSIM ended in this round: three calls about one are one reading. */
type Looks = Map<string, Promise<string>>;

async function work(receipt: Receipt, looks: Looks): Promise<void> {
  const { id, shopId, accountId, kind, attempts } = receipt;
  try {
    const problem = await act(receipt, looks);
    if (problem === null) {
      await db.supplierCallback.update({
        where: { id, shopId },
        data: { processedAt: currentTime(), problem: null },
      });
      return;
    }
    await db.supplierCallback.update({ where: { id, shopId }, data: { problem } });
  } catch (error) {
    log.error('callback.failed', { accountId, topic: kind }, error);
    await db.supplierCallback.update({ where: { id, shopId }, data: { problem: 'unknown' } });
  }
  await wake('callbacks.process', accountId, backOff(attempts, 4 * SECOND, HOUR));
}

/** Why it is to be tried again; null when it is done. */
async function act(receipt: Receipt, looks: Looks): Promise<string | null> {
  const { shopId, accountId, esimId, isSigned } = receipt;
  if (isAboutMoney(receipt.kind)) {
    const isKnown = await lookForFunds({ shopId, accountId });
    if (isKnown) await wake('alerts.look', shopId);
    return isKnown ? null : 'down';
  }
  if (esimId === null) return null; // a call about an eSIM that names none: there is nothing to read
  const outcome = await (looks.get(esimId) ?? read({ shopId, esimId, isSigned, looks }));
  if (!['looked', 'unchanged', 'rejected'].includes(outcome)) return outcome;
  if (isSigned) await recordEsim(toldBy({ ...receipt, esimId }));
  await wake('notices.send', esimId);
  return null;
}

const isAboutMoney = (kind: string) => ['low-balance', 'no-balance', 'topped-up'].includes(kind);

/** Anybody can write an unsigned call: it may not make us ask the supplier more than once a minute. */
const UNSIGNED_REST_MS = MINUTE;

function read(of: { shopId: string; esimId: string; isSigned: boolean; looks: Looks }): Promise<string> {
  const { shopId, esimId, isSigned, looks } = of;
  const look = async () => {
    const { lookedAt } = await db.esim.findUniqueOrThrow({ where: { id: esimId, shopId } });
    if (!isSigned && lookedAt && lookedAt > after(-UNSIGNED_REST_MS)) return 'unchanged';
    return lookAtEsim({ shopId, esimId });
  };
  const outcome = look();
  looks.set(esimId, outcome);
  return outcome;
}

const Detail = z.object({
  country: z.string().nullable().catch(null),
  at: z.iso.datetime().nullable().catch(null),
});

/** What the eSIM's timeline takes from a signed call. All else it learns from the supplier's own answer. */
function toldBy({ shopId, esimId, kind, detail, receivedAt }: Receipt & { esimId: string }): NewEsimEvent[] {
  const told = Detail.parse(detail);
  // A supplier's clock may be ahead; what is told has happened.
  const at = told.at !== null && new Date(told.at) < receivedAt ? new Date(told.at) : receivedAt;
  const of = { shopId, esimId, at };
  const { country } = told;
  const known = kind as CallbackKind; // written by us from that type; a newer word falls through
  switch (known) {
    case 'first-use':
      return [{ ...of, kind: 'esim.used', onceKey: once.used }];
    case 'first-attachment':
      return [{ ...of, kind: 'esim.attached', onceKey: once.attached, detail: { country } }];
    case 'country-change':
      return country === null
        ? []
        : [{ ...of, kind: 'esim.country-changed', onceKey: once.country(country, at), detail: { country } }];
    case 'deletion-scheduled':
      return [{ ...of, kind: 'esim.deletion-scheduled', onceKey: once.deletionScheduled }];
    case 'number-enabled':
    case 'number-disabled':
      return [
        { ...of, kind: 'esim.number-changed', onceKey: onceOf(known, at), detail: { now: known.slice(7) } },
      ];
    case 'sms-failed':
      return [{ ...of, kind: 'esim.sms-failed', onceKey: onceOf(known, at) }];
    case 'usage':
    case 'profile-change':
    case 'deleted':
    case 'unknown':
    case 'low-balance':
    case 'no-balance':
    case 'topped-up':
    case 'order-change': // the order is read by whoever waits for it
      return [];
    default:
      known satisfies never;
      return [];
  }
}

const onceOf = (kind: string, at: Date) => `${kind} ${at.toISOString()}`;

/** Calls of an account that were tried more than once and are not done: what ails them may need a person. */
export function stuckCallbacks({
  shopId,
  accountId,
}: {
  shopId: string;
  accountId: string;
}): Promise<number> {
  return db.supplierCallback.count({
    where: { shopId, accountId, processedAt: null, attempts: { gte: STUCK_AFTER_TRIES } },
  });
}

const STUCK_AFTER_TRIES = 3;

/** The accounts with calls whose work is due: for the sweeper. */
export async function dueCallbacks(): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT a.id FROM "SupplierCallback" c
    JOIN "SupplierAccount" a ON a.id = c."accountId" AND a.state = 'active'
    JOIN "Shop" s ON s.id = a."shopId" AND s."uninstalledAt" IS NULL
    WHERE c."processedAt" IS NULL AND c."nextAttemptAt" <= ${databaseNowOnce}`;
  return rows.map(({ id }) => id);
}
