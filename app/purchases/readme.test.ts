import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { arrows } from './ledger.ts';

test('the README shows every state and its arrows as the ledger has them', () => {
  const rows = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8')
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter((cells) => cells.length === 7 && /^`[\w-]+`$/.test(cells[1] ?? ''));
  const shown = rows.map(([, state = '', , , , to = '']) => [
    state.replaceAll('`', ''),
    [...to.matchAll(/`([\w-]+)`/g)].map(([, name]) => name),
  ]);
  expect(Object.fromEntries(shown)).toEqual(arrows);
});
