import { json, redirect, type HeadersFunction } from '@remix-run/node';
import { boundary } from '@shopify/shopify-app-remix/server';
import { z } from 'zod';
import { readJson } from '../platform/body.ts';
import { config } from '../platform/config.server.ts';
import { log } from '../platform/log.server.ts';
import { shopify } from './app.server.ts';
import { frameAncestors, isShopDomain } from './document.server.ts';
import { ShopifyError } from './shopify-error.ts';
import { findShop, installedShop, type Shop } from './shops.server.ts';
import { visitInTurn } from './token-turn.server.ts';

export interface Visit {
  shop: Shop;
  /** The merchant's language, a BCP 47 tag. */
  locale: string;
  /** Who of the shop, for the record: `staff 12345`. Shopify's own number, from the session token. */
  staff: string;
  /** For answers to a block in Shopify's own pages, which asks from another origin. */
  cors: (response: Response) => Response;
}

/** Who is asking, in the admin. Throws the response that signs them in (or turns them away). */
export async function requireShop(request: Request): Promise<Visit> {
  if (isOfBuyer(request)) throw new Response(null, { status: 401 });
  const { session, sessionToken, cors } = await signIn(request);
  const shop = await installedShop(session.shop)
    .catch(async (error: unknown) => {
      if (!(error instanceof ShopifyError) || error.kind !== 'signed-out') throw error;
      // The token died since it was stored, as that of an earlier installation does: this visit gets a new one.
      await signIn(request);
      return installedShop(session.shop);
    })
    .catch((error: unknown) => {
      if (!(error instanceof ShopifyError)) throw error;
      // What the error page of the admin words for the merchant (ui/problem.tsx).
      throw cors(json({ side: 'shopify', kind: error.kind, messages: error.userMessages }, { status: 502 }));
    });
  return { shop, locale: localeOf(request), staff: `staff ${sessionToken.sub}`, cors };
}

const signIn = (request: Request) => visitInTurn(() => shopify(request).authenticate.admin(request));

/** The package takes any token that Shopify signed for the app; those of the extensions a buyer holds name no issuer. */
function isOfBuyer(request: Request): boolean {
  const bearer = /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1];
  const token = bearer ?? new URL(request.url).searchParams.get('id_token') ?? '';
  const claims = Claims.safeParse(readJson(Buffer.from(token.split('.')[1] ?? '', 'base64url')));
  // What cannot be read is refused by the package, in its own words to App Bridge.
  return claims.success && !/^https:\/\/[^/]+\/admin$/.test(claims.data.iss ?? '');
}

const Claims = z.object({ iss: z.string().optional() });

export interface Buyer {
  shop: Shop;
  /** Set when the buyer is logged in and the app may know customers. */
  customerGid: string | null;
  cors: (response: Response) => Response;
}

/** Who is asking, from an extension on the shop's pages. Throws 401; answers the preflight by throwing it too. */
export async function requireBuyer(request: Request): Promise<Buyer> {
  const { sessionToken, cors } = await shopify(request).authenticate.public.checkout(request);
  // The package checks signature and times, not for whom the token was made.
  if (sessionToken.aud !== config.SHOPIFY_API_KEY) {
    log.warn('buyer.refused', { reason: 'audience' });
    throw cors(new Response(null, { status: 401 }));
  }
  const domain = sessionToken.dest.replace(/^https:\/\//, '');
  const shop = await findShop(domain);
  if (!shop) {
    log.warn('buyer.refused', { shop: domain, reason: 'not-installed' });
    throw cors(new Response('{}', { status: 404, headers: { 'content-type': 'application/json' } }));
  }
  // A guest's token has no `sub`, whatever the package's type says.
  return { shop, customerGid: sessionToken.sub || null, cors };
}

/** Keeps the headers with which a sign-in tells App Bridge to try again, also on the pages that show an error. */
export const shopifyHeaders: HeadersFunction = (args) => boundary.headers(args);

function localeOf(request: Request): string {
  const asked =
    new URL(request.url).searchParams.get('locale') ??
    request.headers.get('accept-language')?.split(',')[0] ??
    'en';
  try {
    return new Intl.Locale(asked).toString();
  } catch {
    return 'en';
  }
}

/**
 * The addresses below /auth: the bounce page that fetches a new session token, and the way out of the frame. There
 * is no form for a shop's address: whoever arrives without a shop is told where to open the app.
 */
export async function answerSignIn(request: Request): Promise<Response> {
  const url = new URL(request.url);
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': frameAncestors(request),
  };
  if (url.pathname === '/auth/login') return new Response(openFromAdmin, { status: 400, headers });
  const isExit = url.pathname === '/auth/exit-iframe';
  if (isExit && !mayLeaveTo(url.searchParams.get('exitIframe') ?? '', url.searchParams.get('shop'))) {
    log.warn('exit.refused', { route: url.pathname });
    return new Response(openFromAdmin, { status: 400, headers });
  }
  try {
    await signIn(request);
  } catch (answer) {
    if (!(answer instanceof Response)) {
      // The package refuses a target by an error, which would read as a fault of ours.
      if (isExit) return new Response(openFromAdmin, { status: 400, headers });
      throw answer;
    }
    // The package's own header names whatever host stands in `shop`, and development machines.
    answer.headers.set('content-security-policy', frameAncestors(request));
    return answer;
  }
  return redirect('/app');
}

/** An address that is none of the app's. Remix's own answer would write the whole of it to the log, tokens and all. */
export function answerUnknown(request: Request): Response {
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': frameAncestors(request),
  };
  return new Response(openFromAdmin, { status: 404, headers });
}

const openFromAdmin = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Open the app from your Shopify admin</title><body style="font-family:system-ui;max-width:36rem;margin:4rem auto;padding:0 1rem">
<h1>Open the app from your Shopify admin</h1><p>In your Shopify admin, choose Apps and then this app. It signs you in by itself.</p>`;

// The package's page opens whatever address it is given in the top window.
function mayLeaveTo(target: string, shop: string | null): boolean {
  let url: URL;
  try {
    url = new URL(target, config.SHOPIFY_APP_URL);
  } catch {
    return false;
  }
  if (url.username !== '' || url.password !== '') return false;
  if ([config.SHOPIFY_APP_URL, config.SHOPIFY_ADMIN_URL].some((ours) => url.origin === new URL(ours).origin))
    return true;
  const isAdmin = url.pathname === '/admin' || url.pathname.startsWith('/admin/');
  return shop !== null && isShopDomain(shop) && url.origin === `https://${shop}` && isAdmin;
}
