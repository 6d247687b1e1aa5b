import { expect, test } from 'vitest';
import { EMAIL_WORDS } from './email-words.ts';
import { INSTALL_PAGE_WORDS } from './install-page-words.ts';
import { INSTALL_WORDS } from './install-words.ts';
import { LANGUAGES, readerLocale, type Language } from '../platform/language.ts';

const TABLES: Record<string, Record<Language, object>> = { EMAIL_WORDS, INSTALL_WORDS, INSTALL_PAGE_WORDS };

test.each(Object.keys(TABLES))(
  '%s has every sentence in every language, and none left in English',
  (name) => {
    const table = TABLES[name] ?? {};
    const english = new Map(sentences(TABLES[name]?.en));
    expect(Object.keys(table)).toEqual([...LANGUAGES]);
    for (const language of LANGUAGES) {
      const translated = sentences(TABLES[name]?.[language]);
      expect(translated.map(([key]) => key)).toEqual([...english.keys()]);
      for (const [key, text] of translated) {
        expect(text.trim(), `${language} ${key}`).not.toBe('');
        if (language !== 'en') expect(text, `${language} ${key}`).not.toBe(english.get(key));
      }
    }
  },
);

test('steps name the buttons by the words that stand on them', () => {
  for (const language of LANGUAGES) {
    const words = INSTALL_WORDS[language];
    expect(words.iphoneSteps.steps[0]).toContain(words.installOnIphone);
    expect(words.androidSteps.steps[0]).toContain(words.installOnAndroid);
  }
});

test('a locale falls back by its language, then to English', () => {
  expect(readerLocale('de-AT')).toEqual({ language: 'de', tag: 'de-AT' });
  expect(readerLocale('FR_ca')).toEqual({ language: 'fr', tag: 'fr-CA' });
  for (const locale of ['pt-BR', 'denglish', '', 'not a locale', null]) {
    expect(readerLocale(locale)).toEqual({ language: 'en', tag: 'en' });
  }
});

/** Every text of a table as [path, text]; a text with gaps is filled with ones and place names of no language. */
function sentences(words: unknown, path = ''): [string, string][] {
  if (typeof words === 'string') return [[path, words]];
  if (isPhrase(words)) return [[path, words(2, 'Xyz', '#1')]];
  if (typeof words !== 'object' || words === null) return [];
  return Object.entries(words).flatMap(([key, value]) => sentences(value, `${path}.${key}`));
}

function isPhrase(words: unknown): words is (...gaps: (string | number)[]) => string {
  return typeof words === 'function';
}
