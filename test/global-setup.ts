import { buildWhatIsStale } from './build.ts';
import { prepareDatabases } from './prepared.ts';

/** Stories run against what is deployed: the built server. */
export default async function setup() {
  buildWhatIsStale();
  await prepareDatabases({ postgresUrl: process.env['TEST_DATABASE_URL'] ?? null });
}
