import type { Router } from 'express';
import express from 'express';
import type { Conducts } from '../conducts.ts';
import { answering } from './answering.ts';
import type { AppInstall, Shop } from './records.ts';
import type { ShopifyState } from './state.ts';
import { secret } from './store.ts';
import type { TokenSigner } from './tokens.ts';

const accessSeconds = 3600;
const refreshSeconds = 90 * 86_400;

type Answer = { status: number; body: Record<string, unknown> };

/** `POST /admin/oauth/access_token`: token exchange, refresh and client credentials, JSON or form body. */
export function oauthRoutes(options: {
  state: ShopifyState;
  apiKey: string;
  apiSecret: string;
  tokens: TokenSigner;
  conducts: Conducts;
}): Router {
  const { state, tokens, conducts } = options;

  const answer = async (shop: Shop | null, body: Record<string, unknown>): Promise<Answer> => {
    if (body['client_id'] !== options.apiKey || body['client_secret'] !== options.apiSecret) {
      return refuse(400, 'invalid_client', 'Client authentication failed.');
    }
    if (!shop?.app) return refuse(400, 'app_not_installed', 'The app is not installed on this shop.');
    switch (body['grant_type']) {
      case 'urn:ietf:params:oauth:grant-type:token-exchange':
        return exchange(shop, shop.app, body);
      case 'refresh_token':
        return refresh(shop.app, String(body['refresh_token']));
      case 'client_credentials':
        return { status: 200, body: { ...issue(shop.app, 'offline', true), expires_in: 86_399 } };
      default:
        return refuse(400, 'unsupported_grant_type', 'The grant type is not supported.');
    }
  };

  const exchange = async (shop: Shop, app: AppInstall, body: Record<string, unknown>): Promise<Answer> => {
    const user = await tokens.readIdToken(String(body['subject_token']), shop.domain);
    if (!user) return refuse(400, 'invalid_subject_token', 'The subject token is invalid or expired.');
    if (
      String(body['requested_token_type']).endsWith('online-access-token') &&
      !String(body['requested_token_type']).endsWith('offline-access-token')
    ) {
      return {
        status: 200,
        body: { ...issue(app, 'online', true, user.userId), ...associatedUser(shop, app, user.userId) },
      };
    }
    const isExpiring = body['expiring'] === '1' || body['expiring'] === 1 || body['expiring'] === true;
    // A new pair replaces the old one: earlier refresh tokens are retired.
    app.refreshTokens = [];
    return {
      status: 200,
      body: { ...issue(app, 'offline', isExpiring), ...(isExpiring ? newRefreshToken(app) : {}) },
    };
  };

  const refresh = (app: AppInstall, given: string): Answer => {
    const known = app.refreshTokens.find(({ token }) => token === given);
    const isExpired = known !== undefined && Date.parse(known.expiresAt) <= state.now().getTime();
    const isSpent = known?.usedAt !== null && !conducts.isOn('forgives-used-refresh-tokens');
    if (!known || isExpired || isSpent) {
      return refuse(400, 'invalid_grant', 'The refresh token is invalid, expired or already used.');
    }
    // Using a token retires its predecessors for good.
    app.refreshTokens = app.refreshTokens.filter((each) => each === known || each.usedAt === null);
    known.usedAt = state.now().toISOString();
    return { status: 200, body: { ...issue(app, 'offline', true), ...newRefreshToken(app) } };
  };

  const issue = (
    app: AppInstall,
    kind: 'offline' | 'online',
    isExpiring: boolean,
    userId: number | null = null,
  ) => {
    const token = `shp${kind === 'offline' ? 'at' : 'ua'}_${secret()}`;
    const now = state.now().getTime();
    const seconds = kind === 'online' ? 86_399 : accessSeconds;
    app.accessTokens = app.accessTokens.filter(
      ({ expiresAt }) => expiresAt === null || Date.parse(expiresAt) > now,
    );
    app.accessTokens.push({
      token,
      kind,
      userId,
      expiresAt: isExpiring ? new Date(now + seconds * 1000).toISOString() : null,
    });
    state.changed();
    return {
      access_token: token,
      scope: app.scopes.join(','),
      ...(isExpiring ? { expires_in: seconds } : {}),
    };
  };

  const newRefreshToken = (app: AppInstall) => {
    const token = `shprt_${secret()}`;
    const expiresAt = new Date(state.now().getTime() + refreshSeconds * 1000).toISOString();
    app.refreshTokens.push({ token, expiresAt, usedAt: null });
    return { refresh_token: token, refresh_token_expires_in: refreshSeconds };
  };

  const router = express.Router();
  router.post(
    '/admin/oauth/access_token',
    express.json(),
    express.urlencoded({ extended: false }),
    answering(async (request, response) => {
      const shop = state.findShop(request.get('x-sandbox-shop') ?? '');
      const { status, body } = await answer(shop, Object(request.body) as Record<string, unknown>);
      response.status(status).json(body);
    }),
  );
  return router;
}

function associatedUser(shop: Shop, app: AppInstall, id: number): Record<string, unknown> {
  return {
    associated_user_scope: app.scopes.join(','),
    associated_user: {
      id,
      first_name: 'Mary',
      last_name: 'Merchant',
      email: shop.email,
      email_verified: true,
      account_owner: true,
      locale: shop.locale,
      collaborator: false,
    },
  };
}

function refuse(status: number, error: string, description: string): Answer {
  return { status, body: { error, error_description: description } };
}
