import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const folder = join(import.meta.dirname, '../prisma/migrations');

/** These changed what no running app had used yet. */
const beforeTheFirstRelease = [
  ...['20261121060000_ledger', '20261121130000_prices'],
  ...['20261121140000_product_key', '20261121180000_sync'],
];

/** What an older version that still runs would stumble over. An index may go, a default may change. */
const breaks = [
  /\bDROP\s+(TABLE|COLUMN|TYPE|VIEW|FUNCTION|SCHEMA|SEQUENCE)\b/i,
  /\bRENAME\b/i,
  /\bSET\s+NOT\s+NULL\b/i,
  /\bSET\s+DATA\s+TYPE\b/i,
  /\bALTER\s+COLUMN\s+"\w+"\s+TYPE\b/i,
  // A type may hold a comma: DECIMAL(65,30).
  /\bADD\s+COLUMN\s+"\w+"(?!(\([^)]*\)|[^,;(])*\bDEFAULT\b)(\([^)]*\)|[^,;(])*\bNOT\s+NULL\b/i,
];
const breaking = (sql: string) =>
  breaks.flatMap((pattern) => pattern.exec(sql.replace(/--.*$/gm, ''))?.[0].replace(/\s+/g, ' ') ?? []);

test('a migration only adds, so that the version before it runs on while a deploy lasts', () => {
  const names = readdirSync(folder).filter((name) => !name.endsWith('.toml'));
  expect(names.length).toBeGreaterThan(5);
  const wrong = names
    .filter((name) => !beforeTheFirstRelease.includes(name))
    .flatMap((name) =>
      breaking(readFileSync(join(folder, name, 'migration.sql'), 'utf8')).map((what) => `${name}: ${what}`),
    );
  expect(wrong).toEqual([]);
});

test('what would break the version before is seen', () => {
  for (const name of beforeTheFirstRelease)
    expect(breaking(readFileSync(join(folder, name, 'migration.sql'), 'utf8'))).not.toEqual([]);
  expect(breaking('ALTER TABLE "Unit" ADD COLUMN     "colour" TEXT NOT NULL;')).not.toEqual([]);
  expect(breaking('ALTER TABLE "Unit" ADD COLUMN     "size" DECIMAL(65,30) NOT NULL;')).not.toEqual([]);
  expect(
    breaking('ALTER TABLE "Unit" ADD COLUMN "colour" TEXT NOT NULL DEFAULT \'red\', ADD COLUMN "size" INT;'),
  ).toEqual([]);
});
