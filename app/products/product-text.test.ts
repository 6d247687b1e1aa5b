import { expect, test } from 'vitest';
import { productHandle, productText } from './product-text.ts';

const bundle = {
  description: 'eSIM, 1GB, 7 Days, Europe, V2',
  countries: ['DE', 'FR'],
  region: 'Europe',
  dataBytes: 1_000_000_000n,
  days: 7,
  groups: [],
  speeds: ['4G', '5G'],
};

test('a product tells where the eSIM works, how much and how long', () => {
  const { title, descriptionHtml, tags } = productText(bundle);
  expect(title).toBe('Europe 1 GB, 7 days');
  for (const fact of ['1 GB', '7 days', 'Germany, France', '4G, 5G']) expect(descriptionHtml).toContain(fact);
  expect(tags).toEqual(['eSIM', 'Europe', 'Germany', 'France']);
});

test('words of a supplier are text in the shop, never markup, and cannot split a tag', () => {
  const { descriptionHtml, tags } = productText({ ...bundle, region: '<img src=x onerror="a">, "b"' });
  expect(descriptionHtml).not.toContain('<img');
  expect(tags.every((tag) => !tag.includes(','))).toBe(true);
});

test('two codes that differ in letter case only have two handles', () => {
  const one = productHandle({ id: '1a2b3c4d-0000-4000-8000-000000000000', code: 'esim_1GB_7D_FR_V2' });
  const other = productHandle({ id: '5e6f7a8b-0000-4000-8000-000000000000', code: 'ESIM_1GB_7D_FR_V2' });
  expect(one).toBe('esim-1gb-7d-fr-v2-1a2b3c4d');
  expect(other).not.toBe(one);
});
