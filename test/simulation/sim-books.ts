import { Decimal } from 'decimal.js';
import type { ParkReason, HoldReason, UnitState } from '../../app/orders/line.ts';
import type { ProviderPurchase } from '../../app/providers/contract.ts';
import type { Breaker } from '../../app/purchases/breaker.ts';
import type { AttemptState } from '../../app/purchases/ledger.ts';
import type { Passed } from '../../app/purchases/pass-on.ts';
import type { Machine, Protection, Run } from './sim-run.ts';

/** The app's tables, as far as the simulation needs them. Everything else about a machine is lost when it dies. */
export interface Books {
  receipts: Set<string>;
  notifications: NotificationRow[];
  privacyRequests: string[];
  orders: Map<string, OrderRow>;
  units: UnitRow[];
  unitKeys: Set<string>;
  attempts: Map<string, AttemptRow>;
  /** The unique index over the references that attempts claim. */
  claims: Map<string, AttemptRow>;
  iccids: Set<string>;
  unclaimed: Map<string, UnclaimedRow>;
  accounts: AccountRow[];
  fences: number;
  reconciledUpTo: number;
  reconciledAt: number;
  reconciledWeekAt: number;
}

/** An account of the shop, one at each of two suppliers. */
export interface AccountRow {
  name: AccountName;
  state: 'active' | 'key-refused';
  rebuyAfterProof: boolean;
  pace: { lastPurchaseAt: number; waitUntil: number };
  breaker: Breaker;
  lease: LeaseRow | null;
  auditedAt: number;
}

export const accountNames = ['A', 'B'] as const;
export type AccountName = (typeof accountNames)[number];

export interface NotificationRow {
  id: number;
  gid: string | null;
  processed: boolean;
  tries: number;
  nextTryAt: number;
}

export interface OrderRow {
  gid: string;
  /** Grows with every writing of the order. */
  revision: number;
  cancelledAt: number | null;
  shopifyUpdatedAt: number;
  units: UnitRow[];
  deliveries: DeliveryRow[];
  fulfilState: 'none' | 'waiting' | 'done';
  deliverTries: number;
  deliverAfter: number;
}

export interface UnitRow {
  id: string;
  order: OrderRow;
  lineGid: string;
  unitIndex: number;
  bundle: string;
  /** Of whom it is, or was, to be bought, and who was passed over. */
  account: AccountRow;
  passedOver: Passed[];
  /** A person chose what it is bought as: at a loss too, and of no other. */
  takesLoss: boolean;
  state: UnitState;
  reason: HoldReason | ParkReason | null;
  holdUntil: number | null;
  attemptId: string | null;
  since: number;
  goneAt: Date | null;
  rebuys: number;
  iccid: string | null;
  createdAt: number;
  /** For the verdict only: it was parked once. */
  wasParked: boolean;
}

export interface AttemptRow {
  id: string;
  account: AccountRow;
  bundle: string;
  quantity: number;
  state: AttemptState;
  fence: number;
  sentAt: Date;
  looks: number;
  orderReference: string | null;
  total: Decimal | null;
  sourceIp: string | null;
  balanceBefore: Decimal | null;
  emptySince: number | null;
  nextLookAt: number;
  settledAt: number;
  reason: ParkReason | HoldReason | null;
  /** For the verdict only: the units it was sent for, and whether a person bought again. */
  sentFor: UnitRow[];
  byPerson: boolean;
  /** For the verdict only: by itself, it took an order that came from another address than all of ours. */
  tookForeign: boolean;
}

export interface DeliveryRow {
  key: string;
  units: UnitRow[];
  state: 'waiting' | 'sent' | 'failed';
  tries: number;
  nextTryAt: number;
}

export interface UnclaimedRow {
  account: AccountName;
  purchase: ProviderPurchase;
  state: 'open' | 'adopted';
}

export interface LeaseRow {
  machine: Machine;
  fence: number;
  /** While its holder lives and works, it is renewed; otherwise it ends at `until`. */
  isRenewed: boolean;
  until: number;
}

export function openBooks(rebuyAfterProof: boolean, now: number): Books {
  return {
    receipts: new Set(),
    notifications: [],
    privacyRequests: [],
    orders: new Map(),
    units: [],
    unitKeys: new Set(),
    attempts: new Map(),
    claims: new Map(),
    iccids: new Set(),
    unclaimed: new Map(),
    accounts: accountNames.map((name) => ({
      ...{ name, state: 'active', rebuyAfterProof, lease: null, auditedAt: now },
      pace: { lastPurchaseAt: 0, waitUntil: 0 },
      breaker: { failures: 0, downSince: null, probeAt: null, probes: 0 },
    })),
    fences: 0,
    reconciledUpTo: 0,
    reconciledAt: now,
    reconciledWeekAt: 0,
  };
}

export const lacks = (run: Run, protection: Protection): boolean => run.removed === protection;

export function accountNamed({ accounts }: Books, name: string): AccountRow {
  const account = accounts.find((each) => each.name === name);
  if (!account) throw new Error(`there is no account ${name}`);
  return account;
}
