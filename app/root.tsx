import { json } from '@remix-run/node';
import { Links, Meta, Outlet, Scripts, ScrollRestoration, useLoaderData, useMatches } from '@remix-run/react';
import { documentSettings } from './shopify/document.server.ts';

/** What a route may say of its document. */
export interface DocumentHandle {
  /** Shown inside the Shopify admin: App Bridge comes first in its head. */
  embedded?: boolean;
  /** A page of plain HTML that loads nothing. */
  plain?: boolean;
}

export function loader() {
  return json(documentSettings());
}

export default function Root() {
  const settings = useLoaderData<typeof loader>();
  const matches = useMatches();
  const handles = matches.map(({ handle }) => (handle ?? {}) as DocumentHandle); // handles are ours, typed above
  const embedded = handles.some((handle) => handle.embedded);
  const plain = handles.some((handle) => handle.plain);
  const language = matches
    .map(({ data }) => (typeof data === 'object' && data !== null && 'locale' in data ? data.locale : null))
    .find((locale) => typeof locale === 'string');
  return (
    <html lang={language ?? 'en'}>
      <head>
        {embedded && (
          <>
            <meta name="shopify-api-key" content={settings.apiKey} />
            <script src={settings.appBridgeUrl} />
          </>
        )}
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <Meta />
        <Links />
      </head>
      <body>
        <Outlet />
        {!plain && (
          <>
            <ScrollRestoration />
            <Scripts />
          </>
        )}
      </body>
    </html>
  );
}
