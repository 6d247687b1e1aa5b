import { randomUUID } from 'node:crypto';
import { Session } from '@shopify/shopify-api';
import { z } from 'zod';
import { config } from '../platform/config.server.ts';
import { db } from '../platform/db.server.ts';
import { failpoint } from '../platform/failpoint.server.ts';
import { after, currentTime, SECOND } from '../platform/time.ts';
import { sessionStorage } from './session-storage.server.ts';
import { ShopifyError } from './shopify-error.ts';
import { inTurn, isFresh } from './token-turn.server.ts';

const answer = z.object({
  access_token: z.string(),
  scope: z.string(),
  expires_in: z.number(),
  refresh_token: z.string(),
  refresh_token_expires_in: z.number().optional(),
});

/**
 * A usable offline access token of a shop. Tokens live an hour and a refresh token works once, so of all who find the
 * token stale one refreshes, and the others wait for its result.
 * Throws `ShopifyError`: `signed-out` when there is no session or Shopify refuses the refresh, `down` otherwise.
 */
export async function offlineToken(domain: string): Promise<string> {
  const session = await storedSession(domain);
  if (isFresh(session)) return session.accessToken;
  const token = await inTurn(domain, () => refreshedToken(domain));
  if (token !== 'taken') return token;
  throw new ShopifyError(
    'down',
    `the token of ${domain} is being refreshed by a process that does not answer`,
  );
}

/**
 * Shopify refused this token before its time, as after an uninstall that we have not heard of: a job refreshes it
 * before it is used again, and the merchant's next visit exchanges it for a new one.
 */
export async function expireToken(domain: string, accessToken: string): Promise<void> {
  const id = `offline_${domain}`;
  const session = await sessionStorage().loadSession(id);
  // A newer token than the refused one stays as it is.
  if (session?.accessToken === accessToken)
    await db.session.updateMany({ where: { id }, data: { expires: currentTime() } });
}

async function refreshedToken(domain: string): Promise<string> {
  // Whose turn it was before may have refreshed since we looked, and the old refresh token is spent then.
  const session = await storedSession(domain);
  if (isFresh(session)) return session.accessToken;
  if (!session.refreshToken) throw new ShopifyError('signed-out', `the token of ${domain} ran out`);
  const renewed = await refresh(session, session.refreshToken);
  failpoint('token.refreshed');
  await sessionStorage().storeSession(renewed);
  return renewed.accessToken;
}

type SessionWithToken = Session & { accessToken: string };

async function storedSession(domain: string): Promise<SessionWithToken> {
  const session = await sessionStorage().loadSession(`offline_${domain}`);
  if (!session?.accessToken) throw new ShopifyError('signed-out', `${domain} has no session`);
  return session as SessionWithToken; // looked at just above
}

async function refresh(session: Session, refreshToken: string): Promise<SessionWithToken> {
  const response = await fetch(`https://${session.shop}/admin/oauth/access_token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', 'x-request-id': randomUUID() },
    body: JSON.stringify({
      client_id: config.SHOPIFY_API_KEY,
      client_secret: config.SHOPIFY_API_SECRET,
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
    }),
    redirect: 'error',
    signal: AbortSignal.timeout(15 * SECOND),
  }).catch((cause: unknown) => {
    throw new ShopifyError('down', `Shopify did not answer a token refresh for ${session.shop}`, { cause });
  });
  if (response.status >= 400 && response.status < 500 && response.status !== 429) {
    // Shopify's package would take it for good until its last minute, and the merchant's next visit not exchange it.
    await expireToken(session.shop, session.accessToken ?? '');
    throw new ShopifyError('signed-out', `Shopify refused to refresh the token of ${session.shop}`);
  }
  const parsed = answer.safeParse(await response.json().catch(() => null));
  if (!response.ok || !parsed.success)
    throw new ShopifyError('down', `Shopify answered ${String(response.status)} to a token refresh`);
  const { data } = parsed;
  return new Session({
    ...session.toObject(),
    accessToken: data.access_token,
    scope: data.scope,
    expires: after(data.expires_in * SECOND),
    refreshToken: data.refresh_token,
    ...(data.refresh_token_expires_in !== undefined && {
      refreshTokenExpires: after(data.refresh_token_expires_in * SECOND),
    }),
  }) as SessionWithToken; // given just above
}
