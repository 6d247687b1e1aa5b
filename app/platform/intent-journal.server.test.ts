import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { beginJournal, endJournal, noteIntent, readJournal, type Intent } from './intent-journal.server.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'esim-journal-'));
});
afterEach(() => {
  endJournal();
  rmSync(folder, { recursive: true, force: true });
});

const file = () => join(folder, 'purchases.journal');
const intent = (attemptId: string): Intent => ({
  attemptId,
  shopId: 'shop',
  accountId: 'account',
  bundleCode: 'esim_1GB_7D_FR_V2',
  quantity: 2,
  how: 'order',
  esimId: null,
  unitIds: [`${attemptId}-1`, `${attemptId}-2`],
  sentAt: '2026-11-21T12:00:00.000Z',
});

test('a purchase that was noted is there after a crash, with the run it belongs to', () => {
  beginJournal(folder, 'run 1');
  noteIntent(intent('a'));
  expect(readJournal(folder)).toEqual({
    stopped: null,
    started: new Set(['run 1']),
    intents: [intent('a')],
  });
  beginJournal(folder, 'run 2');
  noteIntent(intent('b'));
  expect(readJournal(folder)).toMatchObject({ intents: [intent('a'), intent('b')] });
});

test('a clean stop leaves the name of the run and no purchase', () => {
  beginJournal(folder, 'run 1');
  noteIntent(intent('a'));
  endJournal();
  expect(readJournal(folder)).toEqual({ stopped: 'run 1', started: new Set(), intents: [] });
  beginJournal(folder, 'run 2');
  expect(readJournal(folder)).toMatchObject({ stopped: 'run 1', started: new Set(['run 2']) });
});

test('a line that the power cut off was never sent, and does not spoil the next one', () => {
  beginJournal(folder, 'run 1');
  noteIntent(intent('a'));
  appendFileSync(file(), '{"intent":{"attemptId":"cut');
  expect(readJournal(folder).intents).toEqual([intent('a')]);
  beginJournal(folder, 'run 2');
  noteIntent(intent('b'));
  expect(readJournal(folder).intents).toEqual([intent('a'), intent('b')]);
});

test('a line in the middle that cannot be read stops the start with the file and what to do', () => {
  beginJournal(folder, 'run 1');
  appendFileSync(file(), 'garbled\n');
  noteIntent(intent('a'));
  expect(() => readJournal(folder)).toThrow(`because ${file()} cannot be read`);
});

test('nothing is noted where the database itself keeps what it commits', () => {
  noteIntent(intent('a'));
  expect(readJournal(folder)).toEqual({ stopped: null, started: new Set(), intents: [] });
  expect(() => readFileSync(file())).toThrow('ENOENT');
});
