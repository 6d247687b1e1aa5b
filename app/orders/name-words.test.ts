import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nameWords } from './name-words.ts';

test.each([
  ['José-María Peña', ['jose', 'maria', 'pena']],
  ['  O’Brien,  Sinéad ', ['o', 'brien', 'sinead']],
  ['山田 太郎', ['山田', '太郎']],
  ['Åse Åse', ['ase']],
  ['Jørgen STRAUẞ-Strauß', ['jorgen', 'strauss']],
  ['', []],
])('%j is found by %j', (name, words) => {
  expect(nameWords(name)).toEqual(words);
});

test('neither accents nor letter case nor the order of words matter', () => {
  const word = fc.stringMatching(/^[a-zàáâãäåçèéêëìíîïñòóôõöøùúûüýÿßæ]{1,9}$/);
  fc.assert(
    fc.property(fc.uniqueArray(word, { minLength: 1, maxLength: 8 }), (words) => {
      const typed = words.map((one) => one.normalize('NFD').toUpperCase()).reverse();
      expect(nameWords(typed.join(' ')).sort()).toEqual(nameWords(words.join('-')).sort());
    }),
  );
});
