import { readerHash } from '../delivery/traveller.server.ts';
import { readCapped } from '../platform/body.ts';
import { log } from '../platform/log.server.ts';
import { parseLosslessJson } from '../platform/lossless-json.ts';
import { apiSecrets } from '../shopify/api-secrets.server.ts';
import { isSigned } from '../shopify/signature.ts';
import { isTopic, topics, type Subject, type Told, type Topic } from '../shopify/webhook-payloads.ts';
import { writeReceipt } from './receipts.server.ts';

const MAX_BODY_BYTES = 1_000_000;
const HEADERS = ['hmac-sha256', 'topic', 'shop-domain', 'webhook-id', 'api-version'] as const;

/**
 * Takes a webhook in: verify the raw bytes, write the receipt, then answer. 200 only after the commit, because
 * Shopify does not send again what was answered 200; the same webhook id a second time is 200 and nothing else.
 */
export async function receiveWebhook(
  request: Request,
): Promise<{ status: 200 | 400 | 401 | 405 | 413 | 503; headers?: { connection: 'close' } }> {
  if (request.method !== 'POST') return { status: 405 };
  const rawBody = await readCapped(request, MAX_BODY_BYTES);
  // What is left of the body is not read, so the connection is of no use to the next request.
  if (rawBody === 'too-large') return { ...refuse(413, 'body over 1 MB'), headers: { connection: 'close' } };
  const header = (name: (typeof HEADERS)[number]) => request.headers.get(`x-shopify-${name}`) ?? '';
  if (rawBody.length === 0 || HEADERS.some((name) => header(name) === ''))
    return refuse(400, 'headers or body missing');
  if (!isSigned(rawBody, apiSecrets, header('hmac-sha256'))) return refuse(401, 'signature');

  const topic = header('topic');
  if (!isTopic(topic)) return refuse(400, 'topic we did not ask for');
  const told = readBody(topic, rawBody);
  if (!told) return refuse(400, 'body in an unknown shape');
  try {
    await writeReceipt({
      shopDomain: header('shop-domain'),
      webhookId: header('webhook-id'),
      eventId: request.headers.get('x-shopify-event-id'),
      topic,
      subject: subjectOf(told, header('shop-domain')),
      triggeredAt: dateOrNull(request.headers.get('x-shopify-triggered-at')),
    });
    return { status: 200 };
  } catch (error) {
    log.error('webhook.unrecorded', { topic }, error);
    return { status: 503 };
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Without the address of whom it is about. */
function subjectOf(told: Told, shopDomain: string): Subject {
  if (told.about !== 'privacy') return told;
  const { email, ...subject } = told;
  return { ...subject, emailHash: email === null ? null : readerHash(shopDomain, email) };
}

function readBody(topic: Topic, rawBody: Uint8Array): Told | null {
  try {
    const text = utf8.decode(rawBody);
    // Ids are 64 bits, and Shopify's examples use them all: as a number one would be another order's. Keeping every
    // digit takes many times longer, so it is done for the bodies whose ids a number cannot hold.
    const quick = topics[topic].safeParse(JSON.parse(text)).data;
    return quick ?? topics[topic].safeParse(parseLosslessJson(text)).data ?? null;
  } catch {
    return null; // not UTF-8, or not JSON
  }
}

function refuse(status: 400 | 401 | 413, reason: string) {
  log.warn('webhook.refused', { status, reason });
  return { status };
}

function dateOrNull(text: string | null): Date | null {
  const date = new Date(text ?? '');
  return Number.isNaN(date.getTime()) ? null : date;
}
