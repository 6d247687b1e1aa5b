import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

let database: typeof import('../platform/db.server.ts');
let talk: typeof import('./talk-to-supplier.server.ts');
let sessions: typeof import('./supplier-session.server.ts');
const folder = mkdtempSync(join(tmpdir(), 'esim-talk-'));

/** A supplier that has had enough of one of its accounts. */
const asked: string[] = [];
const supplier = createServer((request, response) => {
  const who = request.headers.authorization ?? '';
  asked.push(who);
  const isTired = who.endsWith('tired');
  response.writeHead(isTired ? 429 : 200, { 'content-type': 'application/json', 'retry-after': '40' });
  response.end(JSON.stringify(isTired ? { message: 'too many' } : []));
});

beforeAll(async () => {
  await new Promise<void>((listening) => supplier.listen(0, '127.0.0.1', listening));
  const { port } = supplier.address() as AddressInfo; // it listens on a port
  const key = Buffer.alloc(32, 1).toString('base64');
  Object.assign(process.env, {
    ...{ SHOPIFY_API_KEY: 'key', SHOPIFY_API_SECRET: 'secret', SHOPIFY_APP_URL: 'http://127.0.0.1' },
    ...{ RESEND_API_KEY: 're_1', MAIL_FROM: 'esim@shop.example', DATA_DIR: folder, DATABASE_URL: '' },
    ...{ ENCRYPTION_KEYS: `k1:${key}`, BLIND_INDEX_KEY: key },
  });
  // Settings are read at import, by whichever test of this process comes first.
  const { config } = await import('../platform/config.server.ts');
  config.SUPPLIER_BASE_URLS.set('simvox', `http://127.0.0.1:${String(port)}`);
  database = await import('../platform/db.server.ts');
  talk = await import('./talk-to-supplier.server.ts');
  sessions = await import('./supplier-session.server.ts');
  await database.openDatabase();
});

afterAll(async () => {
  await database.closeDatabase();
  const { config } = await import('../platform/config.server.ts');
  config.SUPPLIER_BASE_URLS.delete('simvox');
  supplier.close();
  rmSync(folder, { recursive: true, force: true });
});

const connect = (token: string) =>
  talk.talkTo({
    ...{ provider: 'simvox', credentials: { token }, patienceMs: 2_000 },
    session: sessions.triedSession,
  });

async function eSimsOf(token: string): Promise<string> {
  for await (const page of connect(token).listEsims?.() ?? []) return `${String(page.length)} eSIMs`;
  return 'none';
}

test('who was told to wait is not sent again, and the other accounts of the supplier are not held for it', async () => {
  await expect(eSimsOf('tired')).rejects.toMatchObject({ kind: 'rate-limited', retryAfterMs: 40_000 });
  for (let tried = 0; tried < 3; tried += 1) {
    const refused: unknown = await eSimsOf('tired').catch((error: unknown) => error);
    expect(refused).toMatchObject({ kind: 'rate-limited' });
    expect((refused as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(20_000);
  }
  for (let tried = 0; tried < 3; tried += 1) expect(await eSimsOf('fresh')).toBe('none');
  expect(asked).toEqual(['Bearer tired', ...Array.from({ length: 3 }, () => 'Bearer fresh')]);
});
