import { destinationName } from '../catalogue/bundle-words.ts';
import { db } from '../platform/db.server.ts';
import type { Language } from '../platform/language.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { factsOf, type ProductFacts } from './facts.ts';
import { networkNames } from './networks.server.ts';
import { shapeProducts } from './shapes.ts';
import { renderTexts, textFields, type Rendered, type Templates, type TextField } from './template.ts';

export interface Example {
  destination: string;
  name: string;
}

/** Some places of the catalogue to try texts on: countries, regions and the world. Named in a language. */
export async function exampleProducts(shop: Shop, locale = 'en'): Promise<Example[]> {
  const rows = await db.bundle.findMany({
    where: { shopId: shop.id, withdrawnAt: null, destination: { not: '' } },
    select: { destination: true, countries: true, region: true, description: true },
    distinct: ['destination'],
    orderBy: [{ destination: 'asc' }, { id: 'asc' }],
    take: 400,
  });
  return rows
    .map(({ destination, ...place }) => ({ destination, name: destinationName(place, locale) }))
    .sort((a, b) => a.name.localeCompare(b.name, locale));
}

/** What templates make of a place of the catalogue (`example`: its destination; null: any), or of an invented one. */
export async function previewTexts(
  shop: Shop,
  { templates, language, example }: { templates: Templates; language: Language; example: string | null },
): Promise<Rendered> {
  const facts = (await factsOfPlace(shop, language, example)) ?? invented(shop, language);
  return renderTexts(templates, facts);
}

/**
 * Tries templates on several places: a country, a region, the world, one with unlimited data, and the one with the longest
 * name. What is wrong with some of them only names the first of these.
 */
export async function checkTexts(
  shop: Shop,
  { templates, language, locale }: { templates: Templates; language: Language; locale: string },
): Promise<Rendered> {
  const places = await telling(shop, locale);
  const tried = await Promise.all(
    places.map(async ({ destination, name }) => ({
      name,
      rendered: await previewTexts(shop, { templates, language, example: destination }),
    })),
  );
  const [first] = tried;
  if (!first) return previewTexts(shop, { templates, language, example: null });
  const fields: Partial<Record<TextField, string>> = {};
  for (const field of textFields) {
    const complaints = tried.flatMap(({ name, rendered }) => {
      const sentence = rendered.status === 'invalid' ? rendered.fields[field] : undefined;
      return sentence === undefined ? [] : { name, sentence };
    });
    const [complaint] = complaints;
    if (!complaint) continue;
    const isOfAll =
      complaints.length === tried.length &&
      complaints.every(({ sentence }) => sentence === complaint.sentence);
    fields[field] = isOfAll ? complaint.sentence : `${complaint.name}: ${complaint.sentence}`;
  }
  return Object.keys(fields).length > 0 ? { status: 'invalid', fields } : first.rendered;
}

/** Places that are as different as the catalogue has them. */
async function telling(shop: Shop, locale: string): Promise<Example[]> {
  const onSale = { shopId: shop.id, withdrawnAt: null, destination: { not: '' } };
  const [all, kinds, unlimited] = await Promise.all([
    exampleProducts(shop, locale),
    db.bundle.findMany({ where: onSale, distinct: ['kind'], orderBy: { destination: 'asc' } }),
    db.bundle.findFirst({ where: { ...onSale, dataBytes: null }, orderBy: { destination: 'desc' } }),
  ]);
  const longest = all.toSorted((a, b) => b.name.length - a.name.length).slice(0, 1);
  const some = [...kinds, ...(unlimited ? [unlimited] : [])].map(({ destination, ...place }) => ({
    ...{ destination, name: destinationName(place, locale) },
  }));
  return [...new Map([...some, ...longest].map((place) => [place.destination, place])).values()];
}

async function factsOfPlace(
  shop: Shop,
  language: Language,
  destination: string | null,
): Promise<ProductFacts | null> {
  const rows = await db.bundle.findMany({
    where: {
      ...{ shopId: shop.id, withdrawnAt: null },
      destination: destination ?? { not: '' },
    },
    include: { account: { select: { label: true } } },
    orderBy: [{ destination: 'asc' }, { id: 'asc' }],
    take: 200,
  });
  const [first] = rows;
  if (!first) return null;
  const bundles = rows
    .filter((row) => row.destination === first.destination)
    .map((row) => ({
      ...row,
      supplier: row.account.label,
      costMinor: Math.round(row.cost.toNumber() * 100),
    }));
  const [product] = shapeProducts(bundles, {
    ...{ shape: 'destination', language },
    alternatives: () => 'substitutes',
  }).products;
  const networksIn = await networkNames(shop, first.countries);
  return product ? factsOf(product, { language, shop: shop.name, networksIn }) : null;
}

/** Before the first import there is nothing to try texts on. */
function invented(shop: Shop, language: Language): ProductFacts {
  const bundle = {
    ...{
      id: 'example',
      code: 'esim_1GB_7D_FR_V2',
      accountId: '',
      supplier: '',
      destination: 'FR',
      kind: 'country',
    },
    ...{
      description: '',
      countries: ['FR'],
      region: null,
      dataBytes: 1_000_000_000n,
      days: 7,
      speeds: ['4G', '5G'],
    },
    ...{ groups: [], costMinor: 100, fairUse: null, autostart: true },
  };
  const variants = [{ bundle, substitutes: [], values: [] }];
  const facts = factsOf(
    { shape: 'destination', variants },
    { language, shop: shop.name, networksIn: () => ['Orange'] },
  );
  if (!facts) throw new Error('a product with a variant has facts');
  return facts;
}
