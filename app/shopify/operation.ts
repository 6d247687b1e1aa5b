import type { z } from 'zod';

/** One GraphQL document with the shape of the part of its answer we read. */
export interface Operation<Variables extends Record<string, unknown>, Result> {
  document: string;
  result: z.ZodType<Result>;
  /** Fields that Shopify may refuse while it answers the rest; they are null then. */
  mayBeDenied: readonly string[];
  /** The caller reads `userErrors` itself: some of what it asked for was done. Otherwise they are thrown. */
  readsUserErrors: boolean;
  /** Never read: it lets TypeScript hold callers to the document's variables. */
  variables?: Variables;
}

/** Every operation of the app, so that a test can hold each document against Shopify's schema. */
export const operations: { document: string }[] = [];

/** `operation<{ id: string }>()(document, schema)`: two calls, so that the result's type is inferred. */
export function operation<Variables extends Record<string, unknown> = Record<string, never>>() {
  return <Result>(
    document: string,
    result: z.ZodType<Result>,
    {
      mayBeDenied = [],
      readsUserErrors = false,
    }: { mayBeDenied?: readonly string[]; readsUserErrors?: boolean } = {},
  ): Operation<Variables, Result> => {
    const made: Operation<Variables, Result> = { document, result, mayBeDenied, readsUserErrors };
    operations.push(made);
    return made;
  };
}
