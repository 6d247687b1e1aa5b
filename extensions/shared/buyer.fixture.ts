import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Translate } from './page.ts';

/** Answers of the app as the buyer API gives them; invented codes. */
export function answer(
  status: string,
  esims: unknown[],
  retryAfterMs: number | null = null,
  topUps: unknown[] = [],
): Response {
  return Response.json({ status, retryAfterMs, esims, topUps });
}

export function notFound(): Response {
  return Response.json({}, { status: 404 });
}

export function readyEsim(
  index: number,
  of: number,
  changes: Record<string, unknown> = {},
): Record<string, unknown> {
  return { ...waitingEsim(index, of), state: 'ready', code: codeOf(index), ...changes };
}

export function waitingEsim(index: number, of: number): Record<string, unknown> {
  return {
    id: `esim-${String(index)}`,
    lineItemId: 'gid://shopify/LineItem/1',
    index,
    of,
    destination: { countries: ['FR'], region: null, description: 'France' },
    dataBytes: 5_000_000_000,
    days: 7,
    state: 'preparing',
    code: null,
  };
}

export function topUp(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    ...{ id: 'top-up-1', state: 'ready', iccidLast4: '1234', dataBytes: 5_000_000_000, days: 7 },
    destination: { countries: ['FR'], region: null, description: 'France' },
    ...changes,
  };
}

export function codeOf(index: number): Record<string, string> {
  const activationCode = `LPA:1$rsp.example.com$MATCH-${String(index)}`;
  const query = `carddata=${encodeURIComponent(activationCode)}`;
  return {
    activationCode,
    smdpAddress: 'rsp.example.com',
    matchingId: `MATCH-${String(index)}`,
    appleInstallUrl: `https://esimsetup.apple.com/esim_qrcode_provisioning?${query}`,
    androidInstallUrl: `https://esimsetup.android.com/esim_qrcode_provisioning?${query}`,
  };
}

export interface Texts {
  [key: string]: string | Texts;
}

/** One extension's texts; `locale` as in the file name. */
export function textsOf(extension: string, locale: string): Texts {
  const file = path.join(import.meta.dirname, '..', extension, 'locales', `${locale}.json`);
  // Reason for `as`: our own locale files, and the locale test walks their shape.
  return JSON.parse(readFileSync(file, 'utf8')) as Texts;
}

/** Translates as Shopify does (dots, `count` picks the plural, `{{name}}`), but fails on a key that is not there. */
export function translator(texts: Texts, language: string): Translate {
  return (key, values = {}) => {
    let found: string | Texts | undefined = texts;
    for (const part of key.split('.')) found = typeof found === 'object' ? found[part] : undefined;
    if (typeof found === 'object' && typeof values.count === 'number') {
      found = found[new Intl.PluralRules(language).select(values.count)] ?? found.other;
    }
    if (typeof found !== 'string') throw new Error(`No text for ${key}`);
    return found.replaceAll(/{{(\w+)}}/g, (_, name: string) => {
      const value = values[name];
      if (value === undefined) throw new Error(`${key} wants a value for ${name}`);
      return String(value);
    });
  };
}
