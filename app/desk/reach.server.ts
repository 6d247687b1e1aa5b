import { recordEsim } from '../esims/events.server.ts';
import { currentTime } from '../platform/time.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { act, type Deed } from './act.server.ts';
import type { Ended, Press, Refusal } from './deed.ts';
import { findDeskEsim, type DeskEsim } from './desk-esim.server.ts';
import { isServing } from './offers.ts';
import { countSms, fitsOneSms } from './sms.ts';

type Asked = Press & { esimId: string };

/** Makes the eSIM register anew with its network: the traveller is offline for a moment. Null for no eSIM of the shop's. */
export async function refreshEsim(
  shop: Pick<Shop, 'id'>,
  { esimId, ...press }: Asked,
): Promise<Ended | null> {
  const esim = await findDeskEsim({ shopId: shop.id, esimId });
  return esim && act(refreshing, esim, press);
}

/**
 * Sends a text message of one part to the eSIM. The message itself is kept nowhere. A lost answer stays in doubt: no
 * supplier tells what it sent. Null for no eSIM of the shop's.
 */
export async function textEsim(
  shop: Pick<Shop, 'id'>,
  { esimId, message, ...press }: Asked & { message: string },
): Promise<Ended | null> {
  const esim = await findDeskEsim({ shopId: shop.id, esimId });
  return esim && act(texting(message), esim, press);
}

/** Writes a reference of the merchant's on the supplier's copy of the eSIM. Null for no eSIM of the shop's. */
export async function referEsim(
  shop: Pick<Shop, 'id'>,
  { esimId, reference, ...press }: Asked & { reference: string },
): Promise<Ended | null> {
  const esim = await findDeskEsim({ shopId: shop.id, esimId });
  return esim && act(referring(reference), esim, press);
}

const no = (reason: Refusal) => ({ status: 'refused', reason, detail: null }) as const;
const unable = no('unable');
/** Why it is not begun; null for nothing. Somebody else may have taken the eSIM back since the page was opened. */
function hindrance(esim: DeskEsim, isAble: boolean) {
  if (!isAble) return unable;
  return isServing(esim) ? null : no('changed');
}

const told = { status: 'done', outcome: {} } as const;

export const refreshing: Deed<Record<string, never>> = {
  kind: 'refresh',
  prepare: ({ esim, provider }) => Promise.resolve(hindrance(esim, provider.refresh !== undefined) ?? {}),
  send: async ({ provider, iccid }) => {
    await provider.refresh?.(iccid);
    return told;
  },
  // Asking twice is harmless, so nobody has to find out whether the first one arrived.
  readBack: () => Promise.resolve({ status: 'refused', reason: 'unknown-outcome', detail: null }),
  write: async (tx, { esim: { id: esimId, shopId }, by }) => {
    await recordEsim([{ shopId, esimId, kind: 'esim.refreshed', by }], tx);
  },
};

/** Without a message it can only be written down. */
export function texting(message: string | null = null): Deed<{ characters: number; alphabet: string }> {
  return {
    kind: 'sms',
    notBeside: ['sms'],
    prepare: ({ esim, provider }) => {
      if (message === null || !fitsOneSms(message)) throw new Error('this is no text message of one part');
      const { units: characters, alphabet } = countSms(message);
      return Promise.resolve(hindrance(esim, provider.sendSms !== undefined) ?? { characters, alphabet });
    },
    send: async ({ provider, iccid }) => {
      const answer = message === null ? undefined : await provider.sendSms?.({ iccid, message });
      if (!answer) return unable;
      return answer.status === 'sent' ? told : answer;
    },
    write: async (tx, { esim: { id: esimId, shopId }, by, input }) => {
      const detail = { characters: input.characters };
      await recordEsim([{ shopId, esimId, kind: 'esim.texted', by, detail }], tx);
    },
  };
}

export function referring(reference: string | null = null): Deed<{ reference: string }> {
  return {
    kind: 'reference',
    prepare: ({ esim, provider }) => {
      if (reference === null) throw new Error('nobody named a reference');
      return Promise.resolve(hindrance(esim, provider.tagEsim !== undefined) ?? { reference });
    },
    send: async ({ provider, iccid }, input) => {
      await provider.tagEsim?.(iccid, input.reference);
      return told;
    },
    readBack: async ({ provider, iccid }, { input }) => {
      const { tag } = await provider.getEsim(iccid);
      return (tag ?? '') === input.reference
        ? told
        : { status: 'refused', reason: 'unknown-outcome', detail: null };
    },
    write: async (tx, { esim: { id: esimId, shopId }, by, input }) => {
      await tx.esim.update({
        where: { id: esimId, shopId },
        data: { customerRef: input.reference, taggedAt: currentTime() },
      });
      await recordEsim([{ shopId, esimId, kind: 'esim.referenced', by }], tx);
    },
  };
}
