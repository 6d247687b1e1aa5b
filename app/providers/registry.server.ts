import { z } from 'zod';
import type { EsimProvider, ProviderConnection } from './contract.ts';
import { createEsimGo, limits as esimGoLimits } from './esim-go/provider.server.ts';

export interface ProviderEntry {
  /** What merchants call it. */
  title: string;
  /** The fields of the connect form. A secret one is never shown again, save its last four characters. */
  fields: { name: string; label: string; secret: boolean; help: string }[];
  /** Parses the connect form, and the same values after decryption. */
  credentials: z.ZodType<Record<string, string>>;
  limits: ProviderLimits;
  /** Throws `ZodError` for credentials that are not this supplier's. */
  create: (connection: ProviderConnection<unknown>) => EsimProvider;
}

export interface ProviderLimits {
  maxPerOrder: number;
  minMsBetweenOrders: number;
  /** Counted per address of ours, so one budget for all shops. */
  requestsPerSecond: number;
  /** What a saved card can be charged, in whole units of the account's currency. */
  card?: { least: number; mostPerDay: number };
}

/** Every supplier the app can sell from. The key is stored with each account and never changes. */
export const providers = {
  'esim-go': entry({
    title: 'eSIM Go',
    fields: [
      {
        name: 'apiKey',
        label: 'API key',
        secret: true,
        help: 'In the eSIM Go portal: Account Settings → API Details.',
      },
    ],
    credentials: z.object({ apiKey: z.string().trim().min(1, 'Enter the API key.') }),
    limits: esimGoLimits,
    create: createEsimGo,
  }),
} satisfies Record<string, ProviderEntry>;

export type ProviderKey = keyof typeof providers;

export function isProviderKey(value: string): value is ProviderKey {
  return Object.hasOwn(providers, value);
}

function entry<Credentials extends Record<string, string>>(
  supplier: Omit<ProviderEntry, 'credentials' | 'create'> & {
    credentials: z.ZodType<Credentials>;
    create: (connection: ProviderConnection<Credentials>) => EsimProvider;
  },
): ProviderEntry {
  return {
    ...supplier,
    create: (connection) =>
      supplier.create({ ...connection, credentials: supplier.credentials.parse(connection.credentials) }),
  };
}
