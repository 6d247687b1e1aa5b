import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

let database: typeof import('../platform/db.server.ts');
let sessions: typeof import('./supplier-session.server.ts');
const folder = mkdtempSync(join(tmpdir(), 'esim-session-'));
const [SHOP, KEY_MARK] = ['shop', 'mark-of-this-key'];

beforeAll(async () => {
  const key = Buffer.alloc(32, 1).toString('base64');
  Object.assign(process.env, {
    ...{ SHOPIFY_API_KEY: 'key', SHOPIFY_API_SECRET: 'secret', SHOPIFY_APP_URL: 'http://127.0.0.1' },
    ...{ RESEND_API_KEY: 're_1', MAIL_FROM: 'esim@shop.example', DATA_DIR: folder, DATABASE_URL: '' },
    ...{ ENCRYPTION_KEYS: `k1:${key}`, BLIND_INDEX_KEY: key },
  });
  // Settings are read at import.
  database = await import('../platform/db.server.ts');
  sessions = await import('./supplier-session.server.ts');
  await database.openDatabase();
  await database.db.shop.create({
    data: { id: SHOP, domain: 'sessions.myshopify.com', name: 'S', currency: 'USD' },
  });
});

afterAll(async () => {
  await database.closeDatabase();
  rmSync(folder, { recursive: true, force: true });
});

/** An account whose key ends as it should; answers its session as each process would have it. */
async function openAccount(id: string) {
  const { db } = database;
  await db.supplierAccount.create({
    data: { id, shopId: SHOP, provider: 'p', label: id, credentials: `sealed ${KEY_MARK}`, keyLast4: '' },
  });
  const stored = async () => (await db.supplierAccount.findUniqueOrThrow({ where: { id } })).session;
  const asProcess = (sealed: string | null, keyMark = KEY_MARK) =>
    sessions.sharedSession({ shopId: SHOP, accountId: id, sealed, keyMark, host: `${id}.example`, fetch });
  return { stored, asProcess };
}

test('one process logs in while the others wait, and all have what it brought, sealed', async () => {
  const { stored, asProcess } = await openAccount('waits');
  let logIns = 0;
  const open = async (kept: string | null) => {
    if (kept !== null) return kept;
    logIns += 1;
    await new Promise((resolve) => setTimeout(resolve, 300));
    return 'tokens-1';
  };
  const renewed = await Promise.all([1, 2, 3].map(() => asProcess(null).renew(open)));
  expect(renewed).toEqual(['tokens-1', 'tokens-1', 'tokens-1']);
  expect(logIns).toBe(1);
  expect(await stored()).not.toContain('tokens');
  expect(asProcess(await stored()).kept()).toBe('tokens-1');
});

test('what fails leaves the session as it was, and the next one may try', async () => {
  const { stored, asProcess } = await openAccount('fails');
  await expect(asProcess(null).renew(() => Promise.reject(new Error('down')))).rejects.toThrow('down');
  expect(await stored()).toBeNull();
  expect(await asProcess(null).renew(() => Promise.resolve('tokens-2'))).toBe('tokens-2');
});

test('what another key brought is not kept with the one that was entered since', async () => {
  const { stored, asProcess } = await openAccount('replaced');
  expect(await asProcess(null, 'another key').renew(() => Promise.resolve('of the old key'))).toBe(
    'of the old key',
  );
  expect(await stored()).toBeNull();
});

test('who tries a password leaves log-ins to the accounts that sell', async () => {
  const { asProcess } = await openAccount('counts');
  const wire = { host: 'counts.example', fetch };
  const spend = (session: { countLogIn: (most: number, windowMs: number) => Promise<void> }) =>
    session.countLogIn(5, 900_000).then(
      () => 'ok',
      (error: unknown) => (error instanceof Error && 'kind' in error ? error.kind : error),
    );
  const tried = () => spend(sessions.triedSession(wire));
  expect([await tried(), await tried(), await tried(), await tried()]).toEqual([
    'ok',
    'ok',
    'ok',
    'rate-limited',
  ]);
  const own = () => spend(asProcess(null));
  expect([await own(), await own(), await own()]).toEqual(['ok', 'ok', 'rate-limited']);
});
