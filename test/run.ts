import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { compiledOnce, root } from './build.ts';
import { openPostgres } from './postgres.ts';

// What `npm test` and CI run, cheapest first; `--only types,lint` runs a part.
const { values } = parseArgs({ options: { only: { type: 'string' } } });
const wanted = values.only?.split(',');

const postgres = wanted && !wanted.includes('tests') ? null : await openPostgres();
const onPostgres = postgres !== null && 'url' in postgres;

const steps: Record<string, string[][]> = {
  format: [['prettier', '--check', '--log-level', 'warn', '.']],
  types: [
    ['tsc', '--noEmit'],
    ...['extensions', 'extensions/thank-you', 'extensions/order-status', 'extensions/admin-order'].map(
      (project) => ['tsc', '--noEmit', '-p', project],
    ),
  ],
  lint: [['eslint', '.', '--max-warnings', '0', '--cache', '--cache-location', '.cache/eslint']],
  unit: wanted?.includes('unit') ? [['vitest', 'run', '--project', 'unit']] : [],
  build: [
    ['remix', 'vite:build'],
    ['node', 'extensions/build.mjs'],
  ],
  tests: [['vitest', 'run', ...(onPostgres ? [] : ['--project', '!flows-postgres'])]],
};

let failed = false;
for (const [name, commands] of Object.entries(steps)) {
  if (wanted && !wanted.includes(name)) continue;
  for (const [program = '', ...args] of commands) {
    const started = Date.now();
    const { status } = spawnSync(program, args, {
      cwd: root,
      stdio: 'inherit',
      env: { ...compiledOnce, ...process.env, ...(onPostgres && { TEST_DATABASE_URL: postgres.url }) },
    });
    console.log(
      `${status === 0 ? '✓' : '✗'} ${name}: ${[program, ...args].join(' ')} (${((Date.now() - started) / 1000).toFixed(1)} s)`,
    );
    if (status !== 0) failed = true;
  }
  if (failed) break;
}
if (postgres && 'url' in postgres) {
  postgres.close();
  console.log('The stories ran on PostgreSQL, and those that feel the database on PGlite too.');
} else if (postgres) {
  console.log(`The stories ran on PGlite only: ${postgres.missing}.`);
}
process.exit(failed ? 1 : 0);
