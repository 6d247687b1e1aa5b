import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

let database: typeof import('./db.server.ts');
let budget: typeof import('./rate-limit.server.ts');
const folder = mkdtempSync(join(tmpdir(), 'esim-budget-'));

beforeAll(async () => {
  const key = Buffer.alloc(32, 1).toString('base64');
  Object.assign(process.env, {
    ...{
      SHOPIFY_API_KEY: 'key',
      SHOPIFY_API_SECRET: 'secret',
      SHOPIFY_APP_URL: 'http://127.0.0.1',
      RESEND_API_KEY: 're_1',
    },
    ...{
      MAIL_FROM: 'esim@shop.example',
      ENCRYPTION_KEYS: `k1:${key}`,
      BLIND_INDEX_KEY: key,
      DATA_DIR: folder,
      DATABASE_URL: '',
    },
  });
  // Settings are read at import.
  database = await import('./db.server.ts');
  budget = await import('./rate-limit.server.ts');
  await database.openDatabase();
});

afterAll(async () => {
  await database.closeDatabase();
  rmSync(folder, { recursive: true, force: true });
});

test('many callers at once are spread evenly over the seconds: one may wake late, never early', async () => {
  const starts: number[] = [];
  const before = performance.now();
  await Promise.all(
    Array.from({ length: 40 }, async () => {
      await budget.takeTurn('even.example', 40, 10_000);
      starts.push(performance.now());
    }),
  );
  starts.sort((a, b) => a - b);
  // Timers and the database round to whole milliseconds.
  for (const [index, start] of starts.entries()) expect(start - before).toBeGreaterThan(index * 25 - 2);
});

test('a turn that counts double moves the next one back from itself, however long its answer took', async () => {
  const before = performance.now();
  await budget.takeTurn('double.example', 10, 1000);
  await budget.takeTurn('double.example', 10, 1000);
  await new Promise((resolve) => setTimeout(resolve, 150));
  await budget.countTurn('double.example', 3, 10);
  await budget.takeTurn('double.example', 10, 1000);
  const waited = performance.now() - before;
  // A tenth of a second to the second turn, three tenths from there to the next one.
  expect(waited).toBeGreaterThan(400 - 10);
});

test('whoever would wait too long is refused, and no turn is given away twice', async () => {
  const started = performance.now();
  const turns: number[] = [];
  const outcomes = await Promise.allSettled(
    Array.from({ length: 100 }, async () => {
      await budget.takeTurn('full.example', 10, 1000);
      turns.push(performance.now());
    }),
  );
  const refused = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
  );
  // One at once, ten within the second that may be waited, and more only as time goes by while the rest ask.
  expect(turns.length).toBeGreaterThanOrEqual(11);
  turns.sort((a, b) => a - b);
  for (const [index, turn] of turns.entries()) expect(turn - started).toBeGreaterThan(index * 100 - 2);
  for (const error of refused) {
    expect(error).toBeInstanceOf(budget.BudgetExhausted);
    expect((error as InstanceType<typeof budget.BudgetExhausted>).waitMs).toBeGreaterThan(0);
  }
  await budget.takeTurn('full.example', 10, 5000);
});

test('a host that asked everyone to wait is left alone, and other hosts are not', async () => {
  await budget.holdTurns('tired.example', 60_000);
  await expect(budget.takeTurn('tired.example', 10, 1000)).rejects.toThrow(
    'no request to tired.example is free',
  );
  await budget.takeTurn('fresh.example', 10, 0);
});

test('so many in a window that slides, however many ask at once, and one more when the first is out of it', async () => {
  const take = () => budget.takeOfWindow('log-in.example', 3, 5000);
  const waits = await Promise.all(Array.from({ length: 8 }, take));
  expect(waits.filter((waitMs) => waitMs === 0)).toHaveLength(3);
  const refused = waits.filter((waitMs) => waitMs > 0);
  for (const waitMs of refused) expect(waitMs).toBeLessThanOrEqual(5000);
  await new Promise((resolve) => setTimeout(resolve, Math.max(...refused) + 5));
  expect(await take()).toBe(0);
  expect(await budget.takeOfWindow('other.example', 3, 5000)).toBe(0);
});

test('after a rest so many come at once, then one after the other, and who leaves some to others gets none of those', async () => {
  const take = (mostWaitMs: number) => budget.takeTurn('hour.example', 0.01, mostWaitMs, 6);
  const outcomes = async (many: number, mostWaitMs: number) =>
    (await Promise.allSettled(Array.from({ length: many }, () => take(mostWaitMs)))).filter(
      ({ status }) => status === 'fulfilled',
    ).length;
  // Five hundred seconds are five turns at this pace, of which three are left alone.
  expect(await outcomes(8, -300_000)).toBe(3);
  expect(await outcomes(8, 0)).toBe(3);
  const refused: unknown = await take(0).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(budget.BudgetExhausted);
  const { waitMs } = refused as InstanceType<typeof budget.BudgetExhausted>; // as looked at before
  expect(waitMs).toBeGreaterThan(0);
  expect(waitMs).toBeLessThanOrEqual(100_000);
  const patient: unknown = await take(-300_000).catch((error: unknown) => error);
  expect((patient as InstanceType<typeof budget.BudgetExhausted>).waitMs).toBeGreaterThan(300_000);
});
