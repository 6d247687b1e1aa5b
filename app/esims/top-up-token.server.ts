import { timingSafeEqual } from 'node:crypto';
import { blindIndex } from '../platform/secrets.server.ts';

/**
 * Names an eSIM in a link by which anybody may pay for more data on it; it opens nothing else. Nobody can make one without
 * our key. The same eSIM has the same one always, so that a mail that is repeated is the same mail.
 */
export function topUpToken({ id, shopId }: { id: string; shopId: string }): string {
  return `${id}.${signatureOf(id, shopId)}`;
}

/** The id of the eSIM that a token names; null for what is no token of this shop's, whoever wrote it. */
export function namedByToken(shopId: string, token: string): string | null {
  const [, id, signature] = /^([\w-]{36})\.([\w-]{43})$/.exec(token) ?? [];
  if (id === undefined || signature === undefined) return null;
  const isOurs = timingSafeEqual(Buffer.from(signature), Buffer.from(signatureOf(id, shopId)));
  return isOurs ? id : null;
}

const signatureOf = (id: string, shopId: string) => blindIndex('top-up', `${shopId}|${id}`);
