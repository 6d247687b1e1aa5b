import { createServer, type Server } from 'node:http';
import { createRequestHandler } from '@remix-run/express';
import type { ServerBuild } from '@remix-run/node';
import compression from 'compression';
import express, { type RequestHandler } from 'express';
import { SECOND } from './platform/time.ts';

/** The HTTP side of a Remix build, not listening yet. `assets` is the folder of what the browser loads. */
export function httpServer(build: ServerBuild, assets: string): Server {
  const app = express();
  app.disable('x-powered-by');
  const { root, ...routes } = build.routes;
  // Most requests are webhooks. Remix ranks all its routes anew for each request, so theirs is looked for by itself,
  // and before all that only pages need.
  for (const [id, route] of Object.entries(routes)) {
    if (route.path?.startsWith('webhooks/'))
      app.all(`/${route.path}`, answers({ ...build, routes: { ...(root && { root }), [id]: route } }));
  }
  app.use(compression());
  // Remix names its assets after their content.
  app.use('/assets', express.static(`${assets}/assets`, { immutable: true, maxAge: '1y' }));
  app.use(express.static(assets, { maxAge: '1h' }));
  app.all('*', answers(build));
  return createServer({ requestTimeout: 30 * SECOND, headersTimeout: 10 * SECOND }, app);
}

function answers(build: ServerBuild): RequestHandler {
  const answer = createRequestHandler({ build, mode: 'production' });
  return (request, response, next) => void answer(request, response, next);
}
