import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { config } from './config.server.ts';

/** Where a ciphertext lives. It is authenticated with the text, so a copy in another row does not open. */
export interface Place {
  table: string;
  column: string;
  shopId: string;
  rowId: string;
}

/** AES-256-GCM: `v1.<key id>.<iv>.<ciphertext>.<tag>`, base64url. The newest key of ENCRYPTION_KEYS seals. */
export function seal(text: string, place: Place): string {
  const [[keyId, key]] = keys();
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(additionalData(place));
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return ['v1', keyId, ...[iv, sealed, cipher.getAuthTag()].map((part) => part.toString('base64url'))].join(
    '.',
  );
}

/** The text behind `seal`. Throws when the key is gone, the text was changed, or it belongs to another row. */
export function unseal(ciphertext: string, place: Place): string {
  const [version, keyId, iv, sealed, tag] = ciphertext.split('.');
  const key = keys().find(([id]) => id === keyId)?.[1];
  if (version !== 'v1' || iv === undefined || sealed === undefined || tag === undefined) {
    throw new Error(`${place.table}.${place.column} of row ${place.rowId} is not a ciphertext`);
  }
  if (!key)
    throw new Error(`ENCRYPTION_KEYS holds no key for ${place.table}.${place.column} of row ${place.rowId}`);
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64url'), { authTagLength: 16 })
    .setAAD(additionalData(place))
    .setAuthTag(Buffer.from(tag, 'base64url'));
  return decipher.update(Buffer.from(sealed, 'base64url'), undefined, 'utf8') + decipher.final('utf8');
}

/** A keyed fingerprint by which an encrypted value can be looked up. `purpose` keeps equal values apart. */
export function blindIndex(purpose: string, value: string): string {
  return createHmac('sha256', Buffer.from(config.BLIND_INDEX_KEY, 'base64'))
    .update(`${purpose}|${value}`)
    .digest('base64url');
}

/** 32 random bytes for a link, and the hash under which it is stored. */
export function newToken(): { token: string; tokenHash: string } {
  const token = randomBytes(32).toString('base64url');
  return { token, tokenHash: hashToken(token) };
}

export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

function keys(): [[string, Buffer], ...[string, Buffer][]] {
  const ring = config.ENCRYPTION_KEYS.map(([id, key]): [string, Buffer] => [id, Buffer.from(key, 'base64')]);
  // parseConfig refuses an empty ring.
  return ring as [[string, Buffer], ...[string, Buffer][]];
}

function additionalData({ table, column, shopId, rowId }: Place): Buffer {
  return Buffer.from([table, column, shopId, rowId, 'v1'].join('|'));
}
