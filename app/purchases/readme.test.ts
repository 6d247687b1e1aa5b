import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SECOND } from '../platform/time.ts';
import { arrows, step } from './ledger.ts';
import { endsByItself, isOfAccount, passReasons, waitFor } from './pass-on.ts';

const readme = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8');

/** The cells of rows that begin with one word of code, in tables of so many columns. */
const rowsOf = (columns: number) =>
  readme
    .split('\n')
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
    .filter((cells) => cells.length === columns && /^`[\w-]+`$/.test(cells[0] ?? ''));

test('the README shows every state and its arrows as the ledger has them', () => {
  const rows = rowsOf(5);
  const shown = rows.map(([state = '', , , , to = '']) => [
    state.replaceAll('`', ''),
    [...to.matchAll(/`([\w-]+)`/g)].map(([, name]) => name),
  ]);
  expect(Object.fromEntries(shown)).toEqual(arrows);
});

test('the README shows why a bundle is passed over, as the code has it', () => {
  const shown = rowsOf(4).map(([why = '', , against, waits]) => [why.replaceAll('`', ''), against, waits]);
  const meant = passReasons.map((why) => [
    why,
    isOfAccount(why) ? 'the account' : 'the bundle',
    endsByItself(why) || why === 'loss' ? waitWords(waitFor(why)) : 'held, for a person',
  ]);
  expect(shown.sort()).toEqual(meant.sort());
});

test('what the README says is found out by the supplier is what a purchase is passed on for', () => {
  const bySupplier = rowsOf(4)
    .filter(([, by]) => by?.startsWith('the supplier'))
    .map(([why = '']) => why.replaceAll('`', ''));
  const sending = { state: 'sending', quantity: 1, looks: 0, orderReference: null, mayRebuy: false } as const;
  const passedOn = [
    ...(['funds', 'bundle-unavailable', 'rejected', 'incompatible', 'branding'] as const).map((reason) =>
      step(sending, { type: 'refused', reason }),
    ),
    ...(
      ['credentials', 'funds', 'rejected', 'down', 'rate-limited', 'unknown-outcome', 'unreadable'] as const
    ).map((kind) => step(sending, { type: 'failed', kind, retryAfterMs: null })),
  ].flatMap((next) => next?.effects.passesOn ?? []);
  expect(bySupplier.sort()).toEqual([...new Set(passedOn)].sort());
});

function waitWords({ state, untilMs }: ReturnType<typeof waitFor>): string {
  if (state === 'paid') return 'paid, and bought as soon as the supplier answers';
  if (untilMs === null) return 'held, until a person takes the loss';
  return untilMs === 0
    ? 'held, and due as soon as the account works'
    : `held, looked at again after ${String(untilMs / SECOND / 60)} minutes`;
}
