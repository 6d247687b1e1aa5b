import { expect, test } from 'vitest';
import { textsOf } from './buyer.fixture.ts';
import type { Texts } from './buyer.fixture.ts';

const BUYERS = ['thank-you', 'order-status'];
const TRANSLATIONS = ['de', 'fr', 'es', 'ja'];

test.each(
  ['thank-you', 'admin-order'].flatMap((extension) => TRANSLATIONS.map((locale) => [extension, locale])),
)('%s: %s has every text, with the same values in it', (extension = '', locale = '') => {
  const english = flat(textsOf(extension, 'en.default'));
  const translated = flat(textsOf(extension, locale));
  expect(Object.keys(translated)).toEqual(Object.keys(english));
  for (const [key, text] of Object.entries(translated)) {
    expect(text, key).not.toBe('');
    // "1 country" and a Japanese "1か国" may say the number or leave it out; every other value must be there.
    expect(placeholders(text).filter(notCount), key).toEqual(placeholders(english[key]).filter(notCount));
  }
});

test.each(['en.default', ...TRANSLATIONS])('%s reads the same on both pages of the buyer', (locale) => {
  const [first, second] = BUYERS.map((extension) => textsOf(extension, locale));
  expect(second).toEqual(first);
});

test.each(['en', ...TRANSLATIONS])('%s has the plural forms its numbers need', (language) => {
  const texts = flat(textsOf('thank-you', language === 'en' ? 'en.default' : language));
  const needed = new Set(
    Array.from({ length: 200 }, (_, count) => new Intl.PluralRules(language).select(count)),
  );
  const counted = Object.keys(texts).flatMap((key) => (key.endsWith('.other') ? [key.slice(0, -6)] : []));
  expect(counted.length).toBeGreaterThan(0);
  for (const key of counted) {
    for (const form of needed) expect(texts, `${key}.${form}`).toHaveProperty([`${key}.${form}`]);
  }
});

function flat(texts: Texts, prefix = ''): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [key, value] of Object.entries(texts)) {
    if (typeof value === 'string') found[prefix + key] = value;
    else Object.assign(found, flat(value, `${prefix}${key}.`));
  }
  return found;
}

function placeholders(text: string | undefined): string[] {
  return (text?.match(/{{\w+}}/g) ?? []).sort();
}

function notCount(placeholder: string): boolean {
  return placeholder !== '{{count}}';
}
