import {
  ProviderError,
  sells,
  type EsimProvider,
  type ProviderErrorKind,
  type ProviderSale,
  type TopUpOption,
} from '../providers/contract.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { findDeskEsim, iccidOf, supplierOf } from './desk-esim.server.ts';

/** What a supplier knows of an eSIM besides its usage. Null where it does not tell that. */
export interface Told {
  sale: ProviderSale | null;
  /** What could be put on it; only where nothing can be bought through the app. */
  topUps: TopUpOption[] | null;
}

/** Asks the supplier, now, for as long as the page waits. Null for no eSIM of the shop's. */
export async function supplierTells(
  shop: Pick<Shop, 'id'>,
  { esimId, signal }: { esimId: string; signal: AbortSignal },
): Promise<({ status: 'told' } & Told) | { status: 'unanswered'; problem: ProviderErrorKind } | null> {
  const esim = await findDeskEsim({ shopId: shop.id, esimId });
  if (!esim) return null;
  try {
    const { provider } = await supplierOf(esim, { signal });
    const iccid = iccidOf(esim);
    const sale = (await provider.readSale?.(iccid)) ?? null;
    const topUps = listsTopUps(provider) ? ((await provider.listTopUps?.(iccid)) ?? null) : null;
    return { status: 'told', sale, topUps };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    return { status: 'unanswered', problem: error.kind };
  }
}

/** Whether there is anything to ask. */
export const tellsMore = (provider: EsimProvider) => provider.readSale !== undefined || listsTopUps(provider);

// Where the app tops up itself, it offers what it can buy.
const listsTopUps = (provider: EsimProvider) =>
  provider.listTopUps !== undefined && !(sells(provider) && provider.topUp !== undefined);
