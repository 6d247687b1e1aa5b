import { PassThrough } from 'node:stream';
import {
  createReadableStreamFromReadable,
  type ActionFunctionArgs,
  type EntryContext,
} from '@remix-run/node';
import { RemixServer } from '@remix-run/react';
import { isbot } from 'isbot';
import { renderToPipeableStream } from 'react-dom/server';
import { log } from './platform/log.server.ts';
import { frameAncestors } from './shopify/document.server.ts';

const RENDER_TIMEOUT_MS = 5000;

export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  context: EntryContext,
) {
  headers.set('Content-Type', 'text/html; charset=utf-8');
  if (!headers.has('Content-Security-Policy'))
    headers.set('Content-Security-Policy', frameAncestors(request));
  headers.set('X-Content-Type-Options', 'nosniff');
  if (!headers.has('Referrer-Policy')) headers.set('Referrer-Policy', 'strict-origin-when-cross-origin');
  return new Promise<Response>((resolve, reject) => {
    // A crawler reads one answer; a person gets the shell as soon as it stands.
    const ready = isbot(request.headers.get('user-agent') ?? '') ? 'onAllReady' : 'onShellReady';
    let responseStatus = status;
    const { pipe, abort } = renderToPipeableStream(<RemixServer context={context} url={request.url} />, {
      [ready]: () => {
        const body = new PassThrough();
        resolve(new Response(createReadableStreamFromReadable(body), { headers, status: responseStatus }));
        pipe(body);
      },
      onShellError: reject,
      onError: (error) => {
        responseStatus = 500;
        log.error('page.failed', { route: routeOf(request) }, error);
      },
    });
    setTimeout(abort, RENDER_TIMEOUT_MS + 1000).unref();
  });
}

/** Errors of loaders and actions: thrown responses are answers and do not come here. */
export function handleError(error: unknown, { request }: Pick<ActionFunctionArgs, 'request'>) {
  if (request.signal.aborted) return;
  log.error('request.failed', { method: request.method, route: routeOf(request) }, error);
}

// The install page's address holds the buyer's token: no log may see it.
function routeOf(request: Request): string {
  return new URL(request.url).pathname.replace(/^\/i\/.+/, '/i/…');
}
