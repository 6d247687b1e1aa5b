import { db } from '../platform/db.server.ts';
import { blindIndex } from '../platform/secrets.server.ts';

/** The eSIM of an account by its ICCID, digits only; null for one that is not on record there. */
export async function findEsimByIccid({
  shopId,
  accountId,
  iccid,
}: {
  shopId: string;
  accountId: string;
  iccid: string;
}) {
  return db.esim.findFirst({ where: { shopId, accountId, iccidHash: iccidHash(iccid) } });
}

/** What an ICCID is found by; digits only. */
export function iccidHash(iccid: string): string {
  return blindIndex('iccid', iccid);
}
