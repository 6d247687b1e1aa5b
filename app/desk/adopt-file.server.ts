import { z } from 'zod';
import { readerHash, type Reader } from '../delivery/traveller.server.ts';
import { iccidHash } from '../esims/find.server.ts';
import { maskEmail } from '../orders/email.ts';
import { blindIndex, seal, unseal } from '../platform/secrets.server.ts';
import { SECOND } from '../platform/time.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { findTask, listItems } from '../tasks/queries.server.ts';
import type { SettledItem, TaskRun, TaskWork } from '../tasks/run.server.ts';
import { startTask, type NewItem } from '../tasks/start.server.ts';
import type { TaskItem } from '../tasks/task.ts';
import { adoptEsim, findStranger } from './adopt.server.ts';
import { MOST_ICCIDS, readIccidFile, type IccidFile, type IccidLine } from './iccid-file.ts';

/** Begins to ask the shop's suppliers for each ICCID of a file. Nothing is put on record by it. */
export async function startFinding(
  shop: Shop,
  { name, text, askedBy }: { name: string; text: string; askedBy: string },
): Promise<{ status: 'started'; taskId: string } | Extract<IccidFile, { status: 'unreadable' }>> {
  const file = readIccidFile(text);
  if (file.status === 'unreadable') return file;
  const items = file.lines.map((line) => toItem(shop, line));
  const { taskId } = await startTask(shop, {
    ...{ kind: 'esims.find', input: { name }, items, askedBy },
    // Another file is another task, also while this one is looked through; keyed, since digits can be guessed.
    subject: blindIndex('file', text),
  });
  return { status: 'started', taskId };
}

/** Begins to put on record what a finished look found. Null when it is none of the shop's, or found nothing. */
export async function startAdoptingFound(
  shop: Shop,
  findingId: string,
  askedBy: string,
): Promise<string | null> {
  const finding = await findTask(shop, findingId);
  if (finding?.kind !== 'esims.find') return null;
  const { items } = await listItems(shop, findingId, { states: ['done'], page: 1, perPage: MOST_ICCIDS });
  if (items.length === 0) return null;
  const found = items.map(({ subject, title, detail }) => ({
    subject,
    title,
    detail: lineDetail.parse(detail),
  }));
  const task = { kind: 'esims.adopt-found', subject: findingId, items: found, askedBy } as const;
  return (await startTask(shop, task)).taskId;
}

/** The task of `startFinding`: an item is done when an account has the eSIM. */
export const findMany: TaskWork = (run) =>
  oneByOne(run, async (iccid) => {
    const found = await findStranger({ id: run.shopId }, iccid, { patienceMs: PATIENCE_MS });
    if (found.status === 'owned') return { state: 'done', account: found.account };
    if (found.status === 'unanswered')
      return { state: 'failed', reason: found.problem, account: found.account };
    return { state: 'refused', reason: found.status };
  });

/** The task of `startAdoptingFound`. Run again, it finds on record what it put there. */
export const adoptFound: TaskWork = (run) =>
  oneByOne(run, async (iccid, reader) => {
    const kept = await adoptEsim(
      { id: run.shopId },
      { iccid, reader, by: run.askedBy ?? '' },
      { patienceMs: PATIENCE_MS },
    );
    if (kept.status === 'adopted' || kept.status === 'known') return { state: 'done' };
    if (kept.status === 'unanswered') return { state: 'failed', reason: kept.problem, account: kept.account };
    return { state: 'refused', reason: kept.status };
  });

// Nobody waits at a page: others need the supplier more.
const PATIENCE_MS = 30 * SECOND;

type Outcome = Pick<SettledItem, 'state' | 'reason'> & { account?: string | null };

async function oneByOne(
  run: TaskRun,
  work: (iccid: string, reader: Reader | null) => Promise<Outcome>,
): Promise<void> {
  for (let items = await run.nextItems(1); items.length > 0; items = await run.nextItems(1)) {
    for (const { position, subject, detail } of items) {
      const line = lineDetail.parse(detail);
      const { account = line.account, ...outcome }: Outcome =
        line.iccid === null
          ? { state: 'refused', reason: line.complaint }
          : await work(unseal(line.iccid, placeOf(run.shopId, subject)), readerOf(run.shopId, subject, line));
      const settled = { position, ...outcome, detail: { ...line, account } };
      await run.settleItems([settled], { [outcome.state]: 1 });
    }
  }
}

const lineDetail = z.object({
  line: z.number(),
  complaint: z.enum(['not-an-iccid', 'rounded', 'repeated', 'not-an-email', 'not-a-language']).nullable(),
  /** Sealed, as is whom its mails go to. */
  iccid: z.string().nullable(),
  reader: z.string().nullable().default(null),
  emailHash: z.string().nullable().default(null),
  /** Where it was found, or who did not answer. */
  account: z.string().nullable().default(null),
});

/** A line of a file as the page shows it. */
export function lineOf(shop: Pick<Shop, 'id'>, { subject, state, reason, title, detail }: TaskItem) {
  const found = lineDetail.parse(detail);
  const { line, account } = found;
  const reader = readerOf(shop.id, subject, found);
  return { line, title, state, reason, account, reader: reader && maskEmail(reader.email) };
}

function readerOf(shopId: string, subject: string, { reader }: { reader: string | null }): Reader | null {
  if (reader === null) return null;
  return JSON.parse(unseal(reader, placeOf(shopId, subject))) as Reader; // sealed by toItem, and nobody else can
}

function toItem({ id: shopId, domain }: Shop, { line, iccid, complaint, reader }: IccidLine): NewItem {
  const subject = iccid === null ? '' : iccidHash(iccid);
  return {
    subject,
    title: iccid === null ? '' : `ICCID ends in ${iccid.slice(-4)}`,
    detail: {
      ...{ line, complaint, iccid: iccid === null ? null : seal(iccid, placeOf(shopId, subject)) },
      // By which it is forgotten on request, also where nothing was added.
      emailHash: reader && readerHash(domain, reader.email),
      reader: reader && seal(JSON.stringify(reader), placeOf(shopId, subject)),
    },
  };
}

/** An item is known by its ICCID's blind index before it has a row. */
const placeOf = (shopId: string, subject: string) => ({
  ...{ table: 'TaskItem', column: 'detail', shopId, rowId: subject },
});
