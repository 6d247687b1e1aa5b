import { ClientError, GraphQLClient } from 'graphql-request';
import { z } from 'zod';
import { log } from '../platform/log.server.ts';
import { SECOND, sleep } from '../platform/time.ts';
import { API_VERSION } from './app.server.ts';
import { openBudget, type Budget } from './budget.ts';
import type { Operation } from './operation.ts';
import { ShopifyError } from './shopify-error.ts';
import { expireToken, offlineToken } from './tokens.server.ts';

/** Runs operations against one shop's Admin API. */
export interface Admin {
  domain: string;
  /**
   * Sends one operation and parses what we read of its answer. Waits when the shop's cost budget is short. Any
   * `userErrors` of a mutation become a `ShopifyError` of kind `user-errors`, unless the operation reads them itself.
   * Throws only `ShopifyError`.
   */
  run<Variables extends Record<string, unknown>, Result>(
    operation: Operation<Variables, Result>,
    variables: Variables,
  ): Promise<Result>;
}

/**
 * `patient` for what nobody is waiting for, and what sends much: it leaves a fifth of the shop's bucket to the others.
 * Many may run at once: the points of all this process sends are counted together.
 */
export function adminOf(domain: string, pace: 'prompt' | 'patient' = 'prompt'): Admin {
  const keep = pace === 'patient' ? 1 / 5 : 0;
  return {
    domain,
    run: async (operation, variables) => {
      for (let tries = 1; ; tries++) {
        try {
          const data = await sendWithinBudget(domain, operation, variables, keep);
          if (!operation.readsUserErrors) refuseUserErrors(domain, data);
          const parsed = operation.result.safeParse(data);
          if (!parsed.success)
            throw new ShopifyError('unreadable', `${domain} answered in a shape we do not know`);
          return parsed.data;
        } catch (error) {
          // A throttled request was not executed, so sending it again is not doing it twice.
          if (!(error instanceof ShopifyError) || error.kind !== 'throttled' || tries >= 8) throw error;
          await sleep(error.retryAfterMs ?? tries * SECOND);
        }
      }
    },
  };
}

const budgets = new Map<string, Budget>();
/** What a document cost when it was sent last; before that, what most do. */
const costs = new Map<string, number>();
const USUAL_COST = 30;

async function sendWithinBudget<Variables extends Record<string, unknown>>(
  domain: string,
  operation: Operation<Variables, unknown>,
  variables: Variables,
  keep: number,
): Promise<unknown> {
  const budget = budgets.get(domain) ?? openBudget(() => performance.now());
  budgets.set(domain, budget);
  const expected = costs.get(operation.document) ?? USUAL_COST;
  for (let ms = budget.msUntil(expected, keep); ms > 0; ms = budget.msUntil(expected, keep)) await sleep(ms);
  const answered = budget.spend(expected);
  let said: CostSaid | null = null;
  try {
    const { data, extensions } = await send(domain, operation, variables);
    said = cost.safeParse(extensions).data?.cost ?? null;
    return data;
  } catch (error) {
    if (error instanceof Throttled) said = error.said;
    throw error;
  } finally {
    answered(said?.throttleStatus ?? null);
    if (said) costs.set(operation.document, said.requestedQueryCost);
  }
}

/** Shopify did not execute it; how full the bucket is, if it said so. */
class Throttled extends ShopifyError {
  readonly said: CostSaid | null;

  constructor(domain: string, said: CostSaid | null) {
    // The budget knows how long to wait, but for a clock that is a little off.
    super('throttled', `${domain} throttles us`, { retryAfterMs: said ? SECOND : null });
    this.said = said;
  }
}

async function send<Variables extends Record<string, unknown>>(
  domain: string,
  { document, mayBeDenied }: Operation<Variables, unknown>,
  variables: Variables,
): Promise<{ data: unknown; extensions?: unknown }> {
  const token = await offlineToken(domain);
  const client = new GraphQLClient(`https://${domain}/admin/api/${API_VERSION}/graphql.json`, {
    // `fetch` is read at call time, and never follows a redirect with our token.
    fetch: (url, init) =>
      fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(30 * SECOND) }),
    headers: { 'X-Shopify-Access-Token': token },
  });
  const startedAt = performance.now();
  try {
    const answer = await client.rawRequest<unknown>(document, variables);
    log.debug('shopify.answered', { shop: domain, ms: Math.round(performance.now() - startedAt) });
    return answer;
  } catch (error) {
    const rest = answeredInPart(error, mayBeDenied);
    if (rest) return rest;
    const failure = toShopifyError(domain, error);
    if (failure.kind === 'signed-out') await expireToken(domain, token);
    throw failure;
  }
}

const denials = z.array(
  z.object({
    path: z.array(z.union([z.string(), z.number()])),
    extensions: z.object({ code: z.literal('ACCESS_DENIED') }),
  }),
);

/**
 * What Shopify answered beside the fields it refused, when those are all that went wrong. So it answers an app that is
 * not approved for protected customer data: 200, null in the field, and an error that names it.
 */
function answeredInPart(error: unknown, mayBeDenied: readonly string[]) {
  if (!(error instanceof ClientError) || error.response.data === undefined) return null;
  const denied = denials.safeParse(error.response.errors).data;
  if (!denied?.every(({ path }) => mayBeDenied.includes(String(path.at(-1))))) return null;
  return { data: error.response.data as unknown, extensions: error.response.extensions };
}

const cost = z.object({
  cost: z.object({
    requestedQueryCost: z.number(),
    throttleStatus: z.object({
      maximumAvailable: z.number(),
      currentlyAvailable: z.number(),
      restoreRate: z.number(),
    }),
  }),
});

type CostSaid = z.output<typeof cost>['cost'];

const mutationAnswer = z.record(
  z.string(),
  z
    .object({
      userErrors: z.array(z.object({ message: z.string(), code: z.string().nullish() })).default([]),
    })
    .catch({ userErrors: [] }),
);

function refuseUserErrors(domain: string, data: unknown) {
  const parsed = mutationAnswer.safeParse(data);
  if (!parsed.success) return;
  const errors = Object.values(parsed.data).flatMap(({ userErrors }) => userErrors);
  if (errors.length === 0) return;
  const codes = errors.map(({ code }) => code ?? 'no code').join(', ');
  throw new ShopifyError('user-errors', `${domain} refused the input (${codes})`, {
    userMessages: errors.map(({ message }) => message),
  });
}

const graphqlErrors = z.array(
  z.object({ message: z.string(), extensions: z.object({ code: z.string().optional() }).optional() }),
);

function toShopifyError(domain: string, error: unknown): ShopifyError {
  if (!(error instanceof ClientError))
    return new ShopifyError('down', `${domain} could not be reached`, { cause: error });
  const { status } = error.response;
  if (status === 401) return new ShopifyError('signed-out', `${domain} refused our token`);
  if (status === 402 || status === 403 || status === 423)
    return new ShopifyError('permission', `${domain} answered ${String(status)}`);
  if (status === 429) return new ShopifyError('throttled', `${domain} throttles us`);
  const codes =
    graphqlErrors.safeParse(error.response.errors).data?.map(({ extensions }) => extensions?.code) ?? [];
  if (codes.includes('THROTTLED'))
    return new Throttled(domain, cost.safeParse(error.response.extensions).data?.cost ?? null);
  if (codes.includes('ACCESS_DENIED'))
    return new ShopifyError('permission', `${domain} gives us no access to a field`);
  if (status >= 500) return new ShopifyError('down', `${domain} answered ${String(status)}`);
  return new ShopifyError('unreadable', `${domain} could not run our query (${codes.join(', ')})`);
}
