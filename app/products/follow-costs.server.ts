import { db } from '../platform/db.server.ts';
import { compare, readFraction, times, whole } from '../platform/fraction.ts';
import { currentTime } from '../platform/time.ts';
import { euroRates } from '../rates/queries.server.ts';
import { areOld } from '../rates/rates.ts';
import { shopById, type Shop } from '../shopify/shops.server.ts';
import { cancelTask, startTask } from '../tasks/start.server.ts';
import { previewPrices, type Preview, type PreviewRow } from './price-preview.server.ts';
import { FOLLOWING } from './price-task.ts';
import { priceAll, type Price } from './pricing.ts';
import { pricingSettings, ratesOf, type PricingSettings } from './scheme.server.ts';
import { changeItem, waitingChanges } from './start-prices.server.ts';

/**
 * Reprices what a change of cost, or of the day's rates, has moved: by itself, or as a task that waits for a person when
 * any price would move by more than the merchant lets happen. What the merchant changed about rules and has not applied
 * moves nothing here. With rates that are too old nothing happens at all. Doing it twice, or late, changes nothing.
 */
export async function followCosts(shopId: string): Promise<void> {
  const shop = await shopById(shopId);
  const settings = await pricingSettings(shop);
  if (!shop.isInstalled || !settings.repriceBySelf) return;
  const startedAt = currentTime();
  const day = await dayToFollow(shop, settings);
  if (day === 'old') return;
  const preview = await previewPrices(shop);
  const moved = await movedRows(shop, settings, preview);
  if (!(await propose(shop, settings, preview.rows, moved))) return;
  await markFollowed(shop, { moved, day, startedAt });
}

/** Shops that were synced, or whose rates are of a new day, since their prices were last made to follow. */
export async function dueCosts(): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT s.id FROM "Shop" s LEFT JOIN "PricingSettings" p ON p."shopId" = s.id
    WHERE s."uninstalledAt" IS NULL AND coalesce(p."repriceBySelf", true)
      AND EXISTS (SELECT FROM "VariantMapping" m WHERE m."shopId" = s.id AND m.origin = 'published')
      AND (
        EXISTS (SELECT FROM "SupplierAccount" a WHERE a."shopId" = s.id
          AND a."syncedAt" > coalesce(p."followedAt", '-infinity'))
        OR (coalesce(p."rateSource", 'ecb') = 'ecb'
          AND (SELECT max(day) FROM "ExchangeRate") > coalesce(p."ratesDay", '-infinity'))
      )`;
  return rows.map(({ id }) => id);
}

/** The day of the bank's rates that the shop's prices hang on; null when they hang on none. */
async function dayToFollow(shop: Shop, settings: PricingSettings): Promise<Date | null | 'old'> {
  if (settings.rateSource === 'fixed') return null;
  const isForeign = { currency: { not: shop.currency } };
  const [rates, foreign] = await Promise.all([
    euroRates(),
    db.variantMapping.findFirst({
      where: {
        ...{ shopId: shop.id, origin: 'published' },
        // A price is made of the first that is on sale: any of the list may be that one.
        OR: [{ bundle: isForeign }, { substitutes: { some: { bundle: isForeign } } }],
      },
      select: { id: true },
    }),
  ]);
  if (!foreign) return rates?.day ?? null;
  return rates && !areOld(rates.day, currentTime()) ? rates.day : 'old';
}

/** What the rules make another price of than of the cost and the rates that prices were last made with. */
async function movedRows(
  shop: Shop,
  settings: PricingSettings,
  { scheme, rows }: Preview,
): Promise<PreviewRow[]> {
  const before = priceAll(
    { ...scheme, rates: await ratesOf(shop, settings, settings.ratesDay ?? undefined) },
    rows.map(({ item, pricedCost }) => ({
      ...item,
      cost: { ...item.cost, amount: pricedCost ?? item.cost.amount },
    })),
  );
  return rows.filter((row) => costChanged(row) || differ(before.get(row.variantGid), row.next));
}

const costChanged = ({ pricedCost, item }: PreviewRow) => pricedCost !== item.cost.amount;

function differ(before: Price | undefined, next: Price): boolean {
  if (next.status === 'refused') return false;
  return before?.status !== 'priced' || before.price.amount !== next.price.amount;
}

/** Begins the task that writes what moved; false when one is being written, and it is to be tried again later. */
async function propose(
  shop: Shop,
  { approveAbove }: PricingSettings,
  rows: PreviewRow[],
  moved: PreviewRow[],
): Promise<boolean> {
  const wanted = new Set(moved.map(({ variantGid }) => variantGid));
  if (wanted.size === 0) return true;
  const waiting = await waitingChanges(shop);
  if (waiting) {
    const items = await db.taskItem.findMany({
      where: { shopId: shop.id, taskId: waiting.id },
      select: { subject: true },
    });
    for (const { subject } of items) wanted.add(subject);
    // The new task has these too, at today's cost.
    await cancelTask(shop, waiting.id);
  }
  const due = rows.filter(({ variantGid, change }) => wanted.has(variantGid) && change !== 'none');
  const items = due.flatMap((row) => changeItem(row, false));
  if (items.length === 0) return true;
  const { isNew } = await startTask(shop, {
    kind: 'prices.apply',
    subject: FOLLOWING,
    input: { because: moved.some(costChanged) ? 'costs' : 'rates' },
    items,
    needsApproval: due.some((row) => movesBeyond(row, approveAbove)),
  });
  return isNew;
}

function movesBeyond({ priceMinor, next }: PreviewRow, percent: string): boolean {
  if (priceMinor === null || next.status === 'refused') return false;
  const moved = whole(Math.abs(next.price.amount - priceMinor) * 100);
  return compare(moved, times(whole(priceMinor), readFraction(percent) ?? whole(0))) > 0;
}

async function markFollowed(
  { id: shopId }: Shop,
  { moved, day, startedAt }: { moved: PreviewRow[]; day: Date | null; startedAt: Date },
): Promise<void> {
  const gids = moved.map(({ variantGid }) => variantGid);
  const costs = moved.map(({ item }) => item.cost.amount);
  const followed = { followedAt: startedAt, ...(day && { ratesDay: day }) };
  await db.$transaction([
    db.$executeRaw`
      UPDATE "VariantMapping" m SET "pricedCost" = now.cost::decimal
      FROM unnest(${gids}::text[], ${costs}::text[]) AS now(gid, cost)
      WHERE m."shopId" = ${shopId} AND m."variantGid" = now.gid`,
    db.pricingSettings.upsert({ where: { shopId }, create: { shopId, ...followed }, update: followed }),
  ]);
}
