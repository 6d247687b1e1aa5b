import { Decimal } from 'decimal.js';
import { z } from 'zod';
import { db, Prisma } from '../platform/db.server.ts';
import { log } from '../platform/log.server.ts';
import { guardsOf } from '../settings/guards.server.ts';
import { withdrawnRuleOf } from '../settings/withdrawn.server.ts';
import { adminOf, type Admin } from '../shopify/admin.server.ts';
import { setProductStatus, writeVariants } from '../shopify/products.server.ts';
import { readProductStock, type ProductStock, type VariantStock } from '../shopify/variant-stock.server.ts';
import { costsInShop } from './scheme.server.ts';
import { substituteFor, withdrawnRules, type Stopped, type WithdrawnRule } from './withdrawn.ts';

/**
 * Lets a shop's variants follow what its suppliers withdraw and take up again. A variant none of whose bundles is on sale
 * stops selling by the shop's rule; one that we stopped sells again when a bundle is back. Done twice it is done once:
 * what Shopify had before is written down before it is changed. Throws `ShopifyError`; what is left is due again.
 */
export async function followWithdrawn(shopId: string): Promise<void> {
  const shop = await db.shop.findUniqueOrThrow({ where: { id: shopId } });
  const rule = z
    .enum(withdrawnRules)
    .catch('out-of-stock')
    .parse(await withdrawnRuleOf(shop));
  if (rule === 'substitute') await substitute(shopId);
  const due = await dueMappings(shopId);
  const admin = adminOf(shop.domain);
  for (const productGid of new Set(due.map((mapping) => mapping.productGid))) {
    const own = due.filter((mapping) => mapping.productGid === productGid);
    await followProduct(admin, { shopId, productGid, rule, due: own });
  }
}

/**
 * A variant that we stopped is as it was before, although its bundle is not back: it is the merchant's own again. Nothing
 * happens to one that was not stopped. Throws `ShopifyError`.
 */
export async function putBack(shop: { id: string; domain: string }, variantGid: string): Promise<void> {
  const mapping = await db.variantMapping.findFirst({
    where: { shopId: shop.id, variantGid, stopped: { not: null } },
    select: { variantGid: true, productGid: true, stoppedFrom: true },
  });
  if (!mapping) return;
  const { productGid } = mapping;
  const admin = adminOf(shop.domain);
  const stock = await readProductStock(admin, productGid, [variantGid]);
  if (stock) await start(admin, { shopId: shop.id, productGid, starting: [mapping], stock });
}

/** Shops with variants to stop, or to sell again. */
export async function dueWithdrawn(): Promise<string[]> {
  const rows = await db.$queryRaw<{ shopId: string }[]>`
    SELECT DISTINCT due."shopId" FROM (${dueRows}) due
    JOIN "Shop" s ON s.id = due."shopId" AND s."uninstalledAt" IS NULL`;
  return rows.map(({ shopId }) => shopId);
}

const live = Prisma.sql`EXISTS (
  SELECT FROM "MappingSubstitute" s JOIN "Bundle" other ON other.id = s."bundleId"
  WHERE s."mappingId" = m.id AND other."withdrawnAt" IS NULL)`;

const dueRows = Prisma.sql`
  SELECT m.id, m."shopId", true AS stop FROM "Bundle" b JOIN "VariantMapping" m ON m."bundleId" = b.id
  WHERE b."withdrawnAt" IS NOT NULL AND (m.stopped IS NULL OR m.stopped = 'stopping') AND m."goneAt" IS NULL AND NOT ${live}
  UNION ALL
  SELECT m.id, m."shopId", false AS stop FROM "VariantMapping" m JOIN "Bundle" b ON b.id = m."bundleId"
  WHERE m.stopped IS NOT NULL AND (b."withdrawnAt" IS NULL OR ${live})`;

interface DueMapping {
  id: string;
  variantGid: string;
  productGid: string;
  origin: string;
  stopped: string | null;
  stoppedFrom: unknown;
  stop: boolean;
}

function dueMappings(shopId: string): Promise<DueMapping[]> {
  return db.$queryRaw<DueMapping[]>`
    SELECT m.id, m."variantGid", m."productGid", m.origin, m.stopped, m."stoppedFrom", due.stop
    FROM (${dueRows}) due JOIN "VariantMapping" m ON m.id = due.id
    WHERE m."shopId" = ${shopId} ORDER BY m."productGid", m."variantGid"`;
}

interface ProductWork {
  shopId: string;
  productGid: string;
  rule: WithdrawnRule;
  due: DueMapping[];
}

async function followProduct(admin: Admin, { shopId, productGid, rule, due }: ProductWork): Promise<void> {
  const gids = due.map(({ variantGid }) => variantGid);
  const stock = await readProductStock(admin, productGid, gids);
  const found = new Map(stock?.variants.map((variant) => [variant.variantGid, variant]));
  const stopping = due.filter(({ stop }) => stop);
  const starting = due.filter(({ stop }) => !stop);
  await remember(shopId, stopping, found);
  if (stock && starting.length > 0) await start(admin, { shopId, productGid, starting, stock });
  const refused = stock ? await stop(admin, productGid, stopping, found) : new Set<string>();
  await mark(shopId, starting, () => null);
  await mark(shopId, stopping, ({ variantGid }) => {
    if (refused.has(variantGid)) return 'refused';
    const before = found.get(variantGid);
    return before?.tracked === true && before.quantity > 0 ? 'still-counted' : 'out-of-stock';
  });
  if (stock && rule === 'draft' && stopping.length > 0) await hide(admin, { shopId, productGid, stock });
}

const before = z.object({ tracked: z.boolean(), inventoryPolicy: z.enum(['CONTINUE', 'DENY']) }).nullable();

// The first to look writes it down: after a crash Shopify may have what we wrote.
async function remember(
  shopId: string,
  stopping: DueMapping[],
  found: Map<string, VariantStock>,
): Promise<void> {
  for (const { id, variantGid, stoppedFrom } of stopping) {
    const stock = found.get(variantGid);
    if (!stock || stoppedFrom !== null) continue;
    const { tracked, inventoryPolicy } = stock;
    await db.variantMapping.updateMany({
      // Two processes may be at it, and the second finds what the first has written.
      where: { id, shopId, stoppedFrom: { equals: Prisma.DbNull } },
      data: { stopped: 'stopping' satisfies Stopped, stoppedFrom: { tracked, inventoryPolicy } },
    });
  }
}

/** Answers the variants that Shopify did not let us stop. One that was deleted sells no more either way. */
async function stop(
  admin: Admin,
  productGid: string,
  stopping: DueMapping[],
  found: Map<string, VariantStock>,
): Promise<Set<string>> {
  const writes = stopping
    .filter(({ variantGid }) => found.has(variantGid))
    .map(({ variantGid }) => ({ variantGid, tracked: true, inventoryPolicy: 'DENY' as const }));
  const refused = writes.length === 0 ? [] : await writeVariants(admin, productGid, writes);
  for (const { message } of refused.filter(({ reason }) => reason === 'refused'))
    log.warn('variant.unstopped', { shop: admin.domain, reason: 'refused' }, new Error(message));
  return new Set(refused.filter(({ reason }) => reason === 'refused').map(({ variantGid }) => variantGid));
}

/** What we stopped is as it was before, unless the merchant has changed it since. */
async function start(
  admin: Admin,
  {
    shopId,
    productGid,
    starting,
    stock,
  }: {
    shopId: string;
    productGid: string;
    starting: Pick<DueMapping, 'variantGid' | 'stoppedFrom'>[];
    stock: ProductStock;
  },
): Promise<void> {
  const writes = starting.flatMap(({ variantGid, stoppedFrom }) => {
    const was = before.catch(null).parse(stoppedFrom);
    const is = stock.variants.find((variant) => variant.variantGid === variantGid);
    const isOurs = is?.tracked === true && is.inventoryPolicy === 'DENY';
    return was && isOurs ? [{ variantGid, ...was }] : [];
  });
  if (writes.length > 0) await writeVariants(admin, productGid, writes);
  const hidden = { shopId, productGid, stopped: 'draft' satisfies Stopped };
  if ((await db.variantMapping.count({ where: hidden })) === 0) return;
  if (stock.status === 'DRAFT') await setProductStatus(admin, productGid, 'ACTIVE');
  await db.variantMapping.updateMany({ where: hidden, data: { stopped: 'out-of-stock' satisfies Stopped } });
}

async function mark(
  shopId: string,
  mappings: DueMapping[],
  stoppedOf: (mapping: DueMapping) => Stopped | null,
): Promise<void> {
  for (const mapping of mappings) {
    const stopped = stoppedOf(mapping);
    await db.variantMapping.updateMany({
      where: { id: mapping.id, shopId },
      data: { stopped, ...(stopped === null && { stoppedFrom: Prisma.DbNull }) },
    });
  }
}

/** Hides a product of ours when none of its variants sells any more. A merchant's own product is never hidden. */
async function hide(
  admin: Admin,
  { shopId, productGid, stock }: { shopId: string; productGid: string; stock: ProductStock },
): Promise<void> {
  if (stock.status !== 'ACTIVE') return;
  const mappings = await db.variantMapping.findMany({ where: { shopId, productGid, goneAt: null } });
  const isAllStopped = mappings.every(
    ({ origin, stopped }) => origin === 'published' && stopped === ('out-of-stock' satisfies Stopped),
  );
  if (!isAllStopped || mappings.length < stock.variantCount) return;
  // Marked first: a product that is hidden and not marked would stay hidden for ever.
  await db.variantMapping.updateMany({
    where: { shopId, productGid },
    data: { stopped: 'draft' satisfies Stopped },
  });
  await setProductStatus(admin, productGid, 'DRAFT');
}

/** Puts a bundle that is on sale at the end of each list that has none left, where one gives as much for the money. */
async function substitute(shopId: string): Promise<void> {
  const due = (await dueMappings(shopId)).filter(({ stop }) => stop);
  const { priceGuardPercent } = await guardsOf({ id: shopId });
  const worth = await worthTeller(shopId);
  for (const { id } of due) {
    const mapping = await db.variantMapping.findFirst({
      where: { id, shopId },
      include: { bundle: true, substitutes: { select: { position: true } } },
    });
    if (!mapping) continue;
    const { bundle, mappedCost, substitutes } = mapping;
    const onSale = await db.bundle.findMany({
      where: {
        ...{ shopId, accountId: bundle.accountId, destination: bundle.destination, withdrawnAt: null },
        days: { gte: bundle.days },
      },
    });
    const gone = { ...replaceable(bundle), mappedCost: mappedCost?.toNumber() ?? null };
    const chosen = substituteFor(gone, onSale.map(replaceable), priceGuardPercent, worth);
    const cost = onSale.find((other) => other.id === chosen?.id)?.cost;
    if (!chosen || !cost) continue;
    const position = 1 + Math.max(0, ...substitutes.map((other) => other.position));
    await db.mappingSubstitute.createMany({
      data: [{ mappingId: id, shopId, position, bundleId: chosen.id, mappedCost: cost }],
      skipDuplicates: true,
    });
  }
}

/** Tells costs in the shop's currency. */
async function worthTeller(shopId: string): Promise<(amount: number, currency: string) => number | null> {
  const { currency: own } = await db.shop.findUniqueOrThrow({ where: { id: shopId } });
  // A shop that was never read has no currency to compare in.
  if (own === null) return () => null;
  const inShop = await costsInShop({ id: shopId, currency: own });
  return (amount, currency) => inShop({ amount: new Decimal(amount), currency })?.amount.toNumber() ?? null;
}

function replaceable({ cost, ...bundle }: Prisma.BundleGetPayload<object>) {
  return { ...bundle, cost: cost.toNumber() };
}
