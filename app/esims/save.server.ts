import { randomUUID } from 'node:crypto';
import type { Transaction } from '../platform/db.server.ts';
import { blindIndex, seal, unseal } from '../platform/secrets.server.ts';
import type { ProviderEsim } from '../providers/contract.ts';

/** Keeps a bought eSIM with everything secret sealed. Throws a duplicate-key error for an ICCID on record already. */
export async function saveEsim(
  tx: Transaction,
  {
    unit,
    attempt,
    esim,
  }: {
    unit: { id: string };
    attempt: { shopId: string; accountId: string; orderReference: string | null };
    esim: ProviderEsim;
  },
): Promise<void> {
  const id = randomUUID();
  const { provider } = await tx.supplierAccount.findUniqueOrThrow({
    where: { id: attempt.accountId, shopId: attempt.shopId },
  });
  await tx.esim.create({
    data: {
      id,
      shopId: attempt.shopId,
      accountId: attempt.accountId,
      provider,
      unitId: unit.id,
      orderReference: attempt.orderReference ?? '',
      iccidHash: blindIndex('iccid', esim.iccid),
      iccidLast4: esim.iccid.slice(-4),
      secret: seal(JSON.stringify(esim), place(attempt.shopId, id)),
    },
  });
}

/** The opposite of sealing: what the buyer installs. Only for a reader who proved that it is theirs. */
export function openEsim({
  id,
  shopId,
  secret,
}: {
  id: string;
  shopId: string;
  secret: string;
}): ProviderEsim {
  return JSON.parse(unseal(secret, place(shopId, id))) as ProviderEsim; // sealed by saveEsim, and nobody else can
}

const place = (shopId: string, rowId: string) => ({ table: 'Esim', column: 'secret', shopId, rowId });
