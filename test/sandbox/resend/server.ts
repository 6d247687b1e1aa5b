import { createHash, randomUUID } from 'node:crypto';
import express, { type Request, type Response } from 'express';
import { makeConducts, type Conducts } from '../conducts.ts';
import { listen } from '../console/listen.ts';
import { openStateFile } from '../console/state-file.ts';
import { badAddress, readMail, refusal, type Refusal, type StoredMail } from './mail.ts';
import { mountMailbox } from './mailbox.ts';

export interface ResendOptions {
  port?: number;
  /** Where to keep the mails between runs. */
  stateFile?: string;
  /** The key a client must send; any key that begins with `re_` when left out. */
  apiKey?: string;
  /** Resend's own limit for a team, by its newest page, is 5. */
  requestsPerSecond?: number;
  /** Epoch milliseconds; the system's clock by default. */
  now?: () => number;
}

export interface Resend {
  url: string;
  conducts: Conducts;
  /** Every accepted mail, oldest first. */
  readonly mails: Mail[];
  close(): Promise<void>;
}

export interface Mail {
  id: string;
  to: string[];
  from: string;
  subject: string;
  html: string | null;
  text: string | null;
  attachments: { filename: string; content: Buffer; contentId: string | null; contentType: string }[];
  idempotencyKey: string | null;
  at: Date;
}

interface State {
  mails: StoredMail[];
  /** By idempotency key. */
  answers: Record<string, { at: number; bodyHash: string; ids: string[] }>;
}

const resendConducts = {
  'answers-429': 'Refuses every request for sending too fast.',
  'answers-500-after-accepting': 'Accepts the mail, then answers 500.',
  'times-out-after-accepting': 'Accepts the mail, then never answers.',
  'refuses-the-address': 'Refuses the mail because of its address.',
};

const KEY_LIFE_MS = 24 * 3_600_000;
const MOST_IN_A_BATCH = 100;

/** A stand-in for Resend's API with the mailbox at `/`, where every accepted mail arrives, whoever it was meant for. */
export async function startResend(options: ResendOptions = {}): Promise<Resend> {
  const file = openStateFile<State>(options.stateFile, () => ({ mails: [], answers: {} }));
  const { state } = file;
  const conducts = makeConducts(resendConducts);
  const now = options.now ?? (() => Date.now());
  const limit = options.requestsPerSecond ?? 5;
  let window = { second: 0, spent: 0 };

  /** Null when the request may go on. */
  function turnAway(req: Request, res: Response): Refusal | null {
    const second = Math.floor(Date.now() / 1000);
    if (window.second !== second) window = { second, spent: 0 };
    window.spent += 1;
    res.set({
      'ratelimit-limit': String(limit),
      'ratelimit-remaining': String(Math.max(0, limit - window.spent)),
      'ratelimit-reset': '1',
    });
    if (window.spent > limit || conducts.strike('answers-429', nameOf(req))) {
      res.set('retry-after', '1');
      const text = `Too many requests. You can only make ${String(limit)} requests per second. See rate limit response headers for more information.`;
      return refusal(429, 'rate_limit_exceeded', text);
    }
    const key = /^Bearer (.+)$/.exec(req.header('authorization') ?? '')?.[1];
    if (!key) return refusal(401, 'missing_api_key', 'Missing API key in the authorization header.');
    if (options.apiKey === undefined ? !key.startsWith('re_') : key !== options.apiKey) {
      return refusal(403, 'invalid_api_key', 'API key is invalid.');
    }
    return null;
  }

  /** The ids of the mails of a request, which an equal request of the same key within a day gets again. */
  function accept(req: Request, bodies: unknown[]): string[] | Refusal {
    const idempotencyKey = req.header('idempotency-key') ?? null;
    if (idempotencyKey !== null && (idempotencyKey === '' || idempotencyKey.length > 256)) {
      return refusal(400, 'invalid_idempotency_key', 'The key must be between 1-256 chars.');
    }
    const bodyHash = createHash('sha256')
      .update(`${req.path}\n${JSON.stringify(req.body)}`)
      .digest('hex');
    const earlier = idempotencyKey === null ? undefined : state.answers[idempotencyKey];
    if (earlier && now() - earlier.at < KEY_LIFE_MS) {
      if (earlier.bodyHash === bodyHash) return earlier.ids;
      return refusal(
        409,
        'invalid_idempotent_request',
        'Same idempotency key used with a different request payload.',
      );
    }

    const mails: StoredMail[] = [];
    for (const body of bodies) {
      const read = readMail(body);
      if ('statusCode' in read) return read;
      mails.push({ ...read, id: randomUUID(), at: now(), idempotencyKey });
    }
    if (conducts.strike('refuses-the-address', nameOf(req))) return badAddress('to');

    state.mails.push(...mails);
    const ids = mails.map(({ id }) => id);
    if (idempotencyKey !== null) state.answers[idempotencyKey] = { at: now(), bodyHash, ids };
    file.touch();
    return ids;
  }

  function send(req: Request, res: Response, bodies: unknown[], answer: (ids: string[]) => unknown) {
    const accepted = accept(req, bodies);
    if (!Array.isArray(accepted)) {
      refuse(res, accepted);
      return;
    }
    if (conducts.strike('times-out-after-accepting', nameOf(req))) return;
    if (conducts.strike('answers-500-after-accepting', nameOf(req))) {
      refuse(res, refusal(500, 'internal_server_error', 'An unexpected error occurred.'));
      return;
    }
    res.json(answer(accepted));
  }

  const api = express.Router();
  api.use(express.json({ limit: '50mb' }), (req, res, next) => {
    const refused = turnAway(req, res);
    if (refused) refuse(res, refused);
    else next();
  });
  api.post('/', (req, res) => {
    send(req, res, [req.body], ([id]) => ({ id }));
  });
  api.post('/batch', (req, res) => {
    const bodies: unknown = req.body;
    if (!Array.isArray(bodies) || bodies.length === 0 || bodies.length > MOST_IN_A_BATCH) {
      const text = `The batch must have between 1 and ${String(MOST_IN_A_BATCH)} emails.`;
      refuse(res, refusal(422, 'validation_error', text));
      return;
    }
    send(req, res, bodies, (ids) => ({ data: ids.map((id) => ({ id })) }));
  });
  api.get('/:id', (req, res) => {
    const mail = state.mails.find(({ id }) => id === req.params.id);
    if (mail) res.json(emailOnTheWire(mail));
    else refuse(res, refusal(404, 'not_found', 'Email not found'));
  });

  const app = express().disable('x-powered-by');
  app.use('/emails', api);
  mountMailbox(app, state);

  const { url, close } = await listen(app, options.port);
  return {
    url,
    conducts,
    get mails() {
      return state.mails.map(readable);
    },
    async close() {
      await close();
      file.flush();
    },
  };
}

/** `POST /emails`: what a conduct is aimed at. */
function nameOf(req: Request): string {
  return `${req.method} ${req.baseUrl}${req.path}`.replace(/\/$/, '');
}

function refuse(res: Response, refused: Refusal) {
  res.status(refused.statusCode).json(refused);
}

function readable(mail: StoredMail): Mail {
  const { id, to, from, subject, html, text, idempotencyKey, at } = mail;
  const attachments = mail.attachments.map((attachment) => ({
    ...attachment,
    content: Buffer.from(attachment.content, 'base64'),
  }));
  return { id, to, from, subject, html, text, attachments, idempotencyKey, at: new Date(at) };
}

function emailOnTheWire(mail: StoredMail) {
  return {
    object: 'email',
    id: mail.id,
    from: mail.from,
    to: mail.to,
    cc: mail.cc,
    bcc: mail.bcc,
    reply_to: mail.replyTo,
    subject: mail.subject,
    html: mail.html,
    text: mail.text,
    created_at: new Date(mail.at).toISOString(),
    last_event: 'delivered',
    scheduled_at: null,
    tags: mail.tags,
  };
}
