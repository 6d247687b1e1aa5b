import { PGlite } from '@electric-sql/pglite';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const folder = join(import.meta.dirname, '../prisma/migrations');
let pglite: PGlite;

beforeAll(async () => {
  pglite = await PGlite.create();
  for (const name of readdirSync(folder).sort())
    if (!name.endsWith('.toml')) await pglite.exec(readFileSync(join(folder, name, 'migration.sql'), 'utf8'));
  // The entries alone are looked at, so whose they are need not be on record.
  await pglite.exec('SET session_replication_role = replica');
  await pglite.exec(
    `INSERT INTO "Shop" (id, domain) VALUES ('one', 'one.myshopify.com'), ('two', 'two.myshopify.com')`,
  );
  await pglite.exec('SET session_replication_role = origin');
});
afterAll(() => pglite.close());

const entry = fc.record({
  // An account is one shop's.
  of: fc.constantFrom(
    { shopId: 'one', accountId: 'first' },
    { shopId: 'one', accountId: 'second' },
    { shopId: 'two', accountId: 'third' },
  ),
  kind: fc.constantFrom('purchase', 'refund', 'elsewhere'),
  // More digits than a cent has, and sums beyond what a floating number keeps.
  amount: fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }).map((units) => `${String(units)}e-6`),
  currency: fc.constantFrom('USD', 'EUR'),
  destination: fc.constantFrom('FR', '', null),
  // Around a change of the clocks in New York, at any hour.
  at: fc.date({
    min: new Date('2026-10-30T00:00Z'),
    max: new Date('2026-11-03T00:00Z'),
    noInvalidDate: true,
  }),
});
const act = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ act: fc.constant('book' as const), entries: fc.array(entry, { maxLength: 5 }) }),
  },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('delete' as const), number: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('change' as const), number: fc.nat(20), to: entry }) },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constant('clock' as const),
      shop: fc.constantFrom('one', 'two'),
      // The last one is a city nobody has heard of: it must stop no booking.
      zone: fc.constantFrom('America/New_York', 'Asia/Kathmandu', 'Pacific/Kiritimati', null, 'Moon/Tycho'),
    }),
  },
);
type Act = typeof act extends fc.Arbitrary<infer One> ? One : never;

let number = 0;
async function carryOut(one: Act, first: number) {
  switch (one.act) {
    case 'book':
      return pglite.query(
        `INSERT INTO "BalanceEntry" (id, "shopId", "accountId", kind, amount, currency, key, destination, at)
         SELECT e.key, e."shopId", e."accountId", e.kind, e.amount, e.currency, e.key, e.destination, e.at
         FROM jsonb_to_recordset($1) AS e (key text, "shopId" text, "accountId" text, kind text, amount numeric, currency text,
           destination text, at timestamp)
         ON CONFLICT DO NOTHING`,
        // Each is booked twice.
        [
          JSON.stringify(
            one.entries
              .map(({ of, ...each }) => ({ ...of, ...each, key: String(number++) }))
              .flatMap((each) => [each, each]),
          ),
        ],
      );
    case 'delete':
      return pglite.query('DELETE FROM "BalanceEntry" WHERE id = $1', [String(first + one.number)]);
    case 'change':
      return pglite.query('UPDATE "BalanceEntry" SET amount = $2, at = $3, destination = $4 WHERE id = $1', [
        ...[String(first + one.number), one.to.amount, one.to.at, one.to.destination],
      ]);
    case 'clock':
      return pglite.query('UPDATE "Shop" SET timezone = $2 WHERE id = $1', [one.shop, one.zone]);
    default:
      return one satisfies never;
  }
}

const columns = `"shopId", "accountId", kind, currency`;
const entries = `SELECT ${columns}, coalesce(destination, '') AS destination,
  day_on(known_zone((SELECT timezone FROM "Shop" WHERE id = "shopId")), at) AS day, amount FROM "BalanceEntry"`;
const days = `SELECT ${columns}, destination, day, amount FROM "BalanceDay"`;

test('whatever is booked, taken back or corrected, on whatever clock, the days of the ledger make what its entries make', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 15 }), async (acts) => {
      const first = number;
      for (const one of acts) await carryOut(one, first);
      const { rows } = await pglite.query(
        `SELECT ${columns}, destination, day::text, sum(amount)::text AS differs FROM
           (${entries} UNION ALL SELECT ${columns}, destination, day, -amount FROM (${days}) AS days) AS compared
         GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(amount) <> 0`,
      );
      expect(rows).toEqual([]);
    }),
    { numRuns: 60 },
  );
  const { rows } = await pglite.query<{ days: number; entries: number }>(
    `SELECT (SELECT count(*) FROM "BalanceDay")::int AS days, (SELECT count(*) FROM "BalanceEntry")::int AS entries`,
  );
  // It would hold of nothing, too.
  expect(rows[0]?.entries).toBeGreaterThan(rows[0]?.days ?? 0);
  expect(rows[0]?.days).toBeGreaterThan(10);
});

test('a day begins when it does on the shop’s clock, also on the day when the clocks are put back', async () => {
  const day = async (zone: string, at: string) => {
    const { rows } = await pglite.query<{ day: string }>('SELECT day_on(known_zone($1), $2)::text AS day', [
      zone,
      at,
    ]);
    return rows[0]?.day;
  };
  expect(await day('America/New_York', '2026-11-01T03:59:59Z')).toBe('2026-10-31');
  expect(await day('America/New_York', '2026-11-01T04:00:00Z')).toBe('2026-11-01');
  expect(await day('America/New_York', '2026-11-02T04:59:59Z')).toBe('2026-11-01');
  expect(await day('America/New_York', '2026-11-02T05:00:00Z')).toBe('2026-11-02');
  expect(await day('Asia/Kathmandu', '2026-11-01T18:15:00Z')).toBe('2026-11-02');
  expect(await day('Moon/Tycho', '2026-11-01T23:59:00Z')).toBe('2026-11-01');
});
