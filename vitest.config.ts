import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { shortLived } from './test/build.ts';

// Where there is a PostgreSQL every story runs on it, as in a real shop, and on the embedded database those that feel the
// difference. Where there is none, all of them run on the embedded one.
const onPostgres = (process.env['TEST_DATABASE_URL'] ?? '') !== '';
const feelTheDatabase = [
  ...['order', 'carts', 'webhooks', 'lost-answers', 'mail-faults'],
  ...['assignment', 'holds', 'restore', 'shopify-rotation'],
];
const embedded = onPostgres
  ? feelTheDatabase.map((name) => `test/flows/${name}.test.ts`)
  : ['test/flows/**/*.test.ts'];

/** The walks through the places of death are small files and long stories: begun last, they would run alone. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isWalk = ({ moduleId }: TestSpecification) => moduleId.includes('/failpoints');
    return [...sorted.filter(isWalk), ...sorted.filter((file) => !isWalk(file))];
  }
}

// A limit is there to end what hangs, and never to judge how fast a machine is that others use too.
const limits = { testTimeout: 600_000, hookTimeout: 600_000 };

const stories = {
  ...limits,
  setupFiles: ['test/setup.ts'],
  globalSetup: ['test/global-setup.ts'],
  // One process for a file: each has an app and a sandbox of its own.
  pool: 'forks' as const,
  execArgv: shortLived,
  server: { deps: { external: [/\/build\/server\//] } },
};

export default defineConfig({
  test: {
    // The stories mostly wait for each other's servers: more of them than processors at a time.
    maxWorkers: 4,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: 'unit',
          include: ['app/**/*.test.{ts,tsx}', 'test/*.test.ts'],
          setupFiles: ['test/setup.ts'],
          ...limits,
        },
      },
      { test: { name: 'sandbox', include: ['test/sandbox/**/*.test.ts'], ...limits } },
      {
        test: {
          name: 'contract',
          include: ['test/contract/**/*.test.ts'],
          setupFiles: ['test/setup.ts'],
          ...limits,
        },
      },
      { test: { name: 'flows', include: embedded, ...stories } },
      {
        test: {
          name: 'flows-postgres',
          include: ['test/flows/**/*.test.ts'],
          ...stories,
          env: { FLOWS_ON: 'postgres' },
        },
      },
      { test: { name: 'routes', include: ['test/routes/**/*.test.ts'], ...stories } },
      { test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], ...stories } },
      { test: { name: 'simulation', include: ['test/simulation/**/*.test.ts'], ...stories } },
      'extensions/vitest.config.ts',
    ],
  },
});
