import { config } from '../platform/config.server.ts';
import { secretBehind } from './signature.ts';

/** The client secrets Shopify may sign with, newest first: two while one is being replaced. */
export const apiSecrets: readonly string[] = [
  config.SHOPIFY_API_SECRET,
  ...(config.SHOPIFY_API_SECRET_PREVIOUS === undefined ? [] : [config.SHOPIFY_API_SECRET_PREVIOUS]),
];

/**
 * The secret with which to verify the session token of a request: the one that signed it, else the newest, under which
 * it is refused. Says nothing of the token's other claims.
 */
export function secretForToken(request: Request): string {
  const bearer = /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1];
  const token = bearer ?? new URL(request.url).searchParams.get('id_token') ?? '';
  const dot = token.lastIndexOf('.');
  const signer = secretBehind(
    Buffer.from(token.slice(0, Math.max(0, dot))),
    apiSecrets,
    token.slice(dot + 1),
  );
  return signer ?? config.SHOPIFY_API_SECRET;
}
