import { canTopUp } from '../esims/can-top-up.ts';
import { openEsim } from '../esims/save.server.ts';
import type { HoldReason } from '../orders/line.ts';
import { db } from '../platform/db.server.ts';
import { log } from '../platform/log.server.ts';
import { ProviderError } from '../providers/contract.ts';
import type { Supplier } from '../settings/suppliers.server.ts';

/** Why a bundle is not put on an eSIM: `top-up` where nothing can be put on it, so that another one has to be named. */
export type Misfit = Extract<HoldReason, 'top-up' | 'incompatible' | 'bundle-unavailable'>;

/** Asks the supplier whether a bundle goes with an eSIM of the shop's; null when it does. Throws `ProviderError`. */
export async function misfitOf(
  { provider, shopId, accountId }: Supplier,
  { esimId, bundle }: { esimId: string; bundle: string },
): Promise<Misfit | null> {
  const esim = await db.esim.findFirst({ where: { id: esimId, shopId, accountId } });
  if (!esim || !canTopUp(esim)) return 'top-up';
  const { iccid } = openEsim(esim);
  if ((await provider.isCompatible?.({ iccid, bundle })) ?? true) return null;
  // It says no too of what it does not sell.
  return (await provider.getBundle?.(bundle)) === null ? 'bundle-unavailable' : 'incompatible';
}

/** As `misfitOf`, where it may be known only later: the purchase itself is refused by what goes with no eSIM. */
export async function knownMisfitOf(
  supplier: Supplier,
  topUp: { esimId: string; bundle: string },
): Promise<Misfit | null> {
  try {
    return await misfitOf(supplier, topUp);
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    // One eSIM the supplier cannot tell about must not stop what others paid for.
    log.warn('top-up.not-checked', { accountId: supplier.accountId, reason: error.kind }, error);
    return null;
  }
}
