import { json, type LoaderFunctionArgs } from '@remix-run/node';
import { Link, useLoaderData, useRouteError } from '@remix-run/react';
import { NavMenu } from '@shopify/app-bridge-react';
import polarisStyles from '@shopify/polaris/build/esm/styles.css?url';
import english from '@shopify/polaris/locales/en.json';
import { AppProvider } from '@shopify/shopify-app-remix/react';
import type { DocumentHandle } from '../root.tsx';
import { countForPeople } from '../purchases/queue.server.ts';
import { runsEmbedded } from '../settings/settings.server.ts';
import { requireShop, shopifyHeaders } from '../shopify/auth.server.ts';
import { Notices } from '../ui/notices.tsx';
import { PageOutlet } from '../ui/page-outlet.tsx';
import { ProblemPage } from '../ui/problem.tsx';

export const handle: DocumentHandle = { embedded: true };
// Of a page that fails before it can say what it is.
export const meta = () => [{ title: 'eSIM Shop' }];
export const links = () => [{ rel: 'stylesheet', href: polarisStyles }];
export const headers = shopifyHeaders;

export async function loader({ request }: LoaderFunctionArgs) {
  const { shop, locale } = await requireShop(request);
  return json({ locale, onEmbeddedDatabase: runsEmbedded(), waiting: await countForPeople(shop) });
}

// App Bridge stands first in the document's head already (root.tsx); this provider must not load it again.
export default function App() {
  const { onEmbeddedDatabase, waiting } = useLoaderData<typeof loader>();
  return (
    <AppProvider apiKey="" isEmbeddedApp={false} i18n={english}>
      <NavMenu>
        <Link to="/app" rel="home">
          Home
        </Link>
        <Link to="/app/queue">{waiting > 0 ? `Needs you (${String(waiting)})` : 'Needs you'}</Link>
        <Link to="/app/orders">Orders</Link>
        <Link to="/app/esims">eSIMs</Link>
        <Link to="/app/catalogue">Catalogue</Link>
        <Link to="/app/products">Products</Link>
        <Link to="/app/pricing">Pricing</Link>
        <Link to="/app/balance">Balance</Link>
        <Link to="/app/settings">Settings</Link>
      </NavMenu>
      <main>
        <Notices onEmbeddedDatabase={onEmbeddedDatabase} />
        <PageOutlet />
      </main>
    </AppProvider>
  );
}

export function ErrorBoundary() {
  const error = useRouteError();
  return (
    <AppProvider apiKey="" isEmbeddedApp={false} i18n={english}>
      <ProblemPage error={error} />
    </AppProvider>
  );
}
