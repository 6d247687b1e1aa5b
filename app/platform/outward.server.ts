import { lookup, type LookupAddress } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { BlockList, isIP, isIPv6, type LookupFunction } from 'node:net';

/**
 * A `fetch` for addresses that a merchant typed: it reaches machines on the internet and none beside ours. What the name
 * leads to is looked at as the connection is made, so a name that leads elsewhere the next moment gains nothing. No redirect
 * is followed. It fails as `fetch` does; a machine it may not reach is one that it could not reach, and was sent nothing.
 */
export function outwardFetch(mayReach: (address: string) => boolean = isOutward): typeof fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    const body = request.body === null ? null : Buffer.from(await request.arrayBuffer());
    return exchange({ request, body, mayReach });
  };
}

/** Whether an IP address belongs to the internet at large: to no private, local, shared, documentation or other special network. */
export function isOutward(address: string): boolean {
  return isIPv6(address)
    ? GLOBAL_V6.check(address, 'ipv6') && !SPECIAL_V6.check(address, 'ipv6')
    : isIP(address) === 4 && !SPECIAL_V4.check(address, 'ipv4');
}

const SPECIAL_V4 = nets(
  'ipv4',
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12'],
  ...['192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15'],
  ...['198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/3'],
);
// Mapped, translated, unique local and link-local addresses lie outside of it.
const GLOBAL_V6 = nets('ipv6', '2000::/3');
// What is set apart, Teredo too; documentation; 6to4, which holds an IPv4 address.
const SPECIAL_V6 = nets('ipv6', '2001::/23', '2001:db8::/32', '2002::/16');

function nets(family: 'ipv4' | 'ipv6', ...list: string[]): BlockList {
  const block = new BlockList();
  for (const net of list) {
    const [address = '', bits] = net.split('/');
    block.addSubnet(address, Number(bits), family);
  }
  return block;
}

interface Exchange {
  request: Request;
  body: Buffer | null;
  mayReach: (address: string) => boolean;
}

function exchange({ request, body, mayReach }: Exchange): Promise<Response> {
  const url = new URL(request.url);
  const { method, signal } = request;
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    const fail = (error: unknown) => {
      reject(failure(error, signal));
    };
    // Nobody is asked about an address that is no name.
    if (isIP(literal) !== 0 && !mayReach(literal)) {
      fail(new InwardAddress());
      return;
    }
    const { request: send } = url.protocol === 'https:' ? https : http;
    const headers = Object.fromEntries(request.headers);
    const sent = send(url, { method, headers, signal, lookup: lookupOf(mayReach), agent: false });
    sent.once('error', fail);
    sent.once('response', (answer) => {
      resolve(toResponse(answer, signal));
    });
    sent.end(body);
  });
}

/** What `fetch` fails with. */
function failure(error: unknown, { aborted, reason }: { aborted: boolean; reason: unknown }): Error {
  return aborted && reason instanceof Error ? reason : new TypeError('fetch failed', { cause: error });
}

class InwardAddress extends Error {
  readonly code = 'ERR_INWARD_ADDRESS';
}

/** Of a name with several addresses none may be inward: which one is taken is not ours to say. */
function lookupOf(mayReach: (address: string) => boolean): LookupFunction {
  return (hostname, options, done) => {
    lookup(hostname, { ...options, all: true }, (error: Error | null, found: LookupAddress[]) => {
      const [first] = found as LookupAddress[] | [];
      if (error || !first) done(error ?? new InwardAddress(), '');
      else if (!found.every(({ address }) => mayReach(address))) done(new InwardAddress(), '');
      else if (options.all) done(null, found);
      else done(null, first.address, first.family);
    });
  };
}

function toResponse(answer: http.IncomingMessage, signal: AbortSignal): Response {
  const status = answer.statusCode ?? 0;
  const headers = Object.entries(answer.headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  );
  const hasBody = status !== 204 && status !== 205 && status !== 304;
  if (!hasBody) answer.resume();
  // Node's Response reads any stream of bytes; the DOM's type knows only its own.
  const body = bodyOf(answer, signal) as unknown as ReadableStream;
  return new Response(hasBody ? body : null, { status, headers });
}

async function* bodyOf(answer: http.IncomingMessage, signal: AbortSignal) {
  try {
    // Without an encoding a message is read as bytes.
    for await (const chunk of answer as AsyncIterable<Uint8Array>) yield chunk;
  } catch (error) {
    throw failure(error, signal);
  }
}
