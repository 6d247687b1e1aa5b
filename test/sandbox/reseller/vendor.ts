import type { ServerConducts } from '../conducts.ts';
import { UNITS_PER_DOLLAR, type Plan } from './plans.ts';
import type { Account, State } from './state.ts';

/** The vendor's whole world, handed to every endpoint. */
export interface Vendor {
  state: State;
  plans: Map<string, Plan>;
  conducts: ServerConducts;
  /** Where it is reached, for the addresses of pictures. */
  url: string;
  /** Epoch milliseconds. */
  now(): number;
  /** Marks the state as changed. */
  touch(): void;
  /** Calls the account's webhooks, after the answer. */
  tell(account: Account, event: 'ORDER_STATUS' | 'ESIM_STATUS', data: object): void;
}

/** One request of an account. */
export interface Call {
  vendor: Vendor;
  account: Account;
  /** `buy POST /orders`: what a conduct is aimed at. */
  name: string;
  params: Record<string, string>;
  query: URLSearchParams;
  body: Record<string, unknown>;
}

export interface Answer {
  status: number;
  type: 'application/json' | 'text/html' | 'image/png';
  body: string | Buffer;
  headers?: Record<string, string>;
  /** The request did something: from here on a lost answer hurts. */
  executed?: boolean;
}

export function json(body: object, extra: Partial<Answer> = {}): Answer {
  return {
    ...{ status: 200, type: 'application/json' },
    body: JSON.stringify({ success: true, ...body }),
    ...extra,
  };
}

/** Assumed: the vendor shows no answer that says no. */
export function refuse(status: number, message: string, headers: Record<string, string> = {}): Answer {
  return { status, type: 'application/json', body: JSON.stringify({ success: false, message }), headers };
}

/** A page of a list. Assumed: the vendor names `page` and `limit` and shows no answer. */
export function paged<Row>(
  { query }: Pick<Call, 'query'>,
  { key, rows, overlap = 0 }: { key: string; rows: Row[]; overlap?: number },
  onTheWire: (row: Row) => object,
): Answer {
  const page = Number(query.get('page') ?? 1);
  const limit = Number(query.get('limit') ?? 20);
  if (!Number.isInteger(page) || page < 1 || !Number.isInteger(limit) || limit < 1 || limit > 100)
    return refuse(400, 'page must be positive and limit between 1 and 100');
  const from = (page - 1) * (limit - overlap);
  return json({
    [key]: rows.slice(from, from + limit).map(onTheWire),
    pagination: { page, limit, total: rows.length, pages: Math.ceil(rows.length / limit) },
  });
}

export function dollars(units: number): number {
  return units / UNITS_PER_DOLLAR;
}

export function nextNumber(vendor: Vendor): number {
  vendor.state.lastNumber += 1;
  return vendor.state.lastNumber;
}

/** What the account may still spend. */
export function creditUnits({ billing, balanceUnits, creditLimitUnits }: Account): number {
  return billing === 'postpaid' ? balanceUnits + creditLimitUnits : balanceUnits;
}

/** Books money on an account: below zero is a charge. */
export function book(
  vendor: Vendor,
  account: Account,
  entry: { type: 'topup' | 'order' | 'refund' | 'adjustment'; amountUnits: number; description: string },
) {
  account.balanceUnits += entry.amountUnits;
  const id = `txn-${String(nextNumber(vendor))}`;
  vendor.state.transactions.push({ id, accountId: account.id, at: vendor.now(), ...entry });
  vendor.touch();
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function inCase({ vendor, name }: Call, state: string): string {
  return vendor.conducts.strike('shouts-its-states', name) ? state.toUpperCase() : state;
}
