import { createHash } from 'node:crypto';
import { z } from 'zod';
import { db } from '../platform/db.server.ts';
import { after, MINUTE } from '../platform/time.ts';
import { adminOf, type Admin } from '../shopify/admin.server.ts';
import { shopById, type Shop } from '../shopify/shops.server.ts';
import {
  findVariants,
  findVariantsByHandle,
  findVariantsBySku,
  type SeenVariant,
} from '../shopify/variants.server.ts';
import { findTask } from '../tasks/queries.server.ts';
import type { TaskWork } from '../tasks/run.server.ts';
import { startTask } from '../tasks/start.server.ts';
import type { TaskProgress } from '../tasks/task.ts';
import { variantGidIn } from './mapping-check.ts';
import { readMappingCsv, type MappingLine } from './mapping-csv.ts';

export type Unreadable = { status: 'unreadable'; sentences: string[] };

/** A file of mappings whose variants are looked up in Shopify, or were. */
export interface FileLook {
  task: TaskProgress;
  /** Of the file. */
  name: string;
  text: string;
  /** What was found so far: all that the lines may mean, and others. */
  variants: SeenVariant[];
  /** What is known of the shop may be wrong by now. */
  isOld: boolean;
}

/** Begins to look up the variants that a file names. The same file is looked at once at a time. */
export async function startLookingAtFile(
  shop: Shop,
  { name, text, askedBy }: { name: string; text: string; askedBy: string },
): Promise<{ status: 'started'; taskId: string } | Unreadable> {
  const file = readMappingCsv(text);
  if (file.status === 'unreadable') return file;
  const { taskId } = await startTask(shop, {
    ...{ kind: 'mappings.look', input: { name, text }, askedBy },
    subject: createHash('sha256').update(text).digest('base64url').slice(0, 20),
    items: questionsOf(file.lines).map((detail, at) => ({ subject: String(at), title: '', detail })),
  });
  return { status: 'started', taskId };
}

/** The task: each item is a question to Shopify, and keeps the answer. */
export const lookAtFile: TaskWork = async (run) => {
  const admin = adminOf((await shopById(run.shopId)).domain, 'patient');
  for (let items = await run.nextItems(1); items.length > 0; items = await run.nextItems(1)) {
    for (const { position, detail } of items) {
      const asked = question.parse(detail);
      const found = await ask(admin, asked);
      await run.settleItems([
        { position, state: 'done', detail: { ...asked, found: found.map((variant) => ({ ...variant })) } },
      ]);
    }
  }
};

/** A look of the shop's; null when it has none of this id. */
export async function findFileLook(shop: Shop, taskId: string): Promise<FileLook | null> {
  const task = await findTask(shop, taskId);
  if (task?.kind !== 'mappings.look') return null;
  const [row, items] = await Promise.all([
    db.task.findFirst({ where: { id: taskId, shopId: shop.id }, select: { input: true } }),
    db.taskItem.findMany({ where: { taskId, shopId: shop.id, state: 'done' }, select: { detail: true } }),
  ]);
  const { name, text } = input.parse(row?.input);
  return {
    ...{ task, name, text },
    variants: items.flatMap(({ detail }) => question.parse(detail).found),
    isOld: task.finishedAt !== null && task.finishedAt < after(-FRESH_MS),
  };
}

const FRESH_MS = 15 * MINUTE;

const input = z.object({ name: z.string(), text: z.string() });

const question = z.object({
  by: z.enum(['id', 'sku', 'handle']),
  values: z.array(z.string()),
  found: z
    .array(
      z.object({
        ...{ variantGid: z.string(), productGid: z.string(), title: z.string(), handle: z.string() },
        ...{ options: z.array(z.string()), sku: z.string().nullable(), price: z.string() },
        ...{ requiresShipping: z.boolean(), isGiftCard: z.boolean() },
      }),
    )
    .default([]),
});
type Question = z.output<typeof question>;

/** Values of one question: Shopify's calls take as many, so that a question is a call or two. */
const TOGETHER = 50;

function questionsOf(lines: MappingLine[]): Question[] {
  const ids = lines.flatMap(({ variantId }) => variantGidIn(variantId) ?? []);
  const skus = lines.flatMap(({ variantId, sku }) => (variantId === '' && sku !== '' ? sku : []));
  const handles = lines.flatMap(({ variantId, sku, handle }) =>
    variantId === '' && sku === '' && handle !== '' ? handle : [],
  );
  return [...together('id', ids), ...together('sku', skus), ...together('handle', handles)];
}

function together(by: Question['by'], values: string[]): Question[] {
  const all = [...new Set(values)];
  return Array.from({ length: Math.ceil(all.length / TOGETHER) }, (_, at) => ({
    ...{ by, values: all.slice(at * TOGETHER, (at + 1) * TOGETHER), found: [] },
  }));
}

function ask(admin: Admin, { by, values }: Question): Promise<SeenVariant[]> {
  switch (by) {
    case 'id':
      return findVariants(admin, values);
    case 'sku':
      return findVariantsBySku(admin, values);
    case 'handle':
      return findVariantsByHandle(admin, values);
    default:
      return by satisfies never;
  }
}
