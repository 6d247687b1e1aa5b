import { createHmac } from 'node:crypto';
import { parseLosslessJson } from '../../platform/lossless-json.ts';
import type { ProviderCallback } from '../contract.ts';
import { isSame, isSignature } from '../signature.ts';
import * as map from './map.ts';
import * as wire from './wire.ts';

// Assumed: the document says that a subscription has a secret, and not how a call carries it. Each of these is believed.
const SIGNATURE_HEADERS = ['x-webhook-signature', 'x-signature', 'x-hub-signature-256'];
const SECRET_HEADER = 'x-webhook-secret';

/** The secret a subscription is made with: the account's own, never its password. It changes with the password. */
export function webhookSecret({ email, password }: { email: string; password: string }): string {
  return createHmac('sha256', password).update(`webhooks of ${email.toLowerCase()}`).digest('hex');
}

/** What the supplier called with; null for a body that is none of its. */
export function readCallback(
  { rawBody, headers }: { rawBody: Uint8Array; headers: Headers },
  secret: string,
): ProviderCallback | null {
  const body = wire.Callback.safeParse(jsonOf(rawBody));
  return body.success ? map.toCallback(body.data, isProved({ rawBody, headers }, secret)) : null;
}

function isProved({ rawBody, headers }: { rawBody: Uint8Array; headers: Headers }, secret: string): boolean {
  const signatures = SIGNATURE_HEADERS.map((name) => headers.get(name)?.replace(/^sha256=/i, '') ?? null);
  const proofs = signatures.map((signature) => isSignature(signature, rawBody, secret));
  return isSame(headers.get(SECRET_HEADER) ?? '', secret) || proofs.includes(true);
}

function jsonOf(rawBody: Uint8Array): unknown {
  try {
    return parseLosslessJson(new TextDecoder().decode(rawBody));
  } catch {
    // No JSON, or nested so deep that the parser runs out of stack.
    return undefined;
  }
}
