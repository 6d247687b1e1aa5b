import { db } from '../platform/db.server.ts';
import { failpoint } from '../platform/failpoint.server.ts';
import { log } from '../platform/log.server.ts';
import { wake } from '../platform/queue.server.ts';
import { backOff, currentTime, DAY, MINUTE, msSince, SECOND, sleep } from '../platform/time.ts';
import { ProviderError, type BundlePage, type SellingProvider } from '../providers/contract.ts';
import { markKeyRefused, sellerFor } from '../settings/suppliers.server.ts';
import type { DoneItem, TaskRun } from '../tasks/run.server.ts';
import { startTask } from '../tasks/start.server.ts';
import { keep, type KeptBundle } from './difference.ts';
import { refreshNetworks } from './networks.server.ts';
import { obstacleOf } from './obstacle.ts';
import { findNews, hasNews, withdrawOthers, writeNews, type Account } from './store.server.ts';
import { leftOutItem, newsItems, withdrawnItem, type LeftOut } from './sync-items.ts';

/** A supplier that is down is asked so often for a page; one that only asks to wait, so long. */
const MOST_TRIES = 4;
const MOST_WAITING = 5 * MINUTE;
const NETWORKS_EVERY = 7 * DAY;
/** So many of what was left out are named; all are counted. */
const MOST_NAMED = 200;

/** Begins to compare a supplier account's catalogue with what is stored, or names the sync that is at it. */
export function startSync(
  shop: { id: string },
  accountId: string,
  askedBy: string | null,
): Promise<{ taskId: string; isNew: boolean }> {
  return startTask(shop, { kind: 'catalogue.sync', subject: accountId, askedBy });
}

/**
 * The work of `catalogue.sync`; the subject is a supplier account. Each page is one commit of what is new in it, so a
 * second run, or one after a crash, reads again from the first page and writes what is missing. What the supplier no
 * longer lists is marked at the end, and only when the list was whole.
 */
export async function syncCatalogue(run: TaskRun): Promise<void> {
  const account = { shopId: run.shopId, accountId: run.subject };
  try {
    const { provider } = await sellerFor(account);
    const { syncedAt, networksAt } = await db.supplierAccount.findFirstOrThrow({
      where: { id: run.subject, shopId: run.shopId },
      select: { syncedAt: true, networksAt: true },
    });
    await run.save({ done: 0, total: null });
    const read = await readPages(run, provider, { account, isFirst: syncedAt === null });
    await finish(run, account, read);
    if (!networksAt || msSince(networksAt) > NETWORKS_EVERY) await refreshNetworks(run, provider, account);
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'credentials') await markKeyRefused(account);
    throw error;
  } finally {
    // What was stored before a failure has its consequences too.
    await wake('products.follow', run.shopId);
  }
}

interface Read {
  /** Every code the supplier listed, also of what it lists and we cannot sell. */
  codes: Set<string>;
  /** How many of them can be sold. */
  usable: number;
  lines: number;
  /** As announced; null when it was not, and when the announcements differ: the list changed while it was read. */
  total: number | null;
  isWhole: boolean;
  leftOut: LeftOut[];
}

async function readPages(
  run: TaskRun,
  provider: SellingProvider,
  { account, isFirst }: { account: Account; isFirst: boolean },
): Promise<Read> {
  const read: Read = { codes: new Set(), usable: 0, lines: 0, total: null, isWhole: true, leftOut: [] };
  let savedAt = 0;
  for await (const page of pagesOf(run, provider)) {
    const fresh = takeIn(page, read);
    const news = await findNews(account, fresh);
    const progress = { done: read.usable, total: read.total };
    if (hasNews(news)) {
      // The page and its progress in one commit, so that the figures are right after a crash too.
      await db.$transaction(async (tx) => {
        await writeNews(tx, account, news);
        const { items, counts } = newsItems(news, isFirst);
        await run.addItems(items, tx);
        await run.save({ ...progress, counts }, tx);
      });
      savedAt = performance.now();
      failpoint('import.page-written');
    } else if (performance.now() - savedAt > SECOND) {
      await run.save(progress);
      savedAt = performance.now();
    }
  }
  return read;
}

/** The pages, each asked for again where a try may help. A page that came is not asked for twice. */
async function* pagesOf(run: TaskRun, provider: SellingProvider): AsyncGenerator<BundlePage> {
  let from: string | undefined;
  let tries = 0;
  let since = performance.now();
  for (;;) {
    try {
      for await (const page of provider.listBundles(from)) {
        yield page;
        from = page.next;
        tries = 0;
        since = performance.now();
      }
      return;
    } catch (error) {
      tries += 1;
      if (!(error instanceof ProviderError)) throw error;
      const mayPass =
        (error.kind === 'down' && tries < MOST_TRIES) ||
        (error.kind === 'rate-limited' && performance.now() - since < MOST_WAITING);
      if (!mayPass) throw error;
      await wait(run, Math.min(error.retryAfterMs ?? backOff(tries, 2 * SECOND, 20 * SECOND), MINUTE));
    }
  }
}

/** Waits, and notices meanwhile when the task is cancelled. */
async function wait(run: TaskRun, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 2 * SECOND) {
    await run.save({});
    await sleep(Math.min(left, 2 * SECOND));
  }
}

/** Counts a page in, and answers the bundles on it that can be sold and did not come before. */
function takeIn(page: BundlePage, read: Read): KeptBundle[] {
  const leaveOut = (one: LeftOut) => {
    read.leftOut.push(one);
    if (one.code !== null) read.codes.add(one.code);
  };
  const fresh: KeptBundle[] = [];
  for (const bundle of page.bundles) {
    if (read.codes.has(bundle.code)) continue;
    const obstacle = obstacleOf(bundle);
    if (obstacle !== null) {
      leaveOut({ code: bundle.code, reason: obstacle });
      continue;
    }
    read.codes.add(bundle.code);
    fresh.push(keep(bundle));
  }
  for (const one of page.leftOut) leaveOut(one);
  if (read.lines > 0 && page.total !== read.total) read.isWhole = false;
  read.total = page.total;
  read.lines += page.lines;
  read.usable += fresh.length;
  return fresh;
}

async function finish(run: TaskRun, account: Account, read: Read): Promise<void> {
  const { codes, usable, lines, total, leftOut } = read;
  if (usable === 0 && (leftOut.length > 0 || (await hasAny(account)))) {
    // More likely a fault on their side than the end of their business.
    throw new ProviderError('unreadable', 'the catalogue lists nothing that can be sold, all of a sudden');
  }
  // Lines that went missing between two pages, or that name nothing, are not withdrawn bundles.
  const isWhole =
    read.isWhole && (total === null || lines >= total) && leftOut.every(({ code }) => code !== null);
  await db.$transaction(async (tx) => {
    const withdrawn = isWhole ? await withdrawOthers(tx, account, codes) : [];
    const items: DoneItem[] = [
      ...withdrawn.map(withdrawnItem),
      ...leftOut.slice(0, MOST_NAMED).map(leftOutItem),
    ];
    await run.addItems(items, tx);
    await tx.supplierAccount.updateMany({
      where: { id: account.accountId, shopId: account.shopId },
      data: { syncedAt: currentTime() },
    });
    await run.save(
      {
        ...{ done: usable, total: usable },
        counts: {
          ...{ bundles: usable, withdrawn: withdrawn.length, leftOut: leftOut.length },
          ...(!isWhole && { incomplete: 1 }),
        },
      },
      tx,
    );
  });
  log.info('catalogue.synced', { taskId: run.id, accountId: account.accountId, count: usable });
}

async function hasAny({ shopId, accountId }: Account): Promise<boolean> {
  return (await db.bundle.findFirst({ where: { shopId, accountId }, select: { id: true } })) !== null;
}
