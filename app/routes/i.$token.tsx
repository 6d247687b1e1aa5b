import { randomBytes } from 'node:crypto';
import { json, type ActionFunctionArgs, type LoaderFunctionArgs } from '@remix-run/node';
import { isRouteErrorResponse, useActionData, useLoaderData, useRouteError } from '@remix-run/react';
import { InstallPage, LinkNotFound, type Device } from '../delivery/install-page.tsx';
import { openInstallPage, revealCodes } from '../delivery/install-page.server.ts';
import type { DocumentHandle } from '../root.tsx';

export const handle: DocumentHandle = { plain: true };
export const meta = () => [{ title: 'eSIM' }, { name: 'robots', content: 'noindex' }];

/** The page behind the e-mailed link. Reading it reveals nothing: mail scanners follow links. */
export async function loader({ request, params }: LoaderFunctionArgs) {
  const nonce = randomBytes(16).toString('base64');
  const page = await openInstallPage(params['token'] ?? '');
  if (!page)
    throw json({ locale: readerLanguage(request), nonce }, { status: 404, headers: secretPage(nonce) });
  return json({ ...page, device: deviceOf(request), nonce }, { headers: secretPage(nonce) });
}

export async function action({ request, params }: ActionFunctionArgs) {
  const nonce = randomBytes(16).toString('base64');
  const revealed = await revealCodes(params['token'] ?? '');
  if (!revealed)
    throw json({ locale: readerLanguage(request), nonce }, { status: 404, headers: secretPage(nonce) });
  return json({ revealed, nonce }, { headers: secretPage(nonce) });
}

// The document of a POST carries the action's headers, which hold the nonce of what it shows.
export function headers({
  loaderHeaders,
  actionHeaders,
  errorHeaders,
}: {
  loaderHeaders: Headers;
  actionHeaders: Headers;
  errorHeaders?: Headers;
}) {
  return errorHeaders ?? (actionHeaders.has('content-security-policy') ? actionHeaders : loaderHeaders);
}

export default function Install() {
  const page = useLoaderData<typeof loader>();
  const answer = useActionData<typeof action>();
  const esims = page.esims.map((esim) => ({
    ...esim,
    dataBytes: bytesOf(esim.dataBytes),
    usage: esim.usage && {
      ...esim.usage,
      usedBytes: esim.usage.usedBytes === null ? null : BigInt(esim.usage.usedBytes),
      totalBytes: esim.usage.totalBytes === null ? null : BigInt(esim.usage.totalBytes),
      endsAt: esim.usage.endsAt === null ? null : new Date(esim.usage.endsAt),
      asOf: new Date(esim.usage.asOf),
    },
  }));
  return (
    <InstallPage
      {...page}
      esims={esims}
      revealed={answer?.revealed ?? null}
      nonce={answer?.nonce ?? page.nonce}
    />
  );
}

function bytesOf(text: string | null | undefined): bigint | null | undefined {
  return text ? BigInt(text) : text === null ? null : undefined;
}

export function ErrorBoundary() {
  const error = useRouteError();
  const data: unknown = isRouteErrorResponse(error) ? error.data : null;
  const text = (name: string) => {
    const value: unknown = typeof data === 'object' && data !== null ? Reflect.get(data, name) : null;
    return typeof value === 'string' ? value : null;
  };
  return <LinkNotFound locale={text('locale') ?? 'en'} nonce={text('nonce') ?? ''} />;
}

function secretPage(nonce: string) {
  return {
    'cache-control': 'no-store',
    // No other site learns the address. `no-referrer` would also blank the Origin of our own form, which Remix refuses.
    'referrer-policy': 'same-origin',
    'x-robots-tag': 'noindex, nofollow',
    'content-security-policy':
      `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; img-src data:; ` +
      "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  };
}

function readerLanguage(request: Request): string {
  return request.headers.get('accept-language')?.split(',')[0] ?? 'en';
}

function deviceOf(request: Request): Device {
  const agent = request.headers.get('user-agent') ?? '';
  if (/iPhone|iPad|iPod/.test(agent)) return 'ios';
  return agent.includes('Android') ? 'android' : 'other';
}
