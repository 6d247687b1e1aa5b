import { afterAll, describe } from 'vitest';
import { openPostgres } from '../postgres.ts';
import { walkFailpoints } from './failpoints.ts';

const postgres = await openPostgres();

describe.skipIf('missing' in postgres)('on PostgreSQL, web and worker apart', () => {
  walkFailpoints({ postgresUrl: 'url' in postgres ? postgres.url : '' });
  afterAll(() => {
    if ('close' in postgres) postgres.close();
  });
});
