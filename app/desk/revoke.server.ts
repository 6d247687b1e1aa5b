import { Decimal } from 'decimal.js';
import { post } from '../balance/post.server.ts';
import { recordEsim } from '../esims/events.server.ts';
import { record } from '../orders/events.server.ts';
import { db, type Transaction } from '../platform/db.server.ts';
import type { Cost } from '../platform/money.ts';
import { currentTime, MINUTE, msSince } from '../platform/time.ts';
import {
  ProviderError,
  type BundleAssignment,
  type Refused,
  type RevokeOffer,
} from '../providers/contract.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { act, type At, type Deed, type Done } from './act.server.ts';
import type { Ended, Press, Told } from './deed.ts';
import { findDeskEsim, iccidOf, supplierOf, type DeskEsim } from './desk-esim.server.ts';

/** One bundle on an eSIM: the assignment named, else any of that bundle, unused ones first. */
export interface Bundle {
  esimId: string;
  bundle: string;
  /** The supplier's (`EsimBundle.assignmentId`); null where it names none. */
  assignmentId: string | null;
}

/** What taking a bundle back would come to now. Nothing was done. */
export interface RevokeLook {
  status: 'offered';
  refundTo: 'balance' | 'stock' | 'nothing';
  /** A decimal text in `currency`; null where nothing comes back to the balance, or nobody knows how much. */
  amount: string | null;
  currency: string | null;
  /** It is the last bundle of an eSIM nobody installed: the supplier takes the eSIM with it. */
  takesEsim: boolean;
  /** All of it in one text, for `seen`. */
  mark: string;
}

/**
 * The dry run: what would come back, and whether the eSIM goes with it. Null for an eSIM the shop does not have; `unable`
 * where the supplier takes no bundle back. Throws `ProviderError`.
 */
export async function lookAtRevoke(
  shop: Pick<Shop, 'id'>,
  { esimId, ...bundle }: Bundle,
): Promise<RevokeLook | Extract<Told, { status: 'refused' }> | null> {
  const esim = await findDeskEsim({ shopId: shop.id, esimId });
  if (!esim) return null;
  const { provider } = await supplierOf(esim);
  return look({ esim, provider, iccid: iccidOf(esim) }, bundle);
}

/**
 * Takes one bundle back from an eSIM, for what `lookAtRevoke` says at this moment. With `seen`, the mark of the look a
 * person agreed to, it is done only if that still holds (`changed` otherwise); with `onlyForRefund` only where something
 * comes back. What comes back to the balance is booked under "action <actionId>". The same `actionId` again answers what
 * the first came to, so a job may repeat it. `in-doubt`: it is read back every minute for an hour, and then waits for a person.
 * Null for an eSIM the shop does not have.
 */
export async function revokeBundle(
  shop: Pick<Shop, 'id'>,
  { esimId, seen, onlyForRefund = false, ...bundle }: Bundle & { seen?: string; onlyForRefund?: boolean },
  press: Press,
): Promise<Ended | null> {
  const esim = await findDeskEsim({ shopId: shop.id, esimId });
  return esim && act(revoking({ ...bundle, seen: seen ?? null, onlyForRefund }), esim, press);
}

interface Wish {
  bundle: string;
  assignmentId: string | null;
  seen: string | null;
  onlyForRefund: boolean;
}

type RevokeInput = {
  bundle: string;
  assignmentId: string | null;
  onlyForRefund: boolean;
  refundTo: string;
  amount: string | null;
  currency: string | null;
  takesEsim: boolean;
  /** How many of this bundle were on the eSIM before. */
  living: number;
};

/** Without a wish it can only be read back and written down. */
export function revoking(wish: Wish | null = null): Deed<RevokeInput> {
  return {
    kind: 'revoke',
    notBeside: ['revoke', 'replace'],
    prepare: async (asked) => {
      if (!wish) throw new Error('nobody wished this bundle away');
      const { seen, onlyForRefund, ...bundle } = wish;
      const now = await look(asked, bundle);
      if (now.status === 'refused') return now;
      if ((seen !== null && seen !== now.mark) || (onlyForRefund && now.refundTo === 'nothing'))
        return { status: 'refused', reason: 'changed', detail: null };
      const { refundTo, amount, currency, takesEsim } = now;
      const living = (await livingOn(asked)).filter((each) => each.bundle === wish.bundle).length;
      return { ...bundle, onlyForRefund, refundTo, amount, currency, takesEsim, living };
    },
    send: async ({ provider, iccid }, input) => {
      const answer = await provider.revoke?.({
        ...targetOf(iccid, input),
        onlyForRefund: input.onlyForRefund || input.refundTo !== 'nothing',
      });
      if (answer?.status !== 'revoked') return refused(answer);
      return { status: 'done', outcome: { refundedTo: answer.refundedTo } };
    },
    readBack: async (asked, { input, at }) => {
      const left = await assignmentsOf(asked);
      // An eSIM that went with its last bundle is not the account's any more.
      if (left === 'gone') return input.takesEsim ? done(input) : null;
      const living = left.filter(isLiving).filter(({ bundle }) => bundle === input.bundle);
      const isThere =
        input.assignmentId === null
          ? living.length >= input.living
          : living.some(({ id }) => id === input.assignmentId);
      if (!isThere) return done(input);
      return msSince(at) < QUIET_MS ? null : { status: 'refused', reason: 'not-done', detail: null };
    },
    presume: presumed,
    write: writeRevoked,
  };
}

/** How long the supplier may take to do what it was asked. */
const QUIET_MS = 5 * MINUTE;

/** Read back: that the bundle went is proved, and it went on the terms that were asked for. */
const presumed = ({ refundTo }: RevokeInput) => ({ refundedTo: refundTo });
const done = (input: RevokeInput): Told => ({ status: 'done', outcome: presumed(input) });

async function look(
  asked: At,
  bundle: { bundle: string; assignmentId: string | null },
): Promise<RevokeLook | Extract<Told, { status: 'refused' }>> {
  const { provider, iccid } = asked;
  if (!provider.offerRevoke || !provider.revoke) return { status: 'refused', reason: 'unable', detail: null };
  const answer = await provider.offerRevoke(targetOf(iccid, bundle));
  if (answer.status === 'refused') return answer;
  const [profile, living] = [await provider.getEsim(iccid), await livingOn(asked)];
  const isUninstalled = profile.installedAt === null && profile.profileStatus === 'released';
  const [best] = answer.offers;
  const terms = await withAmount(asked.esim, bundle, termsOf(best));
  const facts = { ...terms, takesEsim: isUninstalled && living.length <= 1 };
  return { status: 'offered', ...facts, mark: JSON.stringify(facts) };
}

function termsOf(offer: RevokeOffer | undefined): Pick<RevokeLook, 'refundTo' | 'amount' | 'currency'> {
  if (!offer) return { refundTo: 'nothing', amount: null, currency: null };
  const amount = offer.refundTo === 'balance' ? offer.amount : null;
  return {
    refundTo: offer.refundTo,
    amount: amount?.amount.toFixed() ?? null,
    currency: amount?.currency ?? null,
  };
}

/** Where the supplier pays back and names no amount, it is what one piece of the purchase cost, as far as we know it. */
async function withAmount(
  esim: DeskEsim,
  bundle: { bundle: string; assignmentId: string | null },
  terms: ReturnType<typeof termsOf>,
): Promise<ReturnType<typeof termsOf>> {
  if (terms.refundTo !== 'balance' || terms.amount !== null) return terms;
  const cost = await costOf(db, esim, bundle);
  return cost ? { ...terms, amount: cost.amount.toFixed(), currency: cost.currency } : terms;
}

function targetOf(iccid: string, { bundle, assignmentId }: { bundle: string; assignmentId: string | null }) {
  return { iccid, bundle, ...(assignmentId !== null && { assignmentId }) };
}

function refused(answer: Refused | undefined): Told {
  return answer ?? { status: 'refused', reason: 'unable', detail: null };
}

async function livingOn(asked: At): Promise<BundleAssignment[]> {
  return (await asked.provider.listAssignments(asked.iccid)).filter(isLiving);
}

/** Newest first; `gone` for an eSIM that the account has no more. Throws `ProviderError`. */
export async function assignmentsOf({
  provider,
  iccid,
}: Pick<At, 'provider' | 'iccid'>): Promise<BundleAssignment[] | 'gone'> {
  try {
    return await provider.listAssignments(iccid);
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'rejected') return 'gone';
    throw error;
  }
}

const isLiving = ({ state }: BundleAssignment) =>
  state === 'queued' || state === 'active' || state === 'processing' || state === 'unknown';

async function writeRevoked(tx: Transaction, { id, esim, input, outcome, by }: Done<RevokeInput>) {
  const { id: esimId, shopId, accountId, orderId, unitId } = esim;
  const refundedTo = String(outcome['refundedTo']);
  if (input.assignmentId !== null)
    await tx.esimBundle.updateMany({
      where: { esimId, shopId, assignmentId: input.assignmentId },
      data: { state: 'revoked' },
    });
  await tx.esim.update({
    where: { id: esimId, shopId },
    data: {
      nextLookAt: currentTime(),
      ...(input.takesEsim && { revokedAt: currentTime(), status: 'revoked' }),
    },
  });
  const amount = refundedTo === 'balance' ? await creditOf(tx, esim, input) : null;
  if (amount)
    await post(
      { ...{ shopId, accountId, kind: 'refund', key: `action ${id}`, orderId, esimId, by }, amount },
      tx,
    );
  const detail = { bundle: input.bundle, refundedTo, ...(input.takesEsim && { took: 'esim' }) };
  await recordEsim([{ shopId, esimId, kind: 'esim.revoked', by, detail }], tx);
  if (orderId !== null)
    await record([{ shopId, orderId, unitId, kind: 'bundle.revoked', detail: { ...detail, by } }], tx);
}

/** What was to come back; of an action begun without that, what one piece of the purchase cost. */
async function creditOf(
  tx: Transaction,
  esim: DeskEsim,
  { amount, currency, ...bundle }: RevokeInput,
): Promise<Cost | null> {
  if (amount !== null && currency !== null) return { amount: new Decimal(amount), currency };
  return costOf(tx, esim, bundle);
}

/** What one piece of the purchase that a bundle came with cost; null where the supplier never said. */
async function costOf(
  tx: Transaction,
  { id: esimId, shopId, accountId, orderReference }: DeskEsim,
  { bundle, assignmentId }: { bundle: string; assignmentId: string | null },
): Promise<Cost | null> {
  const assignment =
    assignmentId === null
      ? null
      : await tx.esimBundle.findFirst({
          where: { esimId, shopId, assignmentId },
          select: { reference: true },
        });
  const attempt = await tx.purchaseAttempt.findFirst({
    where: {
      ...{ shopId, accountId, total: { not: null }, currency: { not: null } },
      ...{ bundleCode: { equals: bundle, mode: 'insensitive' } },
      orderReference: assignment?.reference ?? orderReference,
    },
  });
  if (!attempt?.total || attempt.currency === null) return null;
  return { amount: new Decimal(attempt.total.toString()).div(attempt.quantity), currency: attempt.currency };
}
