import { z } from 'zod';
import {
  decimal,
  flag,
  listOf,
  optionalDecimal,
  optionalFlag,
  optionalText,
  parsed,
  text,
} from '../lenient.ts';

/*
 * The part of the answers that is used, in the vendor's words, read leniently. The document shows one answer of most
 * operations and none of any list; fields that it does not show are marked as assumed.
 */

const filled = text.refine((value) => value !== '');

export const Tokens = z.object({
  access_token: filled,
  refresh_token: optionalText.default(null),
  /** Seconds. */
  token_expires_in: optionalDecimal.default(null),
});
export type Tokens = z.infer<typeof Tokens>;

/** Rows under their name, under `data`, or bare (assumed), with how many there are in all where that is said. */
function pageOf(key: string) {
  const rows = z.array(z.unknown());
  const inside = z.union([
    rows,
    z.looseObject({ [key]: rows }).transform((value): unknown[] => rowsAt(value, key)),
  ]);
  const total = z.object({ total: optionalDecimal }).nullable().catch(null).default(null);
  const page = z.looseObject({ pagination: total, total: optionalDecimal.default(null) });
  return z.union([
    rows.transform((found) => ({ rows: found, total: null })),
    page.transform((answer, context) => {
      const found = inside.safeParse(answer[key] ?? answer['data']);
      if (!found.success) context.addIssue({ code: 'custom', path: [key], message: 'no list' });
      const count = answer.pagination?.total ?? answer.total;
      return { rows: found.data ?? [], total: count?.toNumber() ?? null };
    }),
  ]);
}

function rowsAt(value: Record<string, unknown>, key: string): unknown[] {
  const rows = value[key];
  return Array.isArray(rows) ? rows : [];
}

// Assumed, from the words of orders and top-up plans: the document shows no plan.
const place = z.union([
  z
    .object({
      code: optionalText.default(null),
      iso: optionalText.default(null),
      country_code: optionalText.default(null),
    })
    .transform(({ code, iso, country_code }) => code ?? iso ?? country_code),
  text.transform((code): string | null => code),
]);

export const Plan = z.object({
  id: filled,
  name: optionalText.default(null),
  description: optionalText.default(null),
  country_code: optionalText.default(null),
  countries: listOf(place).catch([]).default([]),
  region_code: optionalText.default(null),
  package_code: optionalText.default(null),
  data_volume_mb: optionalText.default(null),
  is_unlimited: flag.catch(false).default(false),
  validity_days: decimal,
  price: optionalDecimal.default(null),
  unit_price: optionalDecimal.default(null),
  currency: optionalText.default(null),
});
export type Plan = z.infer<typeof Plan>;

const named = z.object({ id: filled }).transform(({ id }): string | null => id);

// Rows that do not parse cannot be sold, and are only named; a page of nothing else is a shape we do not know.
export const Plans = pageOf('plans').transform(({ rows, total }, context) => {
  const plans: Plan[] = [];
  const unreadable: (string | null)[] = [];
  for (const row of rows) {
    const read = Plan.safeParse(row);
    if (read.success) plans.push(read.data);
    else unreadable.push(named.catch(null).parse(row));
  }
  if (rows.length > 0 && plans.length === 0) context.addIssue({ code: 'custom', message: 'no plan' });
  return { plans, unreadable, lines: rows.length, total };
});

/** Under its name, under `data`, or bare. */
function oneOf<T>(key: string, schema: z.ZodType<T>) {
  return z
    .looseObject({})
    .transform((answer): unknown => answer[key] ?? answer['data'] ?? answer)
    .pipe(schema);
}

export const OnePlan = oneOf('plan', Plan);

const order = z.object({
  id: filled,
  plan_id: filled,
  quantity: decimal.catch(() => decimal.parse('1')),
  total_amount: optionalDecimal.default(null),
  currency: optionalText.default(null),
  status: optionalText.default(null),
  iccid: optionalText.default(null),
  qr_code_url: optionalText.default(null),
  // Assumed: some accounts may be told the code in text.
  activation_code: optionalText.default(null),
  // Assumed: no order is shown with a date, and without one it proves nothing.
  created_at: optionalText.default(null),
});
export type Order = z.infer<typeof order>;

export const OneOrder = oneOf('order', order);

// Strict on purpose: these rows are evidence, and leaving out one we cannot read would prove a purchase absent.
export const Orders = pageOf('orders').transform(({ rows, total }, context) => {
  const read = z.array(order).safeParse(rows);
  if (!read.success) context.addIssue({ code: 'custom', path: ['orders'], message: 'unreadable' });
  return { orders: read.data ?? [], total };
});

/** The answer to an order. What is missing decides whether it is a purchase, in map.ts. */
export const OrderAnswer = z.object({
  success: optionalFlag.default(null),
  message: optionalText.default(null),
  order: order.partial({ plan_id: true }).nullable().catch(null).default(null),
});
export type OrderAnswer = z.infer<typeof OrderAnswer>;

// Assumed: the document shows `topup_details` empty.
export const TopUpAnswer = z.object({
  success: optionalFlag.default(null),
  message: optionalText.default(null),
  topup_details: z
    .object({ order_id: optionalText.default(null) })
    .nullable()
    .catch(null)
    .default(null),
});
export type TopUpAnswer = z.infer<typeof TopUpAnswer>;

const topUpPlan = z.object({
  package_code: filled,
  name: optionalText.default(null),
  data_volume_mb: optionalText.default(null),
  price: optionalDecimal.default(null),
  currency: optionalText.default(null),
  validity_days: optionalDecimal.default(null),
});
export type TopUpPlan = z.infer<typeof topUpPlan>;

export const TopUpPlans = pageOf('plans').transform(({ rows }) => parsed(topUpPlan, rows));

const profile = z.object({
  iccid: filled,
  status: optionalText.default(null),
  /** Megabytes unless it names its unit, as all amounts of data. */
  data_remaining: optionalText.default(null),
  validity_days: optionalDecimal.default(null),
  // Assumed: a profile can be asked for by its order, so it knows it, and its plan.
  order_id: optionalText.default(null),
  plan_id: optionalText.default(null),
  activation_code: optionalText.default(null),
});
export type Profile = z.infer<typeof profile>;

export const OneProfile = oneOf('profile', profile);

/** Of an eSIM in megabytes, of an order in words: "1.2GB". */
const usage = z.object({
  data_used: optionalText.default(null),
  data_limit: optionalText.default(null),
  data_total: optionalText.default(null),
});
export type Usage = z.infer<typeof usage>;

export const OneUsage = oneOf('usage', usage);

const balance = z.object({
  balance: optionalDecimal.default(null),
  currency: filled,
  billing_mode: optionalText.default(null),
  credit_limit: optionalDecimal.default(null),
  current_usage: optionalDecimal.default(null),
  available_credit: optionalDecimal.default(null),
});
export type Balance = z.infer<typeof balance>;

// `balance` is a number of the answer itself, so only `data` can be around it.
export const OneBalance = oneOf('data', balance);

const transaction = z.object({
  id: filled,
  type: optionalText.default(null),
  status: optionalText.default(null),
  amount: decimal,
  currency: optionalText.default(null),
  description: optionalText.default(null),
  created_at: filled,
});
export type Transaction = z.infer<typeof transaction>;

export const Transactions = pageOf('transactions').transform(({ rows, total }) => ({
  transactions: parsed(transaction, rows),
  lines: rows.length,
  total,
}));

const webhook = z.object({ id: filled, endpoint_url: optionalText.default(null) });
export const Webhooks = pageOf('webhooks').transform(({ rows }) => parsed(webhook, rows));

export const Health = z.looseObject({
  status: text,
  services: z.record(z.string(), text).catch({}).default({}),
});

/** What is only done: anything that does not say the opposite. */
export const Done = z.object({ success: flag.default(true), message: optionalText.default(null) });
export type Done = z.infer<typeof Done>;

const callbackData = z.object({
  order_id: optionalText.default(null),
  iccid: optionalText.default(null),
  status: optionalText.default(null),
});

/** What it calls with. Assumed: the document names the events and shows no body. */
export const Callback = z.object({
  event_type: optionalText.default(null),
  event: optionalText.default(null),
  timestamp: optionalText.default(null),
  data: callbackData.nullable().catch(null).default(null),
});
export type Callback = z.infer<typeof Callback>;

/** The text of a QR code; null for a picture of something else. */
export const Picture = z.string().nullable();
