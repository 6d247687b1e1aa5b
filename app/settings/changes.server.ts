import { z } from 'zod';
import { db, type Transaction } from '../platform/db.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { changedFields, type FieldChange } from './field-change.ts';

/** Pages of settings that decide about money: of these it is kept who changed what. */
export type WatchedPage = 'buying' | 'refunds';

export interface SettingsChange {
  id: string;
  /** The member of staff. */
  by: string;
  at: Date;
  fields: FieldChange[];
}

const SHOWN = 10;

/** Who changed what of a page last, the newest first. */
export async function lastChanges(shop: Pick<Shop, 'id'>, page: WatchedPage): Promise<SettingsChange[]> {
  const rows = await db.settingsChange.findMany({
    where: { shopId: shop.id, page },
    orderBy: { at: 'desc' },
    take: SHOWN,
  });
  return rows.map(({ id, by, at, fields }) => ({ id, by, at, fields: Fields.parse(fields) }));
}

const Fields = z.array(z.object({ field: z.string(), from: z.string(), to: z.string() }));

/** In the transaction that saves them. What is as it was before is no change. */
export async function noteChange(
  tx: Transaction,
  {
    before,
    after,
    ...of
  }: {
    shopId: string;
    page: WatchedPage;
    by: string;
    before: Record<string, string>;
    after: Record<string, string>;
  },
): Promise<void> {
  const fields = changedFields(before, after);
  if (fields.length === 0) return;
  await tx.settingsChange.create({ data: { ...of, fields: fields.map((each) => ({ ...each })) } });
}
