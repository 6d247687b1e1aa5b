import type { z } from 'zod';
import type {
  BundleAssignment,
  EsimProfile,
  Preparing,
  ProviderPurchase,
  Ready,
  Refused,
} from '../../../app/providers/contract.ts';
import { toInstant } from '../../../app/providers/lenient.ts';
import { bytes, type Sale, type Sim } from './wire.ts';

type Sold = z.infer<typeof Sale>;
type Held = z.infer<typeof Sim>;

export function outcomeOf({ number, price, whole, sims }: Sold): Ready | Preparing {
  const facts = { orderReference: number, total: price, sourceIp: null };
  if (!whole) return { status: 'preparing', ...facts };
  return { status: 'ready', ...facts, esims: sims.map(codeOf) };
}

const codeOf = ({ iccid, server, code }: Held) => ({
  ...{ iccid, smdpAddress: server, matchingId: code, appleInstallUrl: null, androidInstallUrl: null },
});

export function profileOf(sim: Held): EsimProfile {
  const states = { new: 'released', 'on phone': 'installed' } as const;
  const word = Object.entries(states).find(([state]) => state === sim.state.toLowerCase());
  const unknown = { tag: null, isSuspended: null };
  return {
    ...codeOf(sim),
    ...unknown,
    profileStatus: word?.[1] ?? 'unknown',
    installedAt: toInstant(sim.installed),
  };
}

export function assignmentOf({ plan, sale, use, megabytes, used }: Held): BundleAssignment {
  const states = { waiting: 'queued', 'in use': 'active' } as const;
  const word = Object.entries(states).find(([state]) => state === use.toLowerCase());
  const times = { assignedAt: null, startsAt: null, endsAt: null };
  const amounts = { initialBytes: bytes(megabytes), remainingBytes: bytes(megabytes?.minus(used) ?? null) };
  return { id: null, bundle: plan, state: word?.[1] ?? 'unknown', ...amounts, ...times, reference: sale };
}

export function purchaseOf({ number, at, plan, count, price, sims }: Sold): ProviderPurchase {
  const items = [{ bundle: plan, quantity: count.toNumber(), iccids: sims.map(({ iccid }) => iccid) }];
  return { orderReference: number, createdAt: at, items, total: price, isPurchase: true, sourceIp: null };
}

export function refusalOf(words: string): Refused | null {
  if (words === '') return null;
  const reason = /credit/i.test(words) ? 'funds' : /plan/i.test(words) ? 'bundle-unavailable' : 'rejected';
  return { status: 'refused', reason, detail: words };
}
