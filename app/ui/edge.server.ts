import { json } from '@remix-run/node';
import { MailError } from '../platform/mail.server.ts';
import { ProviderError } from '../providers/contract.ts';
import { ShopifyError } from '../shopify/shopify-error.ts';
import type { ProblemBody } from './problem.tsx';

/**
 * Waits for work that talks to another computer. When that computer fails, throws the response whose page
 * (`ProblemPage`) says so; a bug passes through.
 */
export async function orProblemPage<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    const body = problemBody(error);
    if (body) throw json(body, { status: 502 });
    throw error;
  }
}

/** The failure of another side as a page may tell it, or null when the error is not one. */
export function problemBody(error: unknown): ProblemBody | null {
  if (error instanceof ShopifyError)
    return { side: 'shopify', kind: error.kind, messages: error.userMessages };
  if (error instanceof ProviderError) return { side: 'supplier', kind: error.kind, messages: [] };
  if (error instanceof MailError) return { side: 'mail', kind: error.kind, messages: [] };
  return null;
}

/** The answer to an id that is unknown or another shop's: the two must look the same. */
export function notFound(): Response {
  return new Response(null, { status: 404, statusText: 'Not Found' });
}
