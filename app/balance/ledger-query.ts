import { z } from 'zod';
import { entryKinds, type EntryKind } from './entry.ts';

/** What is asked of the ledger, as it stands in the address. */
export interface LedgerQuery {
  kind: EntryKind | null;
  /** Part of a reference, an order's name or a note. */
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
  search: z.string().trim().max(100).catch(''),
  ...{ from: day, until: day, after: id, before: id },
});

/** Reads an address; what cannot be understood is left out. */
export function readLedgerQuery(parameters: URLSearchParams): LedgerQuery {
  const get = (name: string) => parameters.get(name);
  return Asked.parse({
    ...{ kind: get('kind'), search: get('search') ?? '', from: get('from'), until: get('until') },
    ...{ after: get('after'), before: get('before') },
  });
}
