import { lookAtEsim } from '../esims/look.server.ts';
import { db } from '../platform/db.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import type { Ended, Press } from './deed.ts';
import { findDeskEsim } from './desk-esim.server.ts';
import { removeEsim } from './remove.server.ts';
import { setSuspended } from './suspend.server.ts';
import { refreshEsim, referEsim, textEsim } from './reach.server.ts';
import { replaceEsim } from './replace.server.ts';
import { lookAtRevoke, revokeBundle } from './revoke.server.ts';
import { topUpEsim } from './top-up.server.ts';

/** What staff ask of a supplier on the page of an eSIM. `seen` is the mark of the look they agreed to. */
export type Wish =
  | { intent: 'refresh' | 'replace' | 'suspend' | 'unsuspend' | 'remove' }
  | { intent: 'sms'; message: string }
  | { intent: 'reference'; reference: string }
  | { intent: 'top-up'; bundleId: string; seen: string }
  /** `bundleKey`: of the bundle on the eSIM (`EsimBundle.key`). */
  | { intent: 'revoke'; bundleKey: string; seen: string };

/** Does what one press on the page of an eSIM asks for, once. Null for an eSIM, or a bundle on it, the shop does not have. */
export async function doToEsim(
  shop: Pick<Shop, 'id'>,
  esimId: string,
  wish: Wish,
  press: Press,
): Promise<Ended | null> {
  switch (wish.intent) {
    case 'refresh':
      return refreshEsim(shop, { esimId, ...press });
    case 'replace':
      return replaceEsim(shop, { esimId }, press);
    case 'suspend':
    case 'unsuspend':
      return setSuspended(shop, { esimId, isSuspended: wish.intent === 'suspend' }, press);
    case 'remove':
      return removeEsim(shop, { esimId }, press);
    case 'sms':
      return textEsim(shop, { esimId, message: wish.message, ...press });
    case 'reference':
      return referEsim(shop, { esimId, reference: wish.reference, ...press });
    case 'top-up': {
      const { bundleId, seen } = wish;
      return thenLook(shop, esimId, await topUpEsim(shop, { esimId, bundleId, seen }, press));
    }
    case 'revoke': {
      const bundle = await bundleOn(shop, esimId, wish.bundleKey);
      if (!bundle) return null;
      return thenLook(shop, esimId, await revokeBundle(shop, { ...bundle, seen: wish.seen }, press));
    }
    default:
      return wish satisfies never;
  }
}

/** The dry run of a revoke, of a bundle that the page shows. Null for one the shop does not have. Throws `ProviderError`. */
export async function lookAtRevokeOf(
  shop: Pick<Shop, 'id'>,
  { esimId, bundleKey }: { esimId: string; bundleKey: string },
): ReturnType<typeof lookAtRevoke> {
  const bundle = await bundleOn(shop, esimId, bundleKey);
  return bundle && lookAtRevoke(shop, bundle);
}

async function bundleOn(shop: Pick<Shop, 'id'>, esimId: string, key: string) {
  const bundle = await db.esimBundle.findFirst({ where: { esimId, shopId: shop.id, key } });
  return bundle && { esimId, bundle: bundle.bundleCode, assignmentId: bundle.assignmentId };
}

/** What is on the eSIM is another now: the page shall show it. One that cannot be read now is read later by itself. */
async function thenLook(shop: Pick<Shop, 'id'>, esimId: string, ended: Ended | null): Promise<Ended | null> {
  if (ended?.status !== 'done') return ended;
  const esim = await findDeskEsim({ shopId: shop.id, esimId });
  if (esim && esim.revokedAt === null) await lookAtEsim({ shopId: shop.id, esimId });
  return ended;
}
