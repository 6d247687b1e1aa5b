import { ProviderError, sells, type EsimProvider } from '../providers/contract.ts';
import type { DeskKind } from './deed.ts';
import { supplierOf, type DeskEsim } from './desk-esim.server.ts';
import { offersFor, type Offer } from './offers.ts';
import { canReplace } from './replace.server.ts';
import { tellsMore } from './supplier-tells.server.ts';

export interface Offers {
  offers: Offer[];
  /** The name a text message comes from, as the phone shows it; null where the supplier does not say. */
  smsSender: string | null;
  /** The supplier can be asked for more than its usage (`supplierTells`). */
  tellsMore: boolean;
}

/** What staff can do with an eSIM now. With a supplier that is disconnected only what needs none. */
export async function findOffers(
  esim: Pick<DeskEsim, 'shopId' | 'accountId' | 'status' | 'unitId' | 'formerUnitId' | 'isSuspended'>,
): Promise<Offers> {
  const [{ abilities, ...more }, isReplaceable] = await Promise.all([abilitiesOf(esim), canReplace(esim)]);
  return { offers: offersFor(esim, { abilities, isReplaceable }), ...more };
}

async function abilitiesOf(esim: Pick<DeskEsim, 'shopId' | 'accountId'>) {
  try {
    const { provider, smsSender } = await supplierOf(esim);
    // The keys of `needs` are its type's.
    const abilities = (Object.keys(needs) as DeskKind[]).filter((kind) => needs[kind](provider));
    return { abilities, smsSender, tellsMore: tellsMore(provider) };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error; // there is no key to ask with
    return { abilities: [], smsSender: null, tellsMore: false };
  }
}

/** What a supplier has to be able to. */
const needs: Record<DeskKind, (provider: EsimProvider) => boolean> = {
  refresh: (provider) => provider.refresh !== undefined,
  sms: (provider) => provider.sendSms !== undefined,
  'top-up': (provider) => sells(provider) && provider.topUp !== undefined,
  reference: (provider) => provider.tagEsim !== undefined,
  revoke: (provider) => provider.revoke !== undefined && provider.offerRevoke !== undefined,
  // It buys as any order does, and takes back what can be.
  replace: sells,
  suspend: (provider) => provider.suspend !== undefined,
  unsuspend: (provider) => provider.unsuspend !== undefined,
  remove: (provider) => provider.deleteEsim !== undefined,
};
