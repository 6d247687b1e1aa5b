import { randomUUID } from 'node:crypto';
import type { Transaction } from '../platform/db.server.ts';
import { blindIndex, seal, unseal } from '../platform/secrets.server.ts';
import { after, MINUTE } from '../platform/time.ts';
import type { ProviderEsim } from '../providers/contract.ts';
import { iccidHash } from './find.server.ts';

/** Keeps a bought eSIM with everything secret sealed. Throws a duplicate-key error for an ICCID on record already. */
export async function saveEsim(
  tx: Transaction,
  {
    unit,
    attempt,
    esim,
  }: {
    unit: { id: string; orderId: string; bundleId: string | null };
    attempt: { shopId: string; accountId: string; orderReference: string | null; bundleCode: string };
    esim: ProviderEsim;
  },
): Promise<void> {
  const { shopId, accountId, bundleCode } = attempt;
  const { provider } = await tx.supplierAccount.findUniqueOrThrow({ where: { id: accountId, shopId } });
  const bundle = await tx.bundle.findFirst({ where: { accountId, shopId, code: bundleCode } });
  const columns = esimColumns({ shopId, esim });
  await tx.esim.create({
    data: {
      ...columns,
      accountId,
      provider,
      unitId: unit.id,
      orderId: unit.orderId,
      orderReference: attempt.orderReference ?? '',
      bundleCode,
      destination: bundle?.destination ?? '',
      nextLookAt: after(FIRST_LOOK_MS),
    },
  });
  // The one it came instead of, where there was one.
  await tx.esim.updateMany({
    where: { formerUnitId: unit.id, shopId, replacedById: null },
    data: { replacedById: columns.id },
  });
}

/** The columns that an eSIM is kept and found by, with a new id; what is secret is sealed to that row. */
export function esimColumns({ shopId, esim }: { shopId: string; esim: ProviderEsim }) {
  const id = randomUUID();
  return {
    id,
    shopId,
    iccidHash: iccidHash(esim.iccid),
    iccidLast4: esim.iccid.slice(-4),
    matchingIdHash: matchingIdHash(esim.matchingId),
    secret: seal(JSON.stringify(esim), place(shopId, id)),
  };
}

/** What an eSIM is found by when somebody has its matching ID: letter case is the supplier's whim. */
export function matchingIdHash(matchingId: string): string {
  return blindIndex('matching-id', matchingId.trim().toUpperCase());
}

// A traveller installs after reading the mail; asking earlier tells nothing.
const FIRST_LOOK_MS = 15 * MINUTE;

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
