import { openEsim } from '../esims/save.server.ts';
import { db } from '../platform/db.server.ts';
import { supplierFor, type Supplier } from '../settings/suppliers.server.ts';
import type { Manners } from '../settings/talk-to-supplier.server.ts';

/** An eSIM of the shop with all that an action needs of it; null for an unknown id, and for another shop's. */
export function findDeskEsim({ shopId, esimId }: { shopId: string; esimId: string }) {
  return db.esim.findFirst({ where: { id: esimId, shopId } });
}

export type DeskEsim = NonNullable<Awaited<ReturnType<typeof findDeskEsim>>>;

/** The whole ICCID, to ask the supplier with: for no log, no event and no page. */
export const iccidOf = (esim: DeskEsim): string => openEsim(esim).iccid;

/** The supplier that the eSIM is at. Throws `ProviderError` of kind `credentials` when it was disconnected. */
export const supplierOf = (
  { shopId, accountId }: Pick<DeskEsim, 'shopId' | 'accountId'>,
  manners: Manners = {},
): Promise<Supplier> => supplierFor({ shopId, accountId }, manners);
