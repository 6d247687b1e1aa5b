import { qrSvg } from '../delivery/qr.ts';
import { activationCode } from '../esims/activation-code.ts';
import { recordEsim } from '../esims/events.server.ts';
import { openEsim } from '../esims/save.server.ts';
import { isUsable } from '../esims/usable.ts';
import { db } from '../platform/db.server.ts';
import type { Shop } from '../shopify/shops.server.ts';

/** What installs an eSIM: a bearer secret. */
export interface RevealedCodes {
  iccid: string;
  smdpAddress: string;
  matchingId: string;
  /** Null where the supplier's parts make no code that a phone would take. */
  activationCode: string | null;
  qrSvg: string | null;
}

/** Shows a member of staff the codes. Who asked is written down first. Null for no eSIM of the shop's. */
export async function revealToStaff(
  shop: Pick<Shop, 'id'>,
  { esimId, by }: { esimId: string; by: string },
): Promise<RevealedCodes | null> {
  const row = await db.esim.findFirst({ where: { id: esimId, shopId: shop.id } });
  if (!row) return null;
  await recordEsim([{ shopId: shop.id, esimId, kind: 'codes.revealed', by }]);
  const esim = openEsim(row);
  const code = isUsable(esim) ? activationCode(esim) : null;
  const { iccid, smdpAddress, matchingId } = esim;
  return { iccid, smdpAddress, matchingId, activationCode: code, qrSvg: code && (await qrSvg(code)) };
}
