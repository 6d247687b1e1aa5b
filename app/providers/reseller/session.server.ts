import { createHash } from 'node:crypto';
import { z } from 'zod';
import { currentTime, MINUTE, SECOND } from '../../platform/time.ts';
import type { ProviderConnection, ProviderSession } from '../connection.ts';
import { ProviderError } from '../contract.ts';
import { request } from '../http.server.ts';
import { paths } from './paths.ts';
import * as wire from './wire.ts';

/** By address of ours, as documented: whoever asks for more is turned away. */
const MOST_LOG_INS = 5;
const LOG_IN_WINDOW_MS = 15 * MINUTE;
const DEFAULT_LIFE_MS = 3600 * SECOND;
/** What may pass between a look at the clock and the arrival of a request. */
const MARGIN_MS = MINUTE;

type Connection = Pick<
  ProviderConnection<{ email: string; password: string }>,
  'credentials' | 'baseUrl' | 'fetch' | 'onAnswer' | 'session'
>;

const Tokens = z.object({ access: z.string(), refresh: z.string().nullable(), until: z.number() });
type Tokens = z.infer<typeof Tokens>;

/**
 * A token that the supplier should take, of the account's one session. Logs in or refreshes where needed. `refused`: a token
 * that it did not take; one that came since is handed out without asking. Throws `ProviderError`, `rate-limited` without
 * asking when the log-ins of this address are spent.
 */
export async function accessToken(connection: Connection, refused: string | null = null): Promise<string> {
  const session = connection.session ?? sessionOfProcess(connection);
  const isGood = (tokens: Tokens | null): tokens is Tokens =>
    tokens !== null && tokens.access !== refused && tokens.until > currentTime().getTime() + MARGIN_MS;
  const kept = readTokens(session.kept());
  if (isGood(kept)) return kept.access;
  const renewed = await session.renew(async (text) => {
    const known = readTokens(text);
    return text !== null && isGood(known) ? text : JSON.stringify(await open(connection, session, known));
  });
  return Tokens.parse(JSON.parse(renewed)).access;
}

function readTokens(text: string | null): Tokens | null {
  return text === null ? null : (Tokens.safeParse(JSON.parse(text)).data ?? null);
}

async function open(connection: Connection, session: ProviderSession, known: Tokens | null): Promise<Tokens> {
  const asked = currentTime().getTime();
  const answer =
    (await refresh(connection, session, known?.refresh ?? null)) ?? (await logIn(connection, session));
  const lifeMs = answer.token_expires_in?.times(SECOND).toNumber() ?? DEFAULT_LIFE_MS;
  const { access_token: access, refresh_token } = answer;
  return { access, refresh: refresh_token ?? known?.refresh ?? null, until: asked + lifeMs };
}

/** Null where the refresh token is no longer taken. */
async function refresh(
  connection: Connection,
  session: ProviderSession,
  token: string | null,
): Promise<wire.Tokens | null> {
  if (token === null) return null;
  try {
    return await ask(connection, session, 'refresh session', paths.refresh, { refresh_token: token });
  } catch (error) {
    if (error instanceof ProviderError && isNo(error)) return null;
    throw error;
  }
}

async function logIn(connection: Connection, session: ProviderSession): Promise<wire.Tokens> {
  const { email, password } = connection.credentials;
  await session.countLogIn(MOST_LOG_INS, LOG_IN_WINDOW_MS);
  try {
    return await ask(connection, session, 'log in', paths.logIn, { email, password });
  } catch (error) {
    if (!(error instanceof ProviderError) || !isNo(error)) throw error;
    throw new ProviderError('credentials', error.message);
  }
}

const isNo = ({ kind }: ProviderError) => kind === 'credentials' || kind === 'rejected';

function ask(
  { baseUrl, onAnswer }: Connection,
  { fetch }: ProviderSession,
  act: string,
  path: string,
  body: object,
): Promise<wire.Tokens> {
  return request({
    ...{ fetch, onAnswer, act, body, supplier: 'eSIM API', method: 'POST', headers: {} },
    url: new URL(baseUrl.replace(/\/+$/, '') + path),
    schema: wire.Tokens,
  });
}

interface InProcess {
  text: string | null;
  /** The log-in or refresh under way: there is one at a time, and everybody waits for it. */
  opening: Promise<string> | null;
}

// An adapter lives for one call, and five log-ins in a quarter of an hour must do for all.
const sessions = new Map<string, InProcess>();
const logIns = new Map<string, number[]>();

function sessionOfProcess({ baseUrl, credentials, fetch }: Connection): ProviderSession {
  const { email, password } = credentials;
  const key = createHash('sha256')
    .update(JSON.stringify([baseUrl, email, password]))
    .digest('base64');
  const session = sessions.get(key) ?? { text: null, opening: null };
  sessions.set(key, session);
  return {
    fetch,
    kept: () => session.text,
    renew: (open) => {
      session.opening ??= open(session.text)
        .then((text) => (session.text = text))
        .finally(() => {
          session.opening = null;
        });
      return session.opening;
    },
    countLogIn: async (most, windowMs) => {
      await Promise.resolve();
      spendLogIn(new URL(baseUrl).host, most, windowMs);
    },
  };
}

function spendLogIn(host: string, most: number, windowMs: number): void {
  const now = currentTime().getTime();
  const recent = (logIns.get(host) ?? []).filter((at) => now - at < windowMs);
  const [oldest] = recent;
  if (oldest !== undefined && recent.length >= most)
    throw new ProviderError('rate-limited', 'eSIM API, log in: not sent: the log-ins are spent', {
      retryAfterMs: oldest + windowMs - now,
    });
  logIns.set(host, [...recent, now]);
}
