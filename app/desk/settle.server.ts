import { dueOf, settle, type Deed } from './act.server.ts';
import type { DeskKind, Facts } from './deed.ts';
import { db } from '../platform/db.server.ts';
import { ProviderError } from '../providers/contract.ts';
import { removing } from './remove.server.ts';
import { suspending } from './suspend.server.ts';
import { referring, refreshing, texting } from './reach.server.ts';
import { replacing } from './replace.server.ts';
import { revoking } from './revoke.server.ts';
import { toppingUp } from './top-up.server.ts';

/** What may be left unfinished, by its kind. */
const deeds: Record<DeskKind, () => Deed<never>> = {
  refresh: () => known(refreshing),
  sms: () => known(texting()),
  reference: () => known(referring()),
  revoke: () => known(revoking()),
  replace: () => known(replacing),
  'top-up': () => known(toppingUp()),
  suspend: () => known(suspending(true)),
  unsuspend: () => known(suspending(false)),
  remove: () => known(removing),
};

/**
 * The job of an action that nobody waits for any more, since its process died or its answer was lost: reads back what
 * the supplier did. It asks for nothing to be done.
 */
export async function settleAction(actionId: string): Promise<void> {
  const { kind } = await db.deskAction.findUniqueOrThrow({ where: { id: actionId } });
  const deed = deedOf(kind);
  if (!deed) return;
  await settle(deed, actionId).catch((error: unknown) => {
    if (!(error instanceof ProviderError)) throw error; // no key to ask with: it stays, and is looked at again
  });
}

/** What is due: for the sweeper. */
export async function dueActions(): Promise<string[]> {
  const kinds = Object.keys(deeds).filter(isKind);
  const readable = kinds.filter((kind) => deeds[kind]().readBack !== undefined);
  const endless = kinds.filter((kind) => deeds[kind]().readsOurBooks === true);
  return (await dueOf(kinds, readable, endless)).map(({ id }) => id);
}

/** What an action is, to read it back or to write down what it came to; null for what is done with an account. */
export function deedOf(kind: string): Deed<never> | null {
  return isKind(kind) ? deeds[kind]() : null;
}

const isKind = (kind: string): kind is DeskKind => Object.hasOwn(deeds, kind);

// Each reads only rows of its own kind, whose input it wrote itself.
const known = <Input extends Facts>(deed: Deed<Input>) => deed as unknown as Deed<never>;
