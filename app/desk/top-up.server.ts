import { Decimal } from 'decimal.js';
import { db } from '../platform/db.server.ts';
import type { Cost } from '../platform/money.ts';
import { ProviderError, sells, type EsimProvider } from '../providers/contract.ts';
import { askForTopUp, awaitTopUp, fateOfTopUp, type TopUpFate } from '../purchases/ask-for-top-up.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { act, type At, type Deed } from './act.server.ts';
import type { Ended, Press, Refusal, Told } from './deed.ts';
import { findDeskEsim, iccidOf, supplierOf, type DeskEsim } from './desk-esim.server.ts';
import { isServing } from './offers.ts';

/** A bundle that may go on an eSIM, at the cost of the last import. */
export interface TopUpChoice {
  id: string;
  code: string;
  description: string;
  groups: string[];
  dataBytes: bigint | null;
  days: number;
  cost: Cost;
}

const MOST_CHOICES = 100;

/**
 * The bundles of the eSIM's supplier for the same destination that are sold, cheapest first. Whether one goes with the
 * eSIM is asked when it is chosen. Null for no eSIM of the shop's.
 */
export async function topUpChoices(shop: Pick<Shop, 'id'>, esimId: string): Promise<TopUpChoice[] | null> {
  const esim = await findDeskEsim({ shopId: shop.id, esimId });
  if (!esim) return null;
  const rows = await db.bundle.findMany({
    where: {
      ...{ shopId: shop.id, accountId: esim.accountId, withdrawnAt: null },
      destination: await destinationOf(esim),
    },
    orderBy: [{ cost: 'asc' }, { code: 'asc' }],
    take: MOST_CHOICES,
  });
  return rows.map(({ id, code, description, groups, dataBytes, days, cost, currency }) => ({
    ...{ id, code, description, groups, dataBytes, days },
    cost: { amount: new Decimal(cost.toFixed()), currency },
  }));
}

/** What a top-up would cost now. Decimal texts in `currency`; the balance null where the supplier does not tell it. */
export interface TopUpLook {
  status: 'offered';
  bundleCode: string;
  cost: string;
  balanceBefore: string | null;
  balanceAfter: string | null;
  currency: string;
  /** What the eSIM still has of the very bundle; null for nothing, and where the supplier does not tell. */
  left: { bytes: bigint | null; endsAt: Date | null } | null;
  /** For `seen`. */
  mark: string;
}

/**
 * Asks the supplier whether the bundle goes with the eSIM, what it costs today, and what would be left. Null for no eSIM of
 * the shop's. Throws `ProviderError`.
 */
export async function lookAtTopUp(
  shop: Pick<Shop, 'id'>,
  { esimId, bundleId }: { esimId: string; bundleId: string },
): Promise<TopUpLook | Extract<Told, { status: 'refused' }> | null> {
  const esim = await findDeskEsim({ shopId: shop.id, esimId });
  if (!esim) return null;
  const { provider } = await supplierOf(esim);
  return look({ esim, provider, iccid: iccidOf(esim) }, bundleId);
}

/**
 * Buys a bundle for the eSIM and charges the balance: through the purchase ledger, under the id of the press, so that it is
 * bought once and a lost answer is looked up. `seen` is the mark of the look the person agreed to. `under-way`: its turn at
 * the supplier comes within two minutes, or nothing is bought. Null for no eSIM of the shop's.
 */
export async function topUpEsim(
  shop: Pick<Shop, 'id'>,
  { esimId, bundleId, seen }: { esimId: string; bundleId: string; seen: string },
  press: Press,
): Promise<Ended | null> {
  const esim = await findDeskEsim({ shopId: shop.id, esimId });
  return esim && act(toppingUp({ bundleId, seen }), esim, press);
}

type TopUpInput = { bundleCode: string; cost: string; currency: string };

/** Without a wish it can only be read back and written down. */
export function toppingUp(wish: { bundleId: string; seen: string } | null = null): Deed<TopUpInput> {
  return {
    kind: 'top-up',
    notBeside: ['top-up'],
    prepare: async (asked) => {
      if (!wish) throw new Error('nobody wished for this bundle');
      const now = await look(asked, wish.bundleId);
      if (now.status === 'refused') return now;
      if (now.mark !== wish.seen) return { status: 'refused', reason: 'changed', detail: null };
      return { bundleCode: now.bundleCode, cost: now.cost, currency: now.currency };
    },
    send: async ({ esim: { id: esimId, shopId, accountId } }, { bundleCode }, { id, by }) => {
      await askForTopUp({ id, shopId, accountId, bundleCode, esimId, askedBy: by });
      return toldOf(await awaitTopUp(shopId, id));
    },
    readBack: async ({ esim: { shopId } }, { id }) => {
      // Nothing was asked for before the process died, so nothing was bought.
      const fate = (await fateOfTopUp(shopId, id)) ?? { state: 'refused', reason: null };
      const told = toldOf(fate);
      return told === 'later' ? null : told;
    },
    readsOurBooks: true,
    // What was bought is written with the attempt (purchases/carry-out.server.ts).
    write: () => Promise.resolve(),
  };
}

/** The attempt is the truth; a doubt is looked up, and shown in the queue, as that of any purchase. */
function toldOf(fate: TopUpFate | null): Told | 'later' | null {
  switch (fate?.state) {
    case 'bought':
      return { status: 'done', outcome: {} };
    case 'refused':
    case 'closed':
      return { status: 'refused', reason: (fate.reason ?? 'not-done') as Refusal, detail: null }; // the ledger's own words
    case 'in-doubt':
    case 'parked':
      return null;
    default:
      return 'later';
  }
}

async function look(
  { esim, provider, iccid }: At,
  bundleId: string,
): Promise<TopUpLook | Extract<Told, { status: 'refused' }>> {
  const refused = (reason: Refusal) => ({ status: 'refused' as const, reason, detail: null });
  if (!sells(provider) || !provider.topUp) return refused('unable');
  if (!isServing(esim)) return refused('changed');
  const { shopId, accountId } = esim;
  const bundle = await db.bundle.findFirst({
    where: { id: bundleId, shopId, accountId, withdrawnAt: null, destination: await destinationOf(esim) },
  });
  if (!bundle) return refused('bundle-unavailable');
  const isCompatible = (await provider.isCompatible?.({ iccid, bundle: bundle.code })) ?? true;
  if (!isCompatible) return refused('incompatible');
  const today = await costToday(provider, bundle);
  if (!today) return refused('bundle-unavailable');
  const balance = await provider.getBalance();
  const isComparable = balance.currency === today.currency;
  const facts = { bundleCode: bundle.code, cost: today.amount.toFixed(), currency: today.currency };
  return {
    status: 'offered',
    ...facts,
    balanceBefore: isComparable ? balance.amount.toFixed() : null,
    balanceAfter: isComparable ? balance.amount.minus(today.amount).toFixed() : null,
    left: await leftOf(provider, { iccid, bundle: bundle.code }),
    // The balance moves with every order; what the person agrees to is the bundle and its cost.
    mark: JSON.stringify(facts),
  };
}

/** It is told beside the cost, so a supplier that cannot say it keeps nobody from buying. */
async function leftOf(
  provider: EsimProvider,
  of: { iccid: string; bundle: string },
): Promise<TopUpLook['left']> {
  try {
    const newest = await provider.getAssignment?.(of);
    if (newest?.state !== 'active' && newest?.state !== 'queued') return null;
    return { bytes: newest.remainingBytes, endsAt: newest.endsAt };
  } catch (error) {
    if (error instanceof ProviderError) return null;
    throw error;
  }
}

async function costToday(
  provider: EsimProvider,
  bundle: { code: string; cost: { toFixed: () => string }; currency: string },
): Promise<Cost | null> {
  if (!provider.getBundle) return { amount: new Decimal(bundle.cost.toFixed()), currency: bundle.currency };
  return (await provider.getBundle(bundle.code))?.cost ?? null;
}

/** Of the eSIM; of the bundle it was bought with, where it does not say. */
async function destinationOf({ shopId, accountId, destination, bundleCode }: DeskEsim): Promise<string> {
  if (destination !== '' || bundleCode === null) return destination;
  const bundle = await db.bundle.findFirst({ where: { shopId, accountId, code: bundleCode } });
  return bundle?.destination ?? '';
}
