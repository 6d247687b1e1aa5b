import { db } from '../platform/db.server.ts';
import type { Shop } from '../shopify/shops.server.ts';
import { conclude, waitsForPerson } from './act.server.ts';
import type { DeskKind } from './deed.ts';
import { findDeskEsim } from './desk-esim.server.ts';
import { deedOf } from './settle.server.ts';

/** Something that was asked of the supplier, and has no end yet. */
export interface OpenAction {
  id: string;
  kind: DeskKind;
  state: 'under-way' | 'in-doubt';
  at: Date;
  by: string;
  /** Of a revoke or a top-up; null for what is about no bundle. */
  bundleCode: string | null;
  /** `wait`: it is found out by itself. `person`: somebody has to look. `queue`: they decide there, as of any purchase. */
  next: 'wait' | 'person' | 'queue';
}

/** What is under way or in doubt with an eSIM, the oldest first. */
export async function openActions(shop: Pick<Shop, 'id'>, esimId: string): Promise<OpenAction[]> {
  const rows = await db.deskAction.findMany({
    where: { shopId: shop.id, esimId, state: { in: ['begun', 'in-doubt'] } },
    orderBy: { at: 'asc' },
  });
  const topUps = await db.purchaseAttempt.findMany({
    where: { shopId: shop.id, id: { in: rows.map(({ id }) => id) }, state: { in: ['in-doubt', 'parked'] } },
    select: { id: true },
  });
  return rows.flatMap(({ id, kind, state, at, by, input }): OpenAction[] => {
    const deed = deedOf(kind);
    if (!deed) return [];
    const isDoubted = state === 'in-doubt';
    const next = topUps.some((topUp) => topUp.id === id)
      ? 'queue'
      : isDoubted && waitsForPerson(deed, { at })
        ? 'person'
        : 'wait';
    const bundleCode = bundleOf(input);
    return [{ id, kind: deed.kind, state: isDoubted ? 'in-doubt' : 'under-way', at, by, bundleCode, next }];
  });
}

/** A person ends an action that waits for one. False when it does not any more, or is not of this eSIM. */
export async function endAction(
  shop: Pick<Shop, 'id'>,
  { esimId, ...decision }: { esimId: string; actionId: string; happened: boolean; by: string },
): Promise<boolean> {
  const esim = await findDeskEsim({ shopId: shop.id, esimId });
  const row = await db.deskAction.findFirst({
    where: { id: decision.actionId, shopId: shop.id, esimId },
    select: { kind: true },
  });
  const deed = row && deedOf(row.kind);
  return esim && deed ? conclude(deed, esim, decision) : false;
}

// Each kind writes its own input (revoke.server.ts, top-up.server.ts).
function bundleOf(input: unknown): string | null {
  if (typeof input !== 'object' || input === null) return null;
  const { bundle, bundleCode } = input as { bundle?: unknown; bundleCode?: unknown };
  const code = bundle ?? bundleCode;
  return typeof code === 'string' ? code : null;
}
