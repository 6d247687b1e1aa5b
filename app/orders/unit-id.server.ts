import { blindIndex } from '../platform/secrets.server.ts';

/**
 * The id of a unit, made from what it stands for: the same piece of the same order has the same id also in a database
 * that was restored and has forgotten it. The supplier's eSIM is tagged with it.
 */
export function unitId(shopDomain: string, lineItemGid: string, unitIndex: number): string {
  const hash = Buffer.from(
    blindIndex('unit', `${shopDomain}|${lineItemGid}|${String(unitIndex)}`),
    'base64url',
  );
  const hex = hash.toString('hex').slice(0, 32);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
