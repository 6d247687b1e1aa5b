import type { Request } from 'express';

/** One field of a form, query or route; empty when missing. Repeated fields give their last value. */
export function field(source: unknown, name: string): string {
  return fields(source, name).at(-1) ?? '';
}

/** Every value of a repeated field, in order. */
export function fields(source: unknown, name: string): string[] {
  if (typeof source !== 'object' || source === null || !Object.hasOwn(source, name)) return [];
  // hasOwn has just shown that the key is there.
  const value = (source as Record<string, unknown>)[name];
  if (Array.isArray(value)) return value.filter((entry) => typeof entry === 'string');
  return typeof value === 'string' ? [value] : [];
}

export function ticked(source: unknown, name: string): boolean {
  return field(source, name) !== '';
}

/** A quantity the buyer typed: 0 to 999, anything else is `fallback`. */
export function quantity(text: string, fallback: number): number {
  return /^\d{1,3}$/.test(text) ? Number(text) : fallback;
}

export function param(request: Request, name: string): string {
  return request.params[name] ?? '';
}
