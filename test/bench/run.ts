// npm run bench -- [webhooks|orders|delivery|catalogue|publish|memory|recovery|pricing|figures|desk …] [--embedded] [--orders N]: figures, never a
// verdict. Times depend on the machine and on what else it does; the ratios were measured in one run and travel better.
import { parseArgs } from 'node:util';
import { buildWhatIsStale } from '../build.ts';
import { openPostgres } from '../postgres.ts';
import { catalogue } from './catalogue.ts';
import { delivery } from './delivery.ts';
import { desk } from './desk.ts';
import { figures } from './figures.ts';
import { machine } from './measure.ts';
import { memory } from './memory.ts';
import { orders } from './orders.ts';
import { pricing } from './pricing.ts';
import { publish } from './publish.ts';
import { recovery } from './recovery.ts';
import { webhooks } from './webhooks.ts';

const benchmarks: Record<
  string,
  (postgresUrl: string | null, options: { orders?: number }) => Promise<void>
> = {
  webhooks,
  orders,
  delivery,
  catalogue,
  publish,
  memory,
  recovery,
  pricing,
  figures,
  desk,
};
const { positionals: names, values } = parseArgs({
  allowPositionals: true,
  options: { embedded: { type: 'boolean' }, orders: { type: 'string' } },
});
const options = values.orders === undefined ? {} : { orders: Number(values.orders) };
const unknown = names.filter((name) => !Object.hasOwn(benchmarks, name));
if (unknown.length > 0) {
  console.error(
    `There is no benchmark ${unknown.join(', ')}. There are: ${Object.keys(benchmarks).join(', ')}.`,
  );
  process.exit(1);
}

buildWhatIsStale();
const postgres = values.embedded ? { missing: 'as asked' } : await openPostgres();
try {
  console.log(machine());
  console.log(
    'url' in postgres ? 'Database: PostgreSQL on this machine' : `Database: embedded (${postgres.missing})`,
  );
  for (const [name, run] of Object.entries(benchmarks)) {
    if (names.length === 0 || names.includes(name))
      await run('url' in postgres ? postgres.url : null, options);
  }
} finally {
  if ('url' in postgres) postgres.close();
}
