import { keepReader, type Reader } from '../delivery/traveller.server.ts';
import { recordEsim } from '../esims/events.server.ts';
import { iccidHash } from '../esims/find.server.ts';
import { parseTypedIccid } from '../esims/iccid.ts';
import { lookAtEsim } from '../esims/look.server.ts';
import { esimColumns } from '../esims/save.server.ts';
import { db, isDuplicate } from '../platform/db.server.ts';
import { isUnitId } from '../orders/is-unit-id.ts';
import { after, currentTime, HOUR } from '../platform/time.ts';
import { ProviderError, sells, type EsimProfile, type EsimProvider } from '../providers/contract.ts';
import { isRecovering } from '../purchases/due.server.ts';
import { supplierFor } from '../settings/suppliers.server.ts';
import type { Manners } from '../settings/talk-to-supplier.server.ts';
import type { Shop } from '../shopify/shops.server.ts';

/** `unknown`: no account of the shop has it – or it is on another shop's record, which is nobody's business here. */
export type Stranger =
  | { status: 'owned'; accountId: string; account: string; profileStatus: string }
  | { status: 'known'; esimId: string }
  | { status: 'unknown' }
  | { status: 'unanswered'; account: string; problem: string }
  | { status: 'not-an-iccid' }
  /** A purchase that is not settled may be about it. */
  | { status: 'left' };

/** How the suppliers are asked. */
type Asking = Pick<Manners, 'patienceMs' | 'signal'>;

/** Whether an ICCID that the shop never sold belongs to one of its supplier accounts. Asks each that is connected. */
export async function findStranger(
  shop: Pick<Shop, 'id'>,
  typed: string,
  asking: Asking = {},
): Promise<Stranger> {
  const found = await askAccounts(shop, typed, asking);
  if (found.status !== 'owned') return found;
  const { accountId, account, profile } = found;
  return { status: 'owned', accountId, account, profileStatus: profile.profileStatus };
}

/** Puts an eSIM of one of the shop's accounts on its record, without an order. Without a reader nobody is told of it. */
export async function adoptEsim(
  shop: Pick<Shop, 'id'>,
  { iccid: typed, ...kept }: { iccid: string; by: string; reader?: Reader | null },
  asking: Asking = {},
): Promise<Exclude<Stranger, { status: 'owned' }> | { status: 'adopted'; esimId: string }> {
  const found = await askAccounts(shop, typed, asking);
  if (found.status !== 'owned') return found;
  const before = await settledBefore({ shopId: shop.id, accountId: found.accountId });
  return keepStranger(shop, found, { ...kept, before });
}

/**
 * Whatever an account assigned later may be what a purchase brings whose answer is not here yet; null while nothing may be
 * taken.
 */
export async function settledBefore({ shopId, accountId }: { shopId: string; accountId: string }) {
  if (await isRecovering(accountId)) return null;
  const oldest = await db.purchaseAttempt.findFirst({
    where: {
      ...{ shopId, accountId, how: { not: 'top-up' } },
      OR: [
        { state: { in: ['sending', 'in-doubt', 'preparing'] } },
        { state: 'parked', orderReference: null },
      ],
    },
    orderBy: { sentAt: 'asc' },
    select: { sentAt: true },
  });
  return oldest ? after(-HOUR, oldest.sentAt) : currentTime();
}

/**
 * Puts an eSIM that one of the shop's accounts owns on its record, and reads what became of it. One that was assigned after
 * `before` (`settledBefore`) is left alone, and so is one that is tagged with a unit's id.
 */
export async function keepStranger(
  shop: Pick<Shop, 'id'>,
  { accountId, providerKey, provider, profile }: Omit<Owned, 'status' | 'account'>,
  { by, before, reader = null }: { by: string; before: Date | null; reader?: Reader | null },
): Promise<{ status: 'adopted' | 'known'; esimId: string } | { status: 'unknown' | 'left' }> {
  const assignments = await provider.listAssignments(profile.iccid).catch((error: unknown) => {
    if (error instanceof ProviderError) return [];
    throw error;
  });
  const oldest = assignments.at(-1);
  // Of a supplier that sells nothing no purchase waits for an answer.
  if (sells(provider) && (isUnitId(profile.tag) || !isOlder(oldest?.assignedAt, before)))
    return { status: 'left' };
  const bundle =
    oldest && (await db.bundle.findFirst({ where: { accountId, shopId: shop.id, code: oldest.bundle } }));
  const { smdpAddress, matchingId, appleInstallUrl, androidInstallUrl, iccid } = profile;
  // Without a code it serves for looking up; nobody can be sent it (`activationCode`).
  const code = { smdpAddress: smdpAddress ?? '', matchingId: matchingId ?? '' };
  const esim = { iccid, ...code, appleInstallUrl, androidInstallUrl };
  const columns = esimColumns({ shopId: shop.id, esim });
  try {
    await db.$transaction(async (tx) => {
      await tx.esim.create({
        data: {
          ...columns,
          ...{ accountId, provider: providerKey, orderReference: oldest?.reference ?? '' },
          ...{ bundleCode: oldest?.bundle ?? null, destination: bundle?.destination ?? '' },
          createdAt: oldest?.assignedAt ?? currentTime(),
          nextLookAt: currentTime(),
        },
      });
      await recordEsim([{ shopId: shop.id, esimId: columns.id, kind: 'esim.adopted', by }], tx);
      await keepReader({ shopId: shop.id, esimId: columns.id }, { reader, by }, tx);
    });
  } catch (error) {
    // Another shop's, or a second click of ours.
    if (isDuplicate(error)) return (await knownHere(shop, iccid)) ?? { status: 'unknown' };
    throw error;
  }
  await lookAtEsim({ shopId: shop.id, esimId: columns.id }, { withHistory: true });
  return { status: 'adopted', esimId: columns.id };
}

const isOlder = (at: Date | null | undefined, than: Date | null) => !!at && than !== null && at <= than;

interface Owned {
  status: 'owned';
  accountId: string;
  account: string;
  providerKey: string;
  provider: EsimProvider;
  profile: EsimProfile;
}

async function askAccounts(
  shop: Pick<Shop, 'id'>,
  typed: string,
  asking: Asking,
): Promise<Owned | Exclude<Stranger, { status: 'owned' }>> {
  const iccid = parseTypedIccid(typed);
  if (iccid === null) return { status: 'not-an-iccid' };
  const here = await knownHere(shop, iccid);
  if (here) return here;
  const accounts = await db.supplierAccount.findMany({
    where: { shopId: shop.id, state: 'active' },
    orderBy: { createdAt: 'asc' },
  });
  let unanswered: Extract<Stranger, { status: 'unanswered' }> | null = null;
  for (const { id: accountId, label, provider: providerKey } of accounts) {
    // Two shops may use one account: what is on the other's record stays the other's.
    if ((await db.esim.count({ where: { provider: providerKey, iccidHash: iccidHash(iccid) } })) > 0)
      continue;
    try {
      const { provider } = await supplierFor({ shopId: shop.id, accountId }, asking);
      const profile = await provider.getEsim(iccid);
      return { status: 'owned', accountId, account: label, providerKey, provider, profile };
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error;
      if (error.kind !== 'rejected')
        unanswered = { status: 'unanswered', account: label, problem: error.kind };
    }
  }
  return unanswered ?? { status: 'unknown' };
}

async function knownHere(
  shop: Pick<Shop, 'id'>,
  iccid: string,
): Promise<{ status: 'known'; esimId: string } | null> {
  const esim = await db.esim.findFirst({
    where: { shopId: shop.id, iccidHash: iccidHash(iccid) },
    select: { id: true },
  });
  return esim && { status: 'known', esimId: esim.id };
}
