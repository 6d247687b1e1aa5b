import { z } from 'zod';
import { db } from '../platform/db.server.ts';
import { LANGUAGES, readerLocale, type Language } from '../platform/language.ts';
import { defaultTemplates } from './default-templates.ts';
import { textFields, type TextField, type Templates } from './template.ts';

/** How the shop's products are made. */
export interface ProductTemplate {
  language: Language;
  /** The shop's own texts where it wrote some, else those of the language. */
  templates: Templates;
  /** Written once, when a product is made, and never again. */
  theirs: TextField[];
  /** Of a product when it is made. */
  status: 'ACTIVE' | 'DRAFT';
  /** Ids of sales channels; none: the online store. */
  publications: string[];
  pictures: boolean;
}

export async function productTemplate(shop: { id: string }): Promise<ProductTemplate> {
  const row = await db.productTemplate.findUnique({ where: { shopId: shop.id } });
  if (!row) return { ...beginning, templates: defaultTemplates('en') };
  const { language } = readerLocale(row.language);
  return {
    language,
    templates: { ...defaultTemplates(language), ...stored.parse(row.texts) },
    theirs: textFields.filter((field) => row.theirs.includes(field)),
    status: row.status === 'DRAFT' ? 'DRAFT' : 'ACTIVE',
    publications: row.publications,
    pictures: row.pictures,
  };
}

/** Keeps what was chosen. Texts that are those of the language are not kept, so that a better one may come. */
export async function saveProductTemplate(
  shop: { id: string },
  { templates, ...chosen }: ProductTemplate,
): Promise<void> {
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

export const languageNames: Record<Language, string> = Object.fromEntries(
  LANGUAGES.map((language) => [language, new Intl.DisplayNames('en', { type: 'language' }).of(language)]),
) as Record<Language, string>; // every language has a name

// As the columns of prisma/schema.prisma begin.
const beginning: Omit<ProductTemplate, 'templates'> = {
  ...{ language: 'en', theirs: [], status: 'ACTIVE', publications: [], pictures: true },
};

const stored = z.partialRecord(z.enum(textFields), z.string()).catch({});
