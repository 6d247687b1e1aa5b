import type { Field } from '../../providers/form.ts';
import type { ProblemBody } from '../problem.tsx';
import type { Callbacks } from './callback-section.tsx';

/** A supplier's account as its card shows it, or a supplier without one. */
export interface SupplierRow {
  provider: string;
  sells: boolean;
  title: string;
  /** What the merchant calls the account. */
  label: string;
  fields: Field[];
  account: {
    id: string;
    /** Empty where nothing of the secret is shown. */
    keyLast4: string;
    isRefused: boolean;
    /** Null while it was never told. */
    balance: string | null;
    balanceAge: string | null;
  } | null;
  /** The account that was disconnected and would be connected again. */
  formerId: string | null;
  /** What its form holds and is no secret, by field. */
  entered: Record<string, string>;
  callbacks: Callbacks | null;
}

/** What a form of the page is answered. */
export interface SupplierAnswer {
  toast: string | null;
  /** What is wrong with a field, by its name. */
  fields: Record<string, string>;
  problem: ProblemBody | null;
  /** What a tested account may sell; null where that was not asked, or not told. */
  groups: string[] | null;
  /** What a tested supplier says of itself: "database connected"; null where that was not asked, or not told. */
  health: { isHealthy: boolean; services: string } | null;
}
