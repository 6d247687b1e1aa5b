import { recordEsim } from '../esims/events.server.ts';
import { currentTime } from '../platform/time.ts';
import { ProviderError } from '../providers/contract.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { act, type Deed } from './act.server.ts';
import type { Ended, Press } from './deed.ts';
import { findDeskEsim } from './desk-esim.server.ts';

/** Takes an eSIM that was sold elsewhere out of its supplier account for good. Null for no eSIM of the shop's. */
export async function removeEsim(
  shop: Pick<Shop, 'id'>,
  { esimId }: { esimId: string },
  press: Press,
): Promise<Ended | null> {
  const esim = await findDeskEsim({ shopId: shop.id, esimId });
  return esim && act(removing, esim, press);
}

export const removing: Deed<Record<string, never>> = {
  kind: 'remove',
  notBeside: ['remove'],
  prepare: ({ esim: { status, unitId, formerUnitId }, provider }) => {
    const isAble = provider.deleteEsim !== undefined;
    const isLeft = status !== 'revoked' && status !== 'gone';
    const reason = isAble ? 'changed' : 'unable';
    return Promise.resolve(
      isAble && isLeft && unitId === null && formerUnitId === null
        ? {}
        : ({ status: 'refused', reason, detail: null } as const),
    );
  },
  send: async ({ provider, iccid }) => {
    await provider.deleteEsim?.(iccid);
    return done;
  },
  readBack: async ({ provider, iccid }) => {
    try {
      await provider.getEsim(iccid);
      // One that is gone cannot go twice, so asking again is harmless.
      return { status: 'refused', reason: 'unknown-outcome', detail: null };
    } catch (error) {
      if (error instanceof ProviderError && error.kind === 'rejected') return done;
      throw error;
    }
  },
  write: async (tx, { esim: { id: esimId, shopId }, by }) => {
    await tx.esim.update({
      where: { id: esimId, shopId },
      data: { status: 'revoked', revokedAt: currentTime(), nextLookAt: null },
    });
    await recordEsim([{ shopId, esimId, kind: 'esim.removed', by }], tx);
  },
};

const done = { status: 'done', outcome: {} } as const;
