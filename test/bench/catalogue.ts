import { openShop } from '../shop.ts';
import { catalogueList } from './catalogue-list.ts';
import { imports } from './imports.ts';
import { openStage } from './stage.ts';

/** Reading a supplier's whole catalogue, reading it again unchanged, and paging through it. */
export async function catalogue(postgresUrl: string | null): Promise<void> {
  await imports(postgresUrl);
  if (postgresUrl === null) {
    console.log('The page at 50,000 bundles needs PostgreSQL, where bundles can be added from outside.');
    return;
  }
  const stage = await openStage({ postgresUrl });
  try {
    const merchant = await openShop(stage);
    if (stage.databaseUrl !== null) await catalogueList(stage.databaseUrl, merchant);
  } finally {
    await stage.end();
  }
}
