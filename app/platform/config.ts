import { z } from 'zod';
import { parseFailpoint } from './failpoint.ts';

const url = z.url({ protocol: /^https?$/ }).transform((text) => text.replace(/\/+$/, ''));
const key32 = z.string().refine((text) => Buffer.from(text, 'base64').length === 32);

const list = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== ''),
  );

/** Every setting the process reads, with what to tell whoever left it out. */
const variables = {
  SHOPIFY_API_KEY: [z.string().min(1), 'the client ID of your app in the Shopify Dev Dashboard → Settings'],
  SHOPIFY_API_SECRET: [z.string().min(1), 'the client secret, beside the client ID in the Dev Dashboard'],
  SHOPIFY_API_SECRET_PREVIOUS: [
    z.string().min(1).optional(),
    'the client secret before this one, until it is revoked in the Dev Dashboard',
  ],
  SHOPIFY_APP_URL: [
    url,
    'the public https address of this server, the same as application_url in shopify.app.toml',
  ],
  SHOPIFY_ADMIN_URL: [url.default('https://admin.shopify.com'), 'the address of the Shopify admin'],
  APP_BRIDGE_URL: [
    url.default('https://cdn.shopify.com/shopifycloud/app-bridge.js'),
    'the address of the App Bridge script',
  ],
  ENCRYPTION_KEYS: [
    z
      .string()
      .transform((text) => text.split(',').map((entry) => entry.trim().split(':')))
      .pipe(z.array(z.tuple([z.string().regex(/^\w+$/), key32])).min(1)),
    'one or more id:key entries, newest first, e.g. k1:$(openssl rand -base64 32)',
  ],
  BLIND_INDEX_KEY: [key32, '32 random bytes as base64: openssl rand -base64 32; it must never change'],
  DATABASE_URL: [
    z.url({ protocol: /^postgres(ql)?$/ }).optional(),
    'postgresql://user:password@host/database; leave it out to try the app on an embedded database',
  ],
  DATA_DIR: [z.string().min(1).default('.data'), 'a folder for the embedded database'],
  PORT: [z.coerce.number().int().min(0).max(65535).default(3000), 'the port to listen on'],
  LISTEN_HOST: [z.string().min(1).default('127.0.0.1'), 'the address to listen on; 0.0.0.0 in a container'],
  RESEND_API_KEY: [z.string().min(1), 'an API key of resend.com → API Keys, with sending access'],
  RESEND_BASE_URL: [url.default('https://api.resend.com'), "the address of Resend's API"],
  MAIL_FROM: [
    z.string().includes('@'),
    'the sender, e.g. "Roam Shop <esim@shop.example>"; its domain is verified in Resend',
  ],
  SUPPLIER_BASE_URLS: [
    list
      .transform((entries) => entries.map((entry) => entry.split(/=(.*)/s).slice(0, 2)))
      .pipe(z.array(z.tuple([z.string().regex(/^[\w-]+$/), url])))
      .transform((entries) => new Map(entries)),
    'addresses of suppliers in place of their own, such as esim-go=https://…, separated by commas; leave it out',
  ],
  SUPPLIER_HOSTS_ALLOWED: [
    list.pipe(z.array(z.string().regex(/^[\w.:[\]-]+$/))),
    'hosts such as 10.0.0.5:8080, separated by commas, that merchants may enter as the address of a supplier though they ' +
      'are on no public network, or without https; leave it out',
  ],
  RATES_URL: [
    url.default('https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml'),
    "the address of the European Central Bank's daily reference rates",
  ],
  LOG_LEVEL: [
    z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
    'debug, info, warn, error or silent',
  ],
  SWEEP_SECONDS: [z.coerce.number().positive().default(10), 'seconds between two looks for due work'],
  FAILPOINT: [
    z
      .string()
      .optional()
      .transform((text) => (text === undefined ? undefined : parseFailpoint(text)))
      .refine((failpoint) => failpoint !== null),
    'a place of app/platform/failpoint.ts and what happens there, e.g. mail.sent:kill; leave it out',
  ],
} as const;

type Variables = typeof variables;
export type Config = { [Name in keyof Variables]: z.output<Variables[Name][0]> };

export class ConfigError extends Error {}

/**
 * Reads the settings once. Throws `ConfigError` whose message names each missing or malformed variable and where
 * its value comes from; it never repeats a value.
 */
export function parseConfig(environment: Record<string, string | undefined>): Config {
  const entries: [string, unknown][] = [];
  const problems: string[] = [];
  for (const [name, [schema, hint]] of Object.entries(variables)) {
    const given = environment[name] === '' ? undefined : environment[name];
    const parsed = schema.safeParse(given);
    if (parsed.success) entries.push([name, parsed.data]);
    else problems.push(`  ${name} ${given === undefined ? 'is missing' : 'is not usable'}: ${hint}`);
  }
  if (problems.length > 0) {
    throw new ConfigError(
      `The app cannot start. Set these variables (see .env.example):\n${problems.join('\n')}`,
    );
  }
  // Each entry was parsed by the schema of its own name just above.
  return Object.fromEntries(entries) as Config;
}
