import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** A purchase as it was about to be sent. No key, no code, no address. */
export interface Intent {
  attemptId: string;
  shopId: string;
  accountId: string;
  bundleCode: string;
  quantity: number;
  how: 'order' | 'stock' | 'top-up';
  unitIds: string[];
  /** The eSIM of a top-up. */
  esimId: string | null;
  /** ISO 8601. */
  sentAt: string;
}

/** What the journal beside an embedded database tells of the runs before this one. */
export interface Past {
  /** The run that stopped cleanly last. What was noted until then is on the disk in the database, and here no more. */
  stopped: string | null;
  /** The runs since, all of whose purchases are in `intents`. */
  started: ReadonlySet<string>;
  intents: readonly Intent[];
}

let past: Past = { stopped: null, started: new Set(), intents: [] };
let open: { directory: string; run: string; file: number } | undefined;

/**
 * The embedded database loses its last commits when the power goes: PGlite never asks the disk to keep anything. So
 * each purchase is also a line of a file that is on the disk before the request leaves. Throws a
 * sentence for whoever starts the app when the file cannot be read: what it holds may have been bought.
 */
export function readJournal(directory: string): Past {
  const text = contentOf(directory);
  const lines = text.split('\n');
  // A last line without its end was cut off while it was written: its purchase was never sent.
  const whole = lines.slice(0, -1).map((line) => parseLine(directory, line));
  const runs = whole.flatMap((line) => ('intent' in line ? [] : [line]));
  past = {
    stopped: runs.find(({ state }) => state === 'stopped')?.run ?? null,
    started: new Set(runs.filter(({ state }) => state === 'started').map(({ run }) => run)),
    intents: whole.flatMap((line) => ('intent' in line ? [line.intent] : [])),
  };
  return past;
}

/** What was read at the start. On PostgreSQL there is no journal, and nothing in it. */
export const journalPast = (): Past => past;

/** Begins this run's part of the journal. Until the next clean stop, everything before it stays in the file. */
export function beginJournal(directory: string, run: string): void {
  const text = contentOf(directory);
  // What was cut off must not become the beginning of a line.
  if (!text.endsWith('\n') && text !== '') replace(directory, text.slice(0, text.lastIndexOf('\n') + 1));
  open = { directory, run, file: openSync(fileIn(directory), 'a', 0o600) };
  append({ run, state: 'started' });
  keepEntry(directory);
}

/** Puts a purchase on the disk before it is sent. Nothing on PostgreSQL, whose commit is on the disk already. */
export function noteIntent(intent: Intent): void {
  if (open) append({ intent });
}

/** The database is whole on the disk: nothing of this journal is needed any more. */
export function endJournal(): void {
  if (!open) return;
  closeSync(open.file);
  replace(open.directory, `${JSON.stringify({ run: open.run, state: 'stopped' } satisfies Line)}\n`);
  open = undefined;
}

type Line = { run: string; state: 'started' | 'stopped' } | { intent: Intent };

const Line = z.union([
  z.object({ run: z.string(), state: z.enum(['started', 'stopped']) }),
  z.object({
    intent: z.object({
      attemptId: z.string(),
      shopId: z.string(),
      accountId: z.string(),
      bundleCode: z.string(),
      quantity: z.number(),
      how: z.enum(['order', 'stock', 'top-up']),
      unitIds: z.array(z.string()),
      // Not in a line of the version that topped up nothing.
      esimId: z.string().nullable().default(null),
      sentAt: z.string(),
    }),
  }),
]);

function append(line: Line) {
  if (!open) return;
  const { size } = fstatSync(open.file);
  try {
    writeSync(open.file, `${JSON.stringify(line)}\n`);
    fdatasyncSync(open.file);
  } catch (error) {
    // A full disk takes half a line, and the next one would go on from there.
    ftruncateSync(open.file, size);
    throw error;
  }
}

function parseLine(directory: string, line: string): Line {
  try {
    return Line.parse(JSON.parse(line));
  } catch {
    throw new Error(
      `The app does not start, because ${fileIn(directory)} cannot be read and may name eSIMs that were bought. ` +
        'Put the file back from a copy, or compare the orders of the last days at your supplier with those in ' +
        'Shopify, move the file away and start again.',
    );
  }
}

function contentOf(directory: string): string {
  try {
    return readFileSync(fileIn(directory), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}

function replace(directory: string, text: string) {
  const aside = `${fileIn(directory)}.new`;
  const file = openSync(aside, 'w', 0o600);
  writeSync(file, text);
  fsyncSync(file);
  closeSync(file);
  renameSync(aside, fileIn(directory));
  keepEntry(directory);
}

/** A new or renamed file is on the disk only when its folder is. */
function keepEntry(directory: string) {
  const folder = openSync(directory, 'r');
  fsyncSync(folder);
  closeSync(folder);
}

const fileIn = (directory: string) => join(directory, 'purchases.journal');
