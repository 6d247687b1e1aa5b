import { expect, test } from 'vitest';
import { drawPicture, pictureName, readPictureName } from './picture.ts';

test('a country, a region by its best-known countries, and the world have a picture each', () => {
  expect(pictureName({ kind: 'country', countries: ['FR'] })).toBe('FR');
  expect(pictureName({ kind: 'region', countries: ['AD', 'IT', 'FR', 'AL', 'DE', 'ES', 'SM'] })).toBe(
    'DE-ES-FR-IT',
  );
  expect(pictureName({ kind: 'region', countries: ['XK', 'AD'] })).toBe('AD-XK');
  expect(pictureName({ kind: 'global', countries: ['FR', 'DE'] })).toBe('global');
  expect(pictureName({ kind: 'country', countries: ['Europe'] })).toBe('global');
});

test('a picture has one name, and no other name has a picture', () => {
  expect(readPictureName('FR')).toEqual(['FR']);
  expect(readPictureName('DE-FR')).toEqual(['DE', 'FR']);
  expect(readPictureName('global')).toEqual([]);
  for (const name of ['FR-DE', 'FR-FR', 'fr', '', 'AT-BE-CH-DE-FR', '../FR', 'FR.png', 'GLOBAL', '__proto__'])
    expect(readPictureName(name), name).toBeNull();
});

test('there are no words in a picture, so that it serves every language', () => {
  const flag = '<svg viewBox="0 0 513 342"><path fill="#fff" d="M0 0h513v342H0z"/></svg>';
  for (const count of [0, 1, 2, 3, 4]) {
    const svg = drawPicture(Array.from({ length: count }, () => flag));
    expect(svg).not.toContain('<text');
    expect(svg.split('viewBox="0 0 513 342"')).toHaveLength(count + 1);
  }
});
