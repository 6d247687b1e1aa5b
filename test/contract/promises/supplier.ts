import type { CallbackKind } from '../../../app/providers/contract.ts';

/** A supplier of the sandbox with one account, and what reached it. */
export interface OnTrial {
  /** What an adapter is given. */
  baseUrl: string;
  /** As a merchant types them; `good` ones are the account's. */
  credentials: Record<'good' | 'wrong', Record<string, string>> & { penniless?: Record<string, string> };
  /** Makes it misbehave by name. */
  misbehave(conduct: string): void;
  behave(conduct: string): void;
  /** Puts its clock forward; back by less than nothing. */
  pass(seconds: number): void;
  /** By its clock. */
  now(): Date;
  /** How many requests reached it. */
  requestCount(): number;
  /** What must never be seen in an error or a log line. */
  secrets(): string[];
  close(): Promise<void>;
}

/** One that sells, whose account has money. */
export interface Supplier extends OnTrial {
  credentials: Record<'good' | 'wrong' | 'penniless', Record<string, string>>;
  /** The most eSIMs of one order. */
  mostPerOrder: number;
  /** What the supplier does not tell, or do; all of it when left out. */
  lacks?: {
    /** The address an order came from. */
    source?: true;
    /** When a profile was installed. */
    installation?: true;
    /** The code to install with, of an eSIM that is out. */
    codeOfEsim?: true;
    /** Money for what is revoked. */
    refunds?: true;
    /** A sign by which one assignment is told from another: what is bought later adds to what is there. */
    assignments?: true;
    /** Most of the calls: it calls about these only. */
    callsExcept?: readonly CallbackKind[];
  };
  /** The bytes of a new eSIM, of those its bundle is sold with; the same when left out. */
  given?: (soldBytes: bigint) => bigint;
  /** Makes the supplier misbehave by name, for the purchase request only when told so. */
  misbehave(conduct: string, options?: { purchaseOnly?: boolean; times?: number }): void;
  /** The account's owner buys on the supplier's own pages. */
  buyByHand(bundle: string): void;
  /** Puts bundles into the account's stock; absent where the supplier keeps none. */
  addStock?(bundle: string, quantity: number): void;
  /** A traveller uses data in a country. */
  useData(iccid: string, options: { bytes: number; iso: string }): Promise<void>;
  /** A traveller puts the profile on a phone. */
  install(iccid: string): void;
  /** The texts an eSIM has received. */
  messages(iccid: string): string[];
  /** Has the supplier call about an eSIM, and answers what came in; absent where it never calls. */
  callAbout?(kind: CallbackKind, iccid: string): Promise<{ rawBody: Uint8Array; headers: Headers }>;
  /** Where calls are listened for, of a supplier that has to be told (`subscribe`). */
  callsAt?: string;
  /** What it executed and charged, oldest first. */
  purchases(): { orderReference: string; bundle: string; quantity: number; iccids: string[] }[];
  /** How many requests reached it that buy, or take from stock. */
  buyingRequestCount(): number;
  /** The codes it issued, as a phone reads them. */
  activationCodes(): string[];
}

/** One that sells nothing over its API. */
export interface LookUpSupplier extends OnTrial {
  misbehave(conduct: string, options?: { only?: string }): void;
  /** The account's owner buys an eSIM on the supplier's own pages. */
  buyByHand(): { iccid: string; bundle: string; bytes: bigint };
  /** Puts a second plan on it; absent where an eSIM has one. */
  buyPlanByHand?(iccid: string): void;
  install(iccid: string): void;
  useData(iccid: string, bytes: number): void;
}

/** The bytes a new eSIM of that bundle has; null for unlimited. */
export const givenBytes = ({ given }: Supplier, dataBytes: bigint | null): bigint | null =>
  dataBytes === null || !given ? dataBytes : given(dataBytes);
