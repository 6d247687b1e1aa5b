import { db } from '../platform/db.server.ts';
import { blindIndex, unseal } from '../platform/secrets.server.ts';
import { credentialsPlace } from './suppliers.server.ts';

/**
 * Before anything of the app runs: proves that its keys open what the database holds, with the newest supplier
 * account of each key. Throws a sentence for whoever starts the app. With a wrong key nothing could be bought, and what
 * is written meanwhile would need both keys.
 */
export async function requireKeys(): Promise<void> {
  const mark = await db.databaseMark.findUnique({ where: { id: 1 } });
  if (mark?.keyCheck != null && mark.keyCheck !== keyCheck())
    throw new Error(
      'The app does not start, because BLIND_INDEX_KEY is not the key this database was written with. Set the old one ' +
        'again: eSIMs and orders are recognised by it, so it must never change.',
    );
  for (const { id, shopId, credentials } of await newestOfEachKey()) {
    try {
      unseal(credentials, credentialsPlace(shopId, id));
    } catch {
      const keyId = keyIdOf(credentials);
      throw new Error(
        `The app does not start, because ENCRYPTION_KEYS does not open what the database holds under the key ${keyId}. ` +
          `Put the entry ${keyId}:… back that was used when it was written; a new key goes in front of it, not in its place.`,
      );
    }
  }
}

/** A fingerprint of BLIND_INDEX_KEY, by which a later start notices another one. It tells nothing of the key. */
export const keyCheck = (): string => blindIndex('key check', '');

async function newestOfEachKey() {
  const rows = await db.supplierAccount.findMany({
    where: { credentials: { not: '' } },
    select: { id: true, shopId: true, credentials: true },
    orderBy: { createdAt: 'asc' },
  });
  return new Map(rows.map((row) => [keyIdOf(row.credentials), row])).values();
}

const keyIdOf = (ciphertext: string) => ciphertext.split('.')[1] ?? '';
