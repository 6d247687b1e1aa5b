import { randomUUID } from 'node:crypto';
import type { Account } from './state.ts';
import { json, refuse, textOf, type Answer, type Vendor } from './vendor.ts';

const ACCESS_MS = 3600_000;
const REFRESH_MS = 30 * 24 * 3600_000;

/** `POST /auth/login` */
export function logIn(vendor: Vendor, body: Record<string, unknown>): Answer {
  const email = textOf(body.email).toLowerCase();
  const account = vendor.state.accounts.find((known) => known.email.toLowerCase() === email);
  if (!account || account.password !== body.password) return refuse(401, 'Invalid email or password');
  const { id, role } = { id: account.id, role: 'reseller' };
  return json({ ...openSession(vendor, account), user: { id, email: account.email, role } });
}

/** `POST /auth/refresh`. Assumed: a refresh token is good once. */
export function refreshSession(vendor: Vendor, body: Record<string, unknown>): Answer {
  const session = vendor.state.sessions.find(({ refreshToken }) => refreshToken === body.refresh_token);
  const account = vendor.state.accounts.find(({ id }) => id === session?.accountId);
  if (!session || !account || session.refreshUntil <= vendor.now())
    return refuse(401, 'Invalid or expired refresh token');
  vendor.state.sessions.splice(vendor.state.sessions.indexOf(session), 1);
  return json(openSession(vendor, account));
}

/** Whose token it is; null for one that is nobody's, or has run out. */
export function accountOf(vendor: Vendor, authorization: string | undefined): Account | null {
  const [, token] = /^Bearer (\S+)$/.exec(authorization ?? '') ?? [];
  const session = vendor.state.sessions.find(({ accessToken }) => accessToken === token);
  if (!session || session.accessUntil <= vendor.now()) return null;
  return vendor.state.accounts.find(({ id }) => id === session.accountId) ?? null;
}

function openSession(vendor: Vendor, account: Account) {
  const session = {
    accountId: account.id,
    accessToken: `access.${randomUUID()}`,
    refreshToken: `refresh.${randomUUID()}`,
    accessUntil: vendor.now() + ACCESS_MS,
    refreshUntil: vendor.now() + REFRESH_MS,
  };
  vendor.state.sessions.push(session);
  vendor.touch();
  return {
    access_token: session.accessToken,
    refresh_token: session.refreshToken,
    token_expires_in: ACCESS_MS / 1000,
  };
}
