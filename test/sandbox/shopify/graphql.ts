import type { Request, Router } from 'express';
import express from 'express';
import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import { GraphQLError, Kind, OperationTypeNode, execute, getOperationAST, parse, validate } from 'graphql';
import type { ServerConducts } from '../conducts.ts';
import { adminApi } from './admin-api.ts';
import { answering } from './answering.ts';
import type { AppInfo } from './context.ts';
import type { Bucket } from './cost.ts';
import { actualCost, openBucket, requestedCost } from './cost.ts';
import type { AppInstall, Shop } from './records.ts';
import { adminSchema } from './schema.ts';
import { apiVersions } from './shop-view.ts';
import type { ShopifyState } from './state.ts';

/** One call of the Admin API, for tests and the console. */
export type GraphqlCall = {
  shop: string;
  operationName: string | null;
  /** Points asked for before running. */
  cost: number;
  throttled: boolean;
  at: string;
};

const schema = adminSchema(adminApi);

/** No single document may ask for more. */
const dearest = 1000;

/** `POST /admin/api/:version/graphql.json`, for the shop named in the header `x-sandbox-shop`. */
export function graphqlRoutes(options: {
  state: ShopifyState;
  appInfo: AppInfo;
  conducts: ServerConducts;
  log: GraphqlCall[];
}): Router {
  const { state, conducts } = options;
  const buckets = new Map<string, Bucket>();
  const bucketOf = (domain: string): Bucket => {
    const bucket = buckets.get(domain) ?? openBucket(() => state.now());
    buckets.set(domain, bucket);
    return bucket;
  };

  const router = express.Router();
  router.post(
    '/admin/api/:version/graphql.json',
    express.json({ limit: '5mb' }),
    answering(async (request, response) => {
      const version = request.params['version'] ?? '';
      // An unknown or retired version falls forward to the oldest one still served.
      response.set(
        'X-Shopify-API-Version',
        apiVersions.includes(version) || version === 'unstable' ? version : (apiVersions[0] ?? ''),
      );
      const caller = authorised(state, request);
      if (!caller) {
        response
          .status(401)
          .json({ errors: '[API] Invalid API key or access token (unrecognized login or wrong password)' });
        return;
      }
      const { shop, app } = caller;
      const bucket = bucketOf(shop.domain);
      const asked = readDocument(request.body);
      if ('errors' in asked) {
        response.json({ errors: asked.errors.map((error) => error.toJSON()) });
        return;
      }
      const { document, operation, variables } = asked;
      const isMutation = operation.operation === OperationTypeNode.MUTATION;
      const cost = Math.max(isMutation ? 10 : 1, requestedCost(schema, document, operation, variables));
      const call: GraphqlCall = {
        shop: shop.domain,
        operationName: operation.name?.value ?? null,
        cost,
        throttled: false,
        at: state.now().toISOString(),
      };
      options.log.push(call);
      if (options.log.length > 2000) options.log.shift();
      if (cost > dearest) {
        const message = `Query cost is ${String(cost)}, which exceeds the single query max cost limit (${String(dearest)}).`;
        const extensions = {
          code: 'MAX_COST_EXCEEDED',
          cost,
          maxCost: dearest,
          documentation: 'https://shopify.dev/api/usage/rate-limits',
        };
        response.json({ errors: [{ message, extensions }] });
        return;
      }
      const line = `POST ${request.path} ${call.operationName ?? ''}`;
      if (conducts.strike('throttles', line)) bucket.empty();
      if (!bucket.take(cost)) {
        call.throttled = true;
        const extensions = { code: 'THROTTLED', documentation: 'https://shopify.dev/api/usage/rate-limits' };
        response.json({
          errors: [{ message: 'Throttled', extensions }],
          extensions: {
            cost: { requestedQueryCost: cost, actualQueryCost: null, throttleStatus: bucket.status() },
          },
        });
        return;
      }
      const result = await execute({
        schema,
        document,
        variableValues: variables,
        operationName: asked.operationName,
        contextValue: {
          state,
          shop,
          app,
          appInfo: options.appInfo,
          scopes: new Set(app.scopes),
          hidesCustomerData: conducts.isOn('hides-email'),
          refusesAVariant: conducts.strike('refuses-a-variant', line) !== null,
          refusesTheRefund: () => conducts.strike('refuses-the-refund', line) !== null,
        },
      });
      if (conducts.strike('loses-the-answer', line)) {
        request.socket.destroy();
        return;
      }
      // A mutation has done its work; a query may have found fewer objects than it asked for.
      const actual = isMutation ? cost : Math.min(cost, actualCost(result.data));
      bucket.giveBack(cost - actual);
      response.json({
        ...result,
        extensions: {
          cost: { requestedQueryCost: cost, actualQueryCost: actual, throttleStatus: bucket.status() },
        },
      });
    }),
  );
  return router;
}

function authorised(state: ShopifyState, request: Request): { shop: Shop; app: AppInstall } | null {
  const shop = state.findShop(request.get('x-sandbox-shop') ?? '');
  const known = shop?.app?.accessTokens.find(({ token }) => token === request.get('x-shopify-access-token'));
  if (!shop?.app || !known) return null;
  const isExpired = known.expiresAt !== null && Date.parse(known.expiresAt) <= state.now().getTime();
  return isExpired ? null : { shop, app: shop.app };
}

type Asked = {
  document: DocumentNode;
  operation: OperationDefinitionNode;
  operationName: string | null;
  variables: Record<string, unknown>;
};

function readDocument(body: unknown): Asked | { errors: readonly GraphQLError[] } {
  const { query, variables, operationName } = Object(body) as {
    query?: unknown;
    variables?: unknown;
    operationName?: unknown;
  };
  if (typeof query !== 'string')
    return { errors: [new GraphQLError("Required parameter missing or invalid: 'query'")] };
  let document: DocumentNode;
  try {
    document = parse(query);
  } catch (error) {
    if (error instanceof GraphQLError) return { errors: [error] };
    throw error;
  }
  const errors = validate(schema, document);
  if (errors.length > 0) return { errors };
  const name = typeof operationName === 'string' ? operationName : null;
  const operation = getOperationAST(document, name);
  if (!operation) return { errors: [new GraphQLError('An operation name is required')] };
  const given =
    document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).length > 1 ? name : null;
  return {
    document,
    operation,
    operationName: given,
    // JSON objects only; anything else has no variables in it.
    variables:
      variables !== null && typeof variables === 'object' ? (variables as Record<string, unknown>) : {},
  };
}
