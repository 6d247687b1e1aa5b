import fc from 'fast-check';
import { expect, test } from 'vitest';
import { afterWriting, comparedFields, fieldChanges, readWritten, type ProductTexts } from './written.ts';

const texts: ProductTexts = {
  ...{ title: 'France eSIM', description: '<p>x</p>', seoTitle: '', seoDescription: '' },
  ...{ tags: ['eSIM', 'France'], productType: 'eSIM', vendor: 'Shop' },
};
const nothing = { fields: {}, asked: {}, owners: {} };
const written = { ...afterWriting(nothing, texts, texts), owners: {} };
const usual = { theirs: [], ours: [] };

test('a text the merchant changed stays, and the others follow the template', () => {
  const seen = { ...texts, title: 'Bonjour!', tags: ['France', 'eSIM'] };
  const wanted = { ...texts, title: 'eSIM for France', description: '<p>y</p>' };
  expect(fieldChanges(wanted, seen, written, usual)).toEqual({
    changes: { description: '<p>y</p>' },
    kept: ['title'],
  });
});

test('a field given to the merchant is never written again', () => {
  const wanted = { ...texts, title: 'New' };
  expect(fieldChanges(wanted, texts, written, { ...usual, theirs: ['title'] })).toEqual({
    changes: {},
    kept: ['title'],
  });
});

test('a text that is the app’s is written over whatever the merchant wrote, and then left as it is', () => {
  const seen = { ...texts, title: 'Bonjour!', vendor: 'Me' };
  const ours = { ...usual, ours: ['title'] as const };
  expect(fieldChanges(texts, seen, written, ours)).toEqual({
    changes: { title: 'France eSIM' },
    kept: ['vendor'],
  });
  expect(fieldChanges(texts, texts, written, ours)).toEqual({ changes: {}, kept: [] });
  // Also where Shopify keeps it otherwise than it was asked to.
  const tidied = { ...texts, title: 'France  eSIM' };
  const after = { ...afterWriting(nothing, texts, tidied), owners: {} };
  expect(fieldChanges(texts, tidied, after, ours)).toEqual({ changes: {}, kept: [] });
});

test('what was chosen for one product goes before what was chosen for all', () => {
  const seen = { ...texts, title: 'Bonjour!', tags: ['mine'] };
  const own = { ...written, owners: { title: 'ours', tags: 'once-changed' } as const };
  expect(fieldChanges(texts, seen, own, { theirs: ['title'], ours: ['tags'] })).toEqual({
    changes: { title: 'France eSIM' },
    kept: ['tags'],
  });
  expect(readWritten({ owners: { title: 'ours', tags: 'nobody' } }).owners).toEqual({});
});

test('when nothing is known of what was written, what differs is the merchant’s', () => {
  expect(fieldChanges({ ...texts, vendor: 'New' }, texts, nothing, usual)).toEqual({
    changes: {},
    kept: ['vendor'],
  });
});

test('a merchant who changes a text back gives it back to the app', () => {
  expect(fieldChanges({ ...texts, title: 'New' }, texts, written, usual).changes).toEqual({ title: 'New' });
});

test('what Shopify tidies is not written again and again, nor taken for the merchant’s', () => {
  const kept = { ...texts, description: '<p>x</p>\n' };
  const after = { ...afterWriting(nothing, texts, kept), owners: {} };
  expect(fieldChanges(texts, kept, after, usual)).toEqual({ changes: {}, kept: [] });
  expect(fieldChanges({ ...texts, description: 'new' }, kept, after, usual).changes).toEqual({
    description: 'new',
  });
});

test('what a newer version stored does not stop this one', () => {
  const known = {
    fields: { title: 'x' },
    asked: {},
    options: [],
    metafields: {},
    kept: [],
    bundleIds: [],
    owners: {},
  };
  expect(readWritten({ fields: { title: 'x', news: 1 }, options: 'none', more: true })).toEqual(known);
  expect(readWritten({})).toEqual({ ...known, fields: {} });
});

test('whatever the templates become, a text of the merchant is never overwritten', () => {
  const word = fc.string({ minLength: 1, maxLength: 3 });
  const anyTexts: fc.Arbitrary<ProductTexts> = fc.record({
    ...{ title: word, description: word, seoTitle: word, seoDescription: word },
    ...{ tags: fc.uniqueArray(word), productType: word, vendor: word },
  });
  fc.assert(
    fc.property(
      fc.array(anyTexts, { minLength: 1, maxLength: 6 }),
      fc.subarray([...comparedFields]),
      fc.nat(5),
      (wishes, edited, moment) => {
        let seen: ProductTexts = wishes[0] ?? texts;
        let known = { ...afterWriting(nothing, seen, seen), owners: {} };
        const mine = { title: 'MINE', description: 'MINE', seoTitle: 'MINE', seoDescription: 'MINE' };
        const theirs: ProductTexts = { ...mine, tags: ['MINE'], productType: 'MINE', vendor: 'MINE' };
        for (const [index, wanted] of wishes.entries()) {
          if (index === moment)
            seen = { ...seen, ...Object.fromEntries(edited.map((field) => [field, theirs[field]])) };
          const { changes } = fieldChanges(wanted, seen, known, usual);
          seen = { ...seen, ...changes };
          known = { ...afterWriting(known, changes, seen), owners: {} };
          // A second look changes nothing more.
          expect(fieldChanges(wanted, seen, known, usual).changes).toEqual({});
        }
        if (moment < wishes.length) for (const field of edited) expect(seen[field]).toEqual(theirs[field]);
        const untouched = comparedFields.filter(
          (field) => moment >= wishes.length || !edited.includes(field),
        );
        const sorted = (value: string | string[]) => (Array.isArray(value) ? value.toSorted() : value);
        for (const field of untouched)
          expect(sorted(seen[field])).toEqual(sorted((wishes.at(-1) ?? texts)[field]));
      },
    ),
  );
});
