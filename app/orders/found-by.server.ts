import { blindIndex, seal, unseal } from '../platform/secrets.server.ts';
import { nameWords } from './name-words.ts';

/** What an order is found by when somebody has the buyer's address. */
export function emailHash(shopId: string, email: string): string {
  return blindIndex('order-email', `${shopId}|${email.trim().toLowerCase()}`);
}

/** What an order is found by when somebody has the buyer's name, or some of its words. */
export function nameHashes(shopId: string, name: string): string[] {
  return nameWords(name).map((word) => blindIndex('order-name', `${shopId}|${word}`));
}

export const sealName = (order: OrderKey, name: string): string => seal(name, place(order));

export const openName = (order: OrderKey, sealed: string): string => unseal(sealed, place(order));

interface OrderKey {
  id: string;
  shopId: string;
}

const place = ({ id, shopId }: OrderKey) => ({ table: 'Order', column: 'customerName', shopId, rowId: id });
