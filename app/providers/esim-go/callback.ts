import { parseLosslessJson } from '../../platform/lossless-json.ts';
import type { ProviderCallback } from '../contract.ts';
import { isSignature } from '../signature.ts';
import * as map from './map.ts';
import * as wire from './wire.ts';

const SIGNATURE_HEADER = 'x-signature-sha256';

/** What eSIM Go called with; null for a body that is none of its. Version 2 is never signed, version 3 always. */
export function readCallback(
  { rawBody, headers }: { rawBody: Uint8Array; headers: Headers },
  apiKey: string,
): ProviderCallback | null {
  const body = wire.Callback.safeParse(jsonOf(rawBody));
  if (!body.success) return null;
  // The vendor's pages show the signature in base64 and in hex.
  const isSigned = isSignature(headers.get(SIGNATURE_HEADER), rawBody, apiKey);
  return map.toCallback(body.data, isSigned);
}

function jsonOf(rawBody: Uint8Array): unknown {
  try {
    return parseLosslessJson(new TextDecoder().decode(rawBody));
  } catch {
    // No JSON, or nested so deep that the parser runs out of stack: either way nothing of eSIM Go's.
    return undefined;
  }
}
