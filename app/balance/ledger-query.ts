import { z } from 'zod';
import { entryKinds, entryStates, type EntryKind, type EntryState } from './entry.ts';

/** What is asked of the ledger, as it stands in the address. */
export interface LedgerQuery {
  kind: EntryKind | null;
  /** Whether it is booked already. */
  state: EntryState | null;
  /** The beginning of a reference, an order's name, or part of a note. */
  search: string;
  /** ISO 8601 days on the shop's clock, both included. */
  from: string | null;
  until: string | null;
  /** The id of the last entry of the page before, or of the first one of the page behind. */
  after: string | null;
  before: string | null;
}

const day = z.iso.date().nullable().catch(null);
const id = z.string().max(64).nullable().catch(null);
const Asked = z.object({
  kind: z.enum(entryKinds).nullable().catch(null),
  state: z.enum(entryStates).nullable().catch(null),
  search: z.string().trim().max(100).catch(''),
  ...{ from: day, until: day, after: id, before: id },
});

/** Reads an address; what cannot be understood is left out. */
export function readLedgerQuery(parameters: URLSearchParams): LedgerQuery {
  const get = (name: string) => parameters.get(name);
  return Asked.parse({
    ...{
      kind: get('kind'),
      state: get('state'),
      search: get('search') ?? '',
      from: get('from'),
      until: get('until'),
    },
    ...{ after: get('after'), before: get('before') },
  });
}

/** What an order may be called that somebody types the name of: as Shopify writes it, with the number sign or without. */
export function orderNames(typed: string): string[] {
  const upper = typed.toUpperCase();
  return [...new Set([typed, `#${typed}`, upper, `#${upper}`])];
}
