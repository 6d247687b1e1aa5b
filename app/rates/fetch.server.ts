import { readCapped } from '../platform/body.ts';
import { config } from '../platform/config.server.ts';
import { db } from '../platform/db.server.ts';
import { withLease } from '../platform/lease.server.ts';
import { log } from '../platform/log.server.ts';
import { after, currentTime, HOUR, SECOND } from '../platform/time.ts';
import { readFeed } from './ecb.ts';
import type { EuroRates } from './rates.ts';

const TIMEOUT_MS = 10 * SECOND;
const MOST_BYTES = 200_000;

/** The bank publishes once on a working day, about 16:00 in Frankfurt. */
const LOOK_AGAIN_MS = 6 * HOUR;
const LOOK_AFTER_FAILURE_MS = HOUR;

export type Looked = { status: 'got'; day: Date } | { status: 'failed'; problem: 'down' | 'unreadable' };

/**
 * Asks for the day's reference rates and keeps them. When they cannot be had or read, those that were kept stay, and
 * `lastLook` says what was the matter.
 */
export async function fetchRates(): Promise<Looked> {
  const rates = await ask();
  const now = currentTime();
  if (typeof rates === 'string') {
    const failed = { lookedAt: now, problem: rates };
    await db.rateLook.upsert({ where: { id: 1 }, create: failed, update: failed });
    log.warn('rates.failed', { reason: rates });
    return { status: 'failed', problem: rates };
  }
  const { day } = rates;
  const got = { lookedAt: now, gotAt: now, problem: null };
  await db.$transaction([
    // The bank corrects a day's rates now and then.
    db.exchangeRate.deleteMany({ where: { day } }),
    db.exchangeRate.createMany({
      data: [...rates.perEuro].map(([currency, perEuro]) => ({ day, currency, perEuro, fetchedAt: now })),
    }),
    db.rateLook.upsert({ where: { id: 1 }, create: got, update: got }),
  ]);
  return { status: 'got', day };
}

/** The job. Two at once: one. */
export async function lookForRates(): Promise<void> {
  await withLease('rates', async () => {
    if ((await dueRates()).length > 0) await fetchRates();
  });
}

/** Says `rates` when it is time to look for new ones. */
export async function dueRates(): Promise<string[]> {
  const look = await db.rateLook.findUnique({ where: { id: 1 } });
  const nextAt = look && after(look.problem === null ? LOOK_AGAIN_MS : LOOK_AFTER_FAILURE_MS, look.lookedAt);
  if (nextAt && nextAt > currentTime()) return [];
  const shop = await db.shop.findFirst({ where: { uninstalledAt: null }, select: { id: true } });
  return shop ? ['rates'] : [];
}

async function ask(): Promise<EuroRates | 'down' | 'unreadable'> {
  try {
    const answer = await fetch(config.RATES_URL, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!answer.ok) return 'down';
    const body = await readCapped(answer, MOST_BYTES);
    if (body === 'too-large') return 'unreadable';
    return readFeed(new TextDecoder().decode(body), currentTime()) ?? 'unreadable';
  } catch (error) {
    // What fetch throws: no connection, a timeout, an answer that broke off.
    if (error instanceof TypeError || error instanceof DOMException) return 'down';
    throw error;
  }
}
