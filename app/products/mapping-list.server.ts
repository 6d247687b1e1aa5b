import { Decimal } from 'decimal.js';
import type { BundleFacts } from '../catalogue/bundle.ts';
import { db, Prisma } from '../platform/db.server.ts';
import { minorDigits, moneyFromDecimal, type Cost, type Money } from '../platform/money.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { readFraction } from '../platform/fraction.ts';
import {
  choosingOf,
  firstToBuy,
  obstacleOf,
  type Choice,
  type Choosing,
  type Obstacle,
} from './first-to-buy.ts';
import { downAccounts } from './mapping.server.ts';
import type { MappingProblem, MappingQuery } from './mapping-query.ts';
import { kindOf, type MappingKind } from './mapping.ts';
import { pricingSettings, ratesOf } from './scheme.server.ts';

const PER_PAGE = 50;

/** A variant that sells bundles, and how it stands. */
export interface ListedMapping {
  variantGid: string;
  productGid: string;
  title: string;
  sku: string | null;
  kind: MappingKind;
  choosing: Choosing;
  isPublished: boolean;
  /** In Shopify when it was last looked at; what we wrote there before that; null when neither is known. */
  price: Money | null;
  lookedAt: Date | null;
  isGone: boolean;
  /** In the order in which they are tried. */
  bundles: ListedOnMapping[];
  /** Of the one that is bought now; null when none can be. */
  sells: string | null;
  /** Why that is not the first of the list; null when it is. */
  passesFirst: NonNullable<Choice['instead']>['why'] | null;
}

export interface ListedOnMapping extends BundleFacts {
  id: string;
  code: string;
  supplier: string;
  cost: Cost;
  obstacle: Obstacle | null;
  /** The variant's price in Shopify is less than this bundle costs at the rates of the shop's prices. */
  isAbovePrice: boolean;
}

/** One page of the shop's mapped variants, by title, and how many there are. */
export async function listMappings(
  shop: Shop,
  query: MappingQuery,
): Promise<{ mappings: ListedMapping[]; total: number }> {
  const costsIn = await ratesFor(shop);
  const where = condition(shop, costsIn, query);
  const [ids, [counted]] = await Promise.all([
    db.$queryRaw<{ id: string }[]>`
      SELECT m.id FROM "VariantMapping" m WHERE ${where}
      ORDER BY lower(m."productTitle"), m.id LIMIT ${PER_PAGE} OFFSET ${(query.page - 1) * PER_PAGE}`,
    db.$queryRaw<{ total: number }[]>`SELECT count(*)::int AS total FROM "VariantMapping" m WHERE ${where}`,
  ]);
  const rows = await db.variantMapping.findMany({
    where: { shopId: shop.id, id: { in: ids.map(({ id }) => id) } },
    select,
  });
  const down = await downIn(rows);
  const byId = new Map(rows.map((row) => [row.id, listed(shop, { costsIn, down }, row)]));
  return { mappings: ids.flatMap(({ id }) => byId.get(id) ?? []), total: counted?.total ?? 0 };
}

export const MAPPINGS_PER_PAGE = PER_PAGE;

/** One mapped variant; null when the shop has mapped no such variant. */
export async function findMapping(shop: Shop, variantGid: string): Promise<ListedMapping | null> {
  const row = await db.variantMapping.findUnique({
    where: { shopId_variantGid: { shopId: shop.id, variantGid } },
    select,
  });
  return row && listed(shop, { costsIn: await ratesFor(shop), down: await downIn([row]) }, row);
}

/** How many of the shop's mapped variants have something wrong with them. */
export async function countProblems(shop: Shop): Promise<number> {
  const problem = anyProblem(shop, await ratesFor(shop));
  const [row] = await db.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM "VariantMapping" m WHERE m."shopId" = ${shop.id} AND ${problem}`;
  return row?.count ?? 0;
}

const bundle = {
  select: {
    ...{ id: true, code: true, description: true, countries: true, region: true, dataBytes: true },
    ...{ days: true, groups: true, cost: true, currency: true, withdrawnAt: true, accountId: true },
    account: { select: { state: true, label: true } },
  },
} as const satisfies Prisma.BundleDefaultArgs;

const select = {
  ...{
    id: true,
    variantGid: true,
    productGid: true,
    productTitle: true,
    sku: true,
    kind: true,
    choice: true,
  },
  ...{ origin: true, priceMinor: true, currency: true, shopPriceMinor: true, lookedAt: true, goneAt: true },
  bundle,
  substitutes: { select: { bundle }, orderBy: { position: 'asc' } },
} as const satisfies Prisma.VariantMappingSelect;

type Row = Prisma.VariantMappingGetPayload<{ select: typeof select }>;

function downIn(rows: Row[]): Promise<Set<string>> {
  const bundles = rows.flatMap((row) => [row.bundle, ...row.substitutes.map((each) => each.bundle)]);
  return downAccounts([...new Set(bundles.map(({ accountId }) => accountId))]);
}

function listed(
  shop: Shop,
  { costsIn, down }: { costsIn: RateTexts; down: ReadonlySet<string> },
  row: Row,
): ListedMapping {
  const rows = [row.bundle, ...row.substitutes.map((each) => each.bundle)];
  const price = priceOf(shop, row);
  const choosing = choosingOf(row.choice);
  const candidates = rows.map(({ id, accountId, code, withdrawnAt, account, cost, currency }) => {
    const rate = costsIn[currency];
    return {
      ...{ bundleId: id, accountId, code, supplier: account.label, hasStock: false },
      ...{ isWithdrawn: withdrawnAt !== null, accountState: account.state, isDown: down.has(accountId) },
      cost: rate === undefined ? null : readFraction(new Decimal(cost.toFixed()).mul(rate).toFixed()),
    };
  });
  const choice = firstToBuy(candidates, choosing);
  const canBuy = choice !== null && obstacleOf(choice.chosen) === null;
  return {
    ...{ variantGid: row.variantGid, productGid: row.productGid, title: row.productTitle, sku: row.sku },
    ...{
      kind: kindOf(row.kind),
      choosing,
      isPublished: row.origin === 'published',
      price,
      lookedAt: row.lookedAt,
    },
    isGone: row.goneAt !== null,
    bundles: rows.map(({ account, cost, currency, withdrawnAt, ...facts }) => ({
      ...facts,
      supplier: account.label,
      cost: { amount: new Decimal(cost.toFixed()), currency },
      obstacle: obstacleOf({
        ...{ isWithdrawn: withdrawnAt !== null, accountState: account.state },
        isDown: down.has(facts.accountId),
      }),
      isAbovePrice: price !== null && isAbove({ amount: cost.toFixed(), currency }, price, shop, costsIn),
    })),
    sells: canBuy ? choice.chosen.bundleId : null,
    passesFirst: canBuy ? (choice.instead?.why ?? null) : null,
  };
}

function priceOf(shop: Shop, { shopPriceMinor, priceMinor, currency }: Row): Money | null {
  if (shopPriceMinor !== null) return { amount: shopPriceMinor, currency: shop.currency };
  return priceMinor === null || currency === null ? null : { amount: priceMinor, currency };
}

/** What one unit of a currency costs in the shop's: decimal texts. */
type RateTexts = Record<string, string>;

async function ratesFor(shop: Shop): Promise<RateTexts> {
  const rates = await ratesOf(shop, await pricingSettings(shop));
  const texts = [...rates].map(([currency, { top, bottom }]): [string, string] => [
    currency,
    new Decimal(String(top)).div(String(bottom)).toFixed(12),
  ]);
  return { ...Object.fromEntries(texts), [shop.currency]: '1' };
}

/** As `isAbovePrice` says it to the database. A cost without a rate is above nothing. */
function isAbove(
  cost: { amount: string; currency: string },
  price: Money,
  { currency }: Shop,
  costsIn: RateTexts,
): boolean {
  const rate = costsIn[cost.currency];
  if (rate === undefined || price.currency !== currency) return false;
  return moneyFromDecimal(new Decimal(cost.amount).mul(rate).toFixed(), currency).amount > price.amount;
}

function condition(shop: Shop, costsIn: RateTexts, { tab, search, kind, problem }: MappingQuery): Prisma.Sql {
  const words = search.split(/\s+/).filter(Boolean).slice(0, 8);
  return Prisma.join(
    [
      Prisma.sql`m."shopId" = ${shop.id}`,
      ...(tab === 'problems' ? [anyProblem(shop, costsIn)] : []),
      ...(tab === 'published' || tab === 'mapped' ? [Prisma.sql`m.origin = ${tab}`] : []),
      ...(kind === '' ? [] : [Prisma.sql`m.kind = ${kind}`]),
      ...(problem === '' ? [] : [problemIs(shop, costsIn, problem)]),
      ...words.map(matches),
    ],
    ' AND ',
  );
}

function matches(word: string): Prisma.Sql {
  const pattern = `%${word.replace(/[\\%_]/g, '\\$&')}%`;
  return Prisma.sql`(m."productTitle" ILIKE ${pattern} OR m.sku ILIKE ${pattern} OR ${someBundle(
    Prisma.sql`(b.code ILIKE ${pattern} OR b.description ILIKE ${pattern})`,
  )})`;
}

function anyProblem(shop: Shop, costsIn: RateTexts): Prisma.Sql {
  return Prisma.sql`(m."goneAt" IS NOT NULL OR ${someBundle(
    Prisma.sql`(${isWithdrawn} OR ${isCutOff} OR ${isAbovePrice(shop, costsIn)})`,
  )})`;
}

function problemIs(shop: Shop, costsIn: RateTexts, problem: MappingProblem): Prisma.Sql {
  switch (problem) {
    case 'gone':
      return Prisma.sql`m."goneAt" IS NOT NULL`;
    case 'withdrawn':
      return someBundle(isWithdrawn);
    case 'supplier':
      return someBundle(isCutOff);
    case 'price':
      return someBundle(isAbovePrice(shop, costsIn));
    default:
      return problem satisfies never;
  }
}

const isWithdrawn = Prisma.sql`b."withdrawnAt" IS NOT NULL`;
const isCutOff = Prisma.sql`a.state <> 'active'`;
const isAbovePrice = ({ currency }: Shop, costsIn: RateTexts) =>
  Prisma.sql`(round(b.cost * (${JSON.stringify(costsIn)}::jsonb ->> b.currency)::numeric, ${minorDigits(currency)}::int)
    * power(10::numeric, ${minorDigits(currency)}::int)
      > coalesce(m."shopPriceMinor", CASE WHEN m.currency = ${currency} THEN m."priceMinor" END))`;

/** Some bundle on the mapping's list; `b` is the bundle and `a` its account. */
function someBundle(is: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`EXISTS (SELECT FROM "Bundle" b JOIN "SupplierAccount" a ON a.id = b."accountId"
    WHERE b.id = ANY (ARRAY(SELECT s."bundleId" FROM "MappingSubstitute" s WHERE s."mappingId" = m.id) || m."bundleId")
      AND ${is})`;
}
