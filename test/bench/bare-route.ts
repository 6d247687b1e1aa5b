// The least a webhook route can do in the app's own HTTP stack: read the body, verify the signature, answer 200. It
// writes nothing down, so it is no model; beside it one sees what the rest of the way costs. Tells its port to the
// process that started it.
import type { ActionFunctionArgs, ServerBuild } from '@remix-run/node';
import { httpServer } from '../../app/http.server.ts';
import { readCapped } from '../../app/platform/body.ts';
import { isSigned } from '../../app/shopify/signature.ts';

const [secret = '', assets = ''] = process.argv.slice(2);

async function action({ request }: ActionFunctionArgs) {
  const body = await readCapped(request, 1_000_000);
  const given = request.headers.get('x-shopify-hmac-sha256') ?? '';
  const isGenuine = body !== 'too-large' && isSigned(body, [secret], given);
  return new Response(null, { status: isGenuine ? 200 : 401 });
}

// A route without a component answers by itself; the type of a built module does not know those.
const route = { action } as ServerBuild['routes'][string]['module'];

const build: ServerBuild = {
  mode: 'production',
  entry: { module: { default: () => new Response(null, { status: 404 }) } },
  routes: {
    root: { id: 'root', path: '', module: { default: () => null } },
    webhook: { id: 'webhook', parentId: 'root', path: 'webhooks/shopify', module: route },
  },
  assets: { entry: { imports: [], module: '' }, routes: {}, url: '', version: '' },
  publicPath: '/',
  assetsBuildDirectory: assets,
  future: {
    v3_fetcherPersist: true,
    v3_relativeSplatPath: true,
    v3_throwAbortReason: true,
    v3_singleFetch: false,
    v3_lazyRouteDiscovery: false,
  },
  isSpaMode: false,
};

const server = httpServer(build, assets);
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(typeof address === 'object' ? address?.port : null);
});
