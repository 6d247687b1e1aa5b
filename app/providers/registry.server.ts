import { z } from 'zod';
import type { ProviderConnection } from './connection.ts';
import type { EsimProvider, SellingProvider } from './contract.ts';
import { limits as esimGoLimits, smsSender as esimGoSender } from './esim-go/limits.ts';
import { createEsimGo } from './esim-go/provider.server.ts';
import { field } from './form.ts';
import { createGoHub, limits as goHubLimits } from './gohub/provider.server.ts';
import { createReseller, limits as resellerLimits } from './reseller/provider.server.ts';
import { createSimvox, limits as simvoxLimits } from './simvox/provider.server.ts';

export type ProviderEntry = EntryOf<true> | EntryOf<false>;

interface EntryOf<Sells extends boolean> {
  /** False for a supplier that only tells of eSIMs bought elsewhere. */
  sells: Sells;
  /** What merchants call it. */
  title: string;
  /** Where its API is, the same for everybody; absent where a credential says it. */
  baseUrl?: string;
  /** Parses the connect form, which is drawn from it, and the same values after decryption. */
  credentials: CredentialSchema<Record<string, string>>;
  /** How the merchant lets the supplier call us; absent where it never calls. */
  callbacks?: CallbackWords;
  /** The name that text messages come from, as the phone shows it; absent where the supplier sends none. */
  smsSender?: string;
  limits: Sells extends true ? ProviderLimits : RequestLimits;
  /** Throws `ZodError` for credentials that are not this supplier's. */
  create: (connection: ProviderConnection<unknown>) => Sells extends true ? SellingProvider : EsimProvider;
}

export interface CallbackWords {
  /** Step by step, where a person does it at the supplier's; none where `subscribe` does. */
  steps: string[];
  /** Of calls without a signature; null where there are none. */
  unsigned: string | null;
}

export interface RequestLimits {
  requestsPerSecond: number;
  /** Where the supplier counts the hour as well. */
  requestsPerHour?: number;
  /** The credential by which the supplier counts requests; absent where it counts by address of ours, all shops together. */
  countedBy?: string;
}

export interface ProviderLimits extends RequestLimits {
  maxPerOrder: number;
  /** Of one account. */
  minMsBetweenOrders: number;
  /** What a saved card can be charged, in whole units of the account's currency. */
  card?: { least: number; mostPerDay: number };
}

type CredentialSchema<Credentials> = z.ZodType<Credentials> & { shape: Record<string, z.ZodType> };

const text = (problem: string) => z.string().trim().min(1, problem);

// The vendor shows one in the form of a UUID with letters that no UUID has, and promises no form.
const brandingProfile = z
  .string()
  .trim()
  .regex(/^[\w-]{0,64}$/, 'Enter the Profile ID alone: letters, digits and hyphens.')
  .default('');

/** Every supplier the app can work with. The key is stored with each account and never changes. */
export const providers = {
  'esim-go': entry({
    sells: true,
    title: 'eSIM Go',
    baseUrl: 'https://api.esim-go.com',
    credentials: z.object({
      apiKey: field(text('Enter the API key.'), {
        ...{ kind: 'key', label: 'API key' },
        help: 'In the eSIM Go portal: Account Settings → API Details.',
      }),
      // Accounts that were connected before there was a choice have the first.
      version: field(z.enum(['2.4', '2.5']).default('2.4'), {
        ...{ kind: 'choice', label: 'API version' },
        choices: [
          { value: '2.4', label: '2.4' },
          { value: '2.5', label: '2.5, which can suspend and delete an eSIM too' },
        ],
        help: 'Either one sells the same bundles.',
      }),
      brandingProfile: field(brandingProfile, {
        ...{ kind: 'text', label: 'Branding profile', onlyWith: { field: 'version', value: '2.5' } },
        help: 'For the eSIMs that are bought from now on: its Profile ID, in the eSIM Go portal under eSIM Branding. Without one they get your first profile. Those applied from stock always do.',
      }),
    }),
    callbacks: {
      steps: [
        'In the eSIM Go portal, open Account Settings → API Details.',
        'Paste the address above as Callback URL.',
        'Choose V3 as Callback Version, and save. Its calls are signed with your API key, so nobody else can make them up.',
      ],
      unsigned: 'Callback Version V2 is not signed. eSIM Go will stop offering it.',
    },
    smsSender: esimGoSender,
    limits: esimGoLimits,
    create: createEsimGo,
  }),
  reseller: entry({
    sells: true,
    title: 'eSIM API',
    credentials: z.object({
      baseUrl: field(text('Enter the address of the API.'), {
        ...{ kind: 'address', label: 'API address', example: 'https://api.example.com/api/v1' },
        help: 'As the supplier gave it to you.',
      }),
      email: field(z.string().trim().pipe(z.email('Enter the e-mail address you log in with.')), {
        ...{ kind: 'text', label: 'E-mail', example: 'you@example.com' },
        help: 'With which you log in to the reseller’s dashboard. QR codes are mailed there too, and never to your buyers.',
      }),
      password: field(z.string().min(1, 'Enter the password.'), {
        ...{ kind: 'password', label: 'Password' },
        help: 'Five log-ins in 15 minutes are all that the supplier allows.',
      }),
    }),
    callbacks: { steps: [], unsigned: null },
    limits: resellerLimits,
    create: createReseller,
  }),
  simvox: entry({
    sells: false,
    title: 'Simvox',
    baseUrl: 'https://api.simvox.com/v1',
    credentials: z.object({
      token: field(text('Enter the token.'), {
        ...{ kind: 'key', label: 'Token', help: 'In the Simvox portal: API Key Management.' },
      }),
    }),
    limits: simvoxLimits,
    create: createSimvox,
  }),
  gohub: entry({
    sells: false,
    title: 'GoHub',
    credentials: z.object({
      baseUrl: field(text('Enter the address of the API.'), {
        ...{ kind: 'address', label: 'API address', example: 'https://api.example.com' },
        help: 'As GoHub gave it to you.',
      }),
      header: field(
        z
          .string()
          .trim()
          .regex(/^[\w-]+$/, 'Enter the name of a header.'),
        {
          ...{ kind: 'text', label: 'Header of the key', example: 'x-api-key' },
          help: 'In which header GoHub wants the key.',
        },
      ),
      key: field(text('Enter the key.'), {
        ...{ kind: 'key', label: 'Key' },
        help: 'As it goes into the header: with “Bearer ” in front where GoHub wants that.',
      }),
    }),
    limits: goHubLimits,
    create: createGoHub,
  }),
} satisfies Record<string, ProviderEntry>;

export type ProviderKey = keyof typeof providers;

export function isProviderKey(value: string): value is ProviderKey {
  return Object.hasOwn(providers, value);
}

/** A line of the registry: the adapter gets the credentials as the schema parses them. */
export function entry<Credentials extends Record<string, string>, Sells extends boolean>(
  supplier: Omit<EntryOf<Sells>, 'credentials' | 'create'> & {
    credentials: CredentialSchema<Credentials>;
    create: (connection: ProviderConnection<Credentials>) => ReturnType<EntryOf<Sells>['create']>;
  },
): EntryOf<NoInfer<Sells>> {
  return {
    ...supplier,
    create: (connection) =>
      supplier.create({ ...connection, credentials: supplier.credentials.parse(connection.credentials) }),
  };
}
