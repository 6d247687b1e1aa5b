import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { shortLived } from './test/build.ts';
import { Longest } from './test/longest.ts';

// Where there is a PostgreSQL every story runs on it, as in a real shop, and on the embedded database those that feel the
// difference: who may wait for whom, what is left on the disk. The walk through the failpoints, the demo and the canary run
// there too. Where there is none, all of them run on the embedded one.
const onPostgres = (process.env['TEST_DATABASE_URL'] ?? '') !== '';
const feelTheDatabase = ['order', 'carts', 'webhooks', 'restore', 'shopify-rotation', 'full-disk'];
const embedded = onPostgres
  ? feelTheDatabase.map((name) => `test/flows/${name}.test.ts`)
  : ['test/flows/**/*.test.ts'];

// Long stories, the longest first: begun last, one would run alone. The run says at its end which files took longest.
const long = [
  ...['simulation/failpoints', 'flows/fail-over', 'simulation/chaos', 'flows/restore', 'routes/callbacks'],
  ...['flows/reseller', 'flows/notices', 'routes/queue', 'e2e/', 'flows/alerts', 'flows/refunds'],
  ...['flows/desk-actions', 'flows/balance-ledger', 'flows/doubt', 'flows/callbacks', 'flows/assignment'],
  ...['contract/esim-go', 'contract/reseller', 'flows/prices', 'flows/desk.', 'flows/top-ups'],
  ...['flows/privacy', 'flows/given-up', 'flows/guards', 'flows/lost-answers', 'flows/supplier-faults'],
  ...['simulation/sim', 'flows/publish', 'routes/', 'flows/webhooks', 'flows/strange-rows'],
  ...['flows/shopify-faults', 'simulation/clocks', 'flows/'],
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const placeOf = ({ moduleId }: TestSpecification) => {
      const place = long.findIndex((name) => moduleId.includes(`test/${name}`));
      return place === -1 ? long.length : place;
    };
    return sorted.sort((a, b) => placeOf(a) - placeOf(b));
  }
}

// A limit is there to end what hangs, and never to judge how fast a machine is that others use too.
const limits = { testTimeout: 1_200_000, hookTimeout: 1_200_000 };

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
    // The stories mostly wait, for each other's servers and for the rest between two orders: many at a time.
    maxWorkers: 6,
    sequence: { sequencer: LongestFirst },
    reporters: ['default', new Longest()],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['app/**/*.test.{ts,tsx}', 'test/*.test.ts'],
          setupFiles: ['test/setup.ts'],
          // Pure functions leave nothing behind: a process for each file would take as long as the tests.
          isolate: false,
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
      {
        test: {
          name: 'routes',
          include: ['test/routes/**/*.test.ts'],
          ...stories,
          env: onPostgres ? { FLOWS_ON: 'postgres' } : {},
        },
      },
      { test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], ...stories } },
      { test: { name: 'simulation', include: ['test/simulation/**/*.test.ts'], ...stories } },
      'extensions/vitest.config.ts',
    ],
  },
});
