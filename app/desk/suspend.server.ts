import { recordEsim } from '../esims/events.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { act, type Deed } from './act.server.ts';
import type { Ended, Press } from './deed.ts';
import { findDeskEsim } from './desk-esim.server.ts';
import { isServing } from './offers.ts';

/** Keeps an eSIM off every network, or lets it use them again. Null for no eSIM of the shop's. */
export async function setSuspended(
  shop: Pick<Shop, 'id'>,
  { esimId, isSuspended }: { esimId: string; isSuspended: boolean },
  press: Press,
): Promise<Ended | null> {
  const esim = await findDeskEsim({ shopId: shop.id, esimId });
  return esim && act(suspending(isSuspended), esim, press);
}

export function suspending(isSuspended: boolean): Deed<Record<string, never>> {
  return {
    kind: isSuspended ? 'suspend' : 'unsuspend',
    // The last of two that contradict each other would win by chance.
    notBeside: ['suspend', 'unsuspend'],
    prepare: ({ esim, provider }) => {
      const isAble = isSuspended ? provider.suspend !== undefined : provider.unsuspend !== undefined;
      const reason = isAble ? 'changed' : 'unable';
      return Promise.resolve(
        isAble && isServing(esim) ? {} : ({ status: 'refused', reason, detail: null } as const),
      );
    },
    send: async ({ provider, iccid }) => {
      await (isSuspended ? provider.suspend?.(iccid) : provider.unsuspend?.(iccid));
      return done;
    },
    readBack: async ({ provider, iccid }) => {
      const profile = await provider.getEsim(iccid);
      // Asking twice is harmless, so what nobody tells is asked again.
      return profile.isSuspended === isSuspended
        ? done
        : { status: 'refused', reason: 'unknown-outcome', detail: null };
    },
    write: async (tx, { esim: { id: esimId, shopId }, by }) => {
      await tx.esim.update({ where: { id: esimId, shopId }, data: { isSuspended } });
      const kind = isSuspended ? 'esim.suspended' : 'esim.unsuspended';
      await recordEsim([{ shopId, esimId, kind, by }], tx);
    },
  };
}

const done = { status: 'done', outcome: {} } as const;
