/** The languages a buyer is written to in. Everyone else reads English. */
export const LANGUAGES = ['en', 'de', 'fr', 'es', 'ja'] as const;
export type Language = (typeof LANGUAGES)[number];

/**
 * What a Shopify locale ("de-CH", "pt-BR", "", null) means to us: the language we have words for, and the tag for
 * `Intl`. A regional tag is kept (de-CH writes numbers its own way) only where the words are in that language, so
 * that one sentence never mixes two. Never throws.
 */
export function readerLocale(locale: string | null): { language: Language; tag: string } {
  const tag = canonicalTag(locale ?? '');
  const language = LANGUAGES.find((known) => tag === known || tag.startsWith(`${known}-`));
  return language === undefined ? { language: 'en', tag: 'en' } : { language, tag };
}

function canonicalTag(locale: string): string {
  try {
    return Intl.getCanonicalLocales(locale.trim().replaceAll('_', '-'))[0] ?? '';
  } catch (error) {
    // A malformed tag is a RangeError; a buyer's browser or a shop may send one, and still gets a readable page.
    if (error instanceof RangeError) return '';
    throw error;
  }
}
