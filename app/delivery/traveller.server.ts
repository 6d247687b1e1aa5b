import { randomUUID } from 'node:crypto';
import { recordEsim } from '../esims/events.server.ts';
import { maskEmail } from '../orders/email.ts';
import { db, type Transaction } from '../platform/db.server.ts';
import { blindIndex, hashToken, seal, unseal } from '../platform/secrets.server.ts';
import { installToken } from './install-link.server.ts';

/** Whom the mails of an eSIM go to that another place sold. */
export interface Reader {
  email: string;
  /** As a browser names it; what we have no words for is written in English. */
  locale: string;
}

interface Of {
  shopId: string;
  esimId: string;
}

/** Writes down who has the eSIM, or with null that nobody is told. Who had it before opens its page no more. */
export async function keepReader(
  { shopId, esimId }: Of,
  { reader, by }: { reader: Reader | null; by: string },
  tx: Transaction,
): Promise<void> {
  const { count } = await tx.traveller.deleteMany({ where: { shopId, esimId } });
  if (reader) {
    const { domain } = await tx.shop.findUniqueOrThrow({ where: { id: shopId }, select: { domain: true } });
    const id = randomUUID();
    await tx.traveller.create({
      data: {
        ...{ id, shopId, esimId, locale: reader.locale },
        email: seal(reader.email, placeOf({ id, shopId })),
        emailHash: readerHash(domain, reader.email),
        linkHash: hashToken(installToken(id)),
      },
    });
  }
  if (reader || count > 0)
    await recordEsim([{ shopId, esimId, kind: reader ? 'reader.kept' : 'reader.removed', by }], tx);
}

/** The same for an eSIM of the shop that no order brought; false for any other. */
export async function changeReader(of: Of, change: { reader: Reader | null; by: string }): Promise<boolean> {
  return db.$transaction(async (tx) => {
    const where = { id: of.esimId, shopId: of.shopId, orderId: null, unitId: null };
    if ((await tx.esim.count({ where })) === 0) return false;
    await keepReader(of, change, tx);
    return true;
  });
}

/** What somebody is found by who has the address; by the shop's domain, which is all that a request for privacy names. */
export function readerHash(domain: string, email: string): string {
  return blindIndex('reader-email', `${domain}|${email.trim().toLowerCase()}`);
}

type Row = { id: string; shopId: string; email: string };

export const openReader = (row: Row): string => unseal(row.email, placeOf(row));

export const maskedReader = (row: Row): string => maskEmail(openReader(row));

const placeOf = ({ id, shopId }: Omit<Row, 'email'>) => ({
  ...{ table: 'Traveller', column: 'email', shopId, rowId: id },
});
