import { z } from 'zod';
import { db } from '../platform/db.server.ts';
import { LANGUAGES, readerLocale, type Language } from '../platform/language.ts';
import { firstLocale, type Shop } from '../shopify/shops.server.ts';
import { ShopifyError } from '../shopify/shopify-error.ts';
import { defaultTemplates } from './default-templates.ts';
import { textFields, type Templates } from './template.ts';
import { comparedFields, type Owned } from './written.ts';

/** How the shop's products are made, and whose each of their texts is. */
export interface ProductTemplate extends Owned {
  language: Language;
  /** The shop's own texts where it wrote some, else those of the language. */
  templates: Templates;
  /** Of a product when it is made. */
  status: 'ACTIVE' | 'DRAFT';
  /** Ids of sales channels; none: the online store. */
  publications: string[];
  pictures: boolean;
}

/** What the shop chose. Until then: the usual texts, in the first language of its pages where we have them, else English. */
export async function productTemplate(shop: Pick<Shop, 'id' | 'domain'>): Promise<ProductTemplate> {
  const row = (await storedTemplate(shop)) ?? (await begin(shop));
  if (!row) return { ...beginning, templates: defaultTemplates('en') };
  const { language } = readerLocale(row.language);
  return {
    language,
    templates: { ...defaultTemplates(language), ...stored.parse(row.texts) },
    theirs: comparedFields.filter((field) => row.theirs.includes(field)),
    ours: comparedFields.filter((field) => row.theirs.includes(asOurs(field))),
    status: row.status === 'DRAFT' ? 'DRAFT' : 'ACTIVE',
    publications: row.publications,
    pictures: row.pictures,
  };
}

const storedTemplate = ({ id }: { id: string }) => db.productTemplate.findUnique({ where: { shopId: id } });

/**
 * Keeps the language a shop begins with, so that it does not change under its products. Null for a shop that has some: they
 * are in English; and when Shopify does not answer: it is asked again next time.
 */
async function begin(shop: Pick<Shop, 'id' | 'domain'>) {
  if ((await db.product.findFirst({ where: { shopId: shop.id }, select: { id: true } })) !== null)
    return null;
  try {
    const { language } = readerLocale(await firstLocale(shop));
    await db.productTemplate.createMany({ data: { shopId: shop.id, language }, skipDuplicates: true });
  } catch (error) {
    if (!(error instanceof ShopifyError)) throw error;
  }
  return storedTemplate(shop);
}

/** The first language of the shop's pages; `language` is null where we have no texts in it. Throws `ShopifyError`. */
export async function firstLanguage(shop: {
  domain: string;
}): Promise<{ name: string; language: Language | null } | null> {
  const locale = await firstLocale(shop);
  if (locale === null) return null;
  const { language } = readerLocale(locale);
  const isOurs = language !== 'en' || /^en\b/i.test(locale);
  return { name: languageName(locale), language: isOurs ? language : null };
}

/** Keeps what was chosen. Texts that are those of the language are not kept, so that a better one may come. */
export async function saveProductTemplate(
  shop: { id: string },
  { templates, theirs, ours, ...rest }: ProductTemplate,
): Promise<void> {
  const chosen = { ...rest, theirs: [...theirs, ...ours.map(asOurs)] };
  const usual = defaultTemplates(chosen.language);
  const texts = Object.fromEntries(
    textFields.filter((field) => templates[field] !== usual[field]).map((field) => [field, templates[field]]),
  );
  await db.productTemplate.upsert({
    where: { shopId: shop.id },
    create: { shopId: shop.id, ...chosen, texts },
    update: { ...chosen, texts },
  });
}

/** How the column `theirs`, which lists what is not as usual, names a text that is the app's. */
const asOurs = (field: string) => `ours:${field}`;

export const languageNames: Record<Language, string> = Object.fromEntries(
  LANGUAGES.map((language) => [language, languageName(language)]),
) as Record<Language, string>; // every language is in the list

/** "Brazilian Portuguese"; the tag itself where it is none. */
function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames('en', { type: 'language' }).of(tag) ?? tag;
  } catch (error) {
    if (error instanceof RangeError) return tag;
    throw error;
  }
}

// As the columns of prisma/schema.prisma begin.
const beginning: Omit<ProductTemplate, 'templates'> = {
  ...{ language: 'en', theirs: [], ours: [], status: 'ACTIVE', publications: [], pictures: true },
};

const stored = z.partialRecord(z.enum(textFields), z.string()).catch({});
