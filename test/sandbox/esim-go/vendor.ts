import type { ServerConducts } from '../conducts.ts';
import { UNITS_PER_DOLLAR, type Bundle } from './catalogue.ts';
import type { Assignment, Esim, Organisation, State } from './state.ts';

/** The vendor's whole world, handed to every endpoint. */
export interface Vendor {
  state: State;
  catalogue: Map<string, Bundle>;
  conducts: ServerConducts;
  /** Epoch milliseconds. */
  now(): number;
  /** Marks the state as changed. */
  touch(): void;
}

/** One request of an organisation. */
export interface Call {
  vendor: Vendor;
  organisation: Organisation;
  /** `POST /orders`: what a conduct is aimed at. */
  name: string;
  params: Record<string, string>;
  query: URLSearchParams;
  /** Parsed JSON; undefined when the body is empty or is no JSON. */
  body: unknown;
  accept: string;
  arrivedAt: number;
  ip: string;
  version: '2.4' | '2.5';
}

export interface Answer {
  status: number;
  type: 'application/json' | 'text/plain' | 'text/csv' | 'text/html' | 'application/zip';
  body: string | Buffer;
  headers?: Record<string, string>;
  /** The request bought or consumed something: from here on a lost answer hurts. */
  executed?: boolean;
  /** Of the order or application that the request made. */
  orderReference?: string;
}

export function json(body: unknown, extra: Partial<Answer> = {}): Answer {
  return { status: 200, type: 'application/json', body: JSON.stringify(body), ...extra };
}

export function refuse(status: number, message: string, headers: Record<string, string> = {}): Answer {
  return { status, type: 'application/json', body: JSON.stringify({ message }), headers };
}

export function dollars(units: number): number {
  return units / UNITS_PER_DOLLAR;
}

export function nextNumber(vendor: Vendor): number {
  vendor.state.lastNumber += 1;
  return vendor.state.lastNumber;
}

/** The vendor writes nanoseconds: `2026-03-28T14:47:26.153000019Z`. */
export function nanoDate(at: number): string {
  return new Date(at).toISOString().replace('Z', '000019Z');
}

/** The organisation's eSIM, or null: unknown, another's or taken back, which the vendor does not tell apart. */
export function findEsim({ vendor, organisation }: Call, iccid: unknown): Esim | null {
  return (
    vendor.state.esims.find(
      (esim) => esim.iccid === iccid && esim.apiKey === organisation.apiKey && esim.returnedAt === null,
    ) ?? null
  );
}

export const noSuchEsim = refuse(403, 'the ICCID is not accessible by the user');

export function record(value: unknown): Record<string, unknown> {
  // Any object may be read as a record of unknowns.
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** The vendor's word for where an assignment stands. */
export function assignmentState(assignment: Assignment, now: number): string {
  if (assignment.revokedAt !== null) return 'revoked';
  if (now < assignment.preparedAt) return 'processing';
  if (assignment.endsAt !== null && now >= assignment.endsAt) return 'expired';
  if (assignment.initialBytes !== null && assignment.usedBytes >= assignment.initialBytes) return 'depleted';
  return assignment.startedAt === null ? 'queued' : 'active';
}
