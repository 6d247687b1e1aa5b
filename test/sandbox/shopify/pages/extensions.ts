import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Shop } from '../records.ts';

export type ExtensionHandle = 'order-status' | 'thank-you' | 'admin-order' | 'admin-order-email';

/** Where each is; one file of settings may hold several. */
const folders: Record<ExtensionHandle, string> = {
  'order-status': 'order-status',
  'thank-you': 'thank-you',
  'admin-order': 'admin-order',
  'admin-order-email': 'admin-order',
};

export function isExtensionHandle(handle: string): handle is ExtensionHandle {
  return Object.hasOwn(folders, handle);
}

export type Extension = {
  handle: ExtensionHandle;
  target: string;
  apiVersion: string;
  /** Without `network_access` in its settings Shopify blocks every fetch of an extension. */
  mayFetch: boolean;
  /** `null` until the bundle is built. */
  bundle: string | null;
  /** Texts by language, e.g. `de`; the default one under `default` too. */
  locales: Record<string, unknown>;
  defaultLanguage: string;
};

/** `null` where the app has no such extension. Read afresh each time, so that a new build shows on reload. */
export function readExtension(folder: string, handle: ExtensionHandle): Extension | null {
  const home = join(folder, folders[handle]);
  const settings = join(home, 'shopify.extension.toml');
  if (!existsSync(settings)) return null;
  const toml = readFileSync(settings, 'utf8');
  const own = toml.split('[[extensions]]').find((part) => setting(part, 'handle') === handle) ?? '';
  const bundle = join(home, 'dist', `${handle}.js`);
  return {
    handle,
    target: setting(own, 'target') ?? '',
    apiVersion: setting(toml, 'api_version') ?? '',
    mayFetch: /^\s*network_access\s*=\s*true/m.test(own),
    bundle: existsSync(bundle) ? readFileSync(bundle, 'utf8') : null,
    ...readLocales(join(home, 'locales')),
  };
}

export type AppSettings = { name: string; applicationUrl: string; scopes: string[] };

export function readAppSettings(file: string): AppSettings {
  const toml = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return {
    name: setting(toml, 'name') ?? 'The app',
    applicationUrl: setting(toml, 'application_url') ?? '',
    scopes: (setting(toml, 'scopes') ?? '')
      .split(',')
      .map((scope) => scope.trim())
      .filter((scope) => scope !== ''),
  };
}

export type Placements = {
  isPlaced(shop: Shop, handle: ExtensionHandle): boolean;
  place(shop: Shop, handle: ExtensionHandle, placed: boolean): void;
};

/**
 * Which blocks the merchant has placed with the checkout editor. Placed unless taken away, so that the demo sells at
 * once; a real shop starts with none.
 */
export function openPlacements(): Placements {
  const removed = new Set<string>();
  const key = (shop: Shop, handle: ExtensionHandle): string => `${shop.domain}/${handle}`;
  return {
    isPlaced: (shop, handle) => !removed.has(key(shop, handle)),
    place: (shop, handle, placed) => {
      if (placed) removed.delete(key(shop, handle));
      else removed.add(key(shop, handle));
    },
  };
}

function readLocales(folder: string): Pick<Extension, 'defaultLanguage' | 'locales'> {
  const found: Pick<Extension, 'defaultLanguage' | 'locales'> = { locales: {}, defaultLanguage: 'en' };
  if (!existsSync(folder)) return found;
  for (const file of readdirSync(folder)) {
    const match = /^([\w-]+?)(\.default)?\.json$/.exec(file);
    if (match?.[1] === undefined) continue;
    found.locales[match[1]] = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    if (match[2] !== undefined) found.defaultLanguage = match[1];
  }
  return found;
}

/** The first `key = "value"` of a TOML file: all these files need. */
function setting(toml: string, key: string): string | null {
  return new RegExp(`^\\s*${key}\\s*=\\s*"([^"]*)"`, 'm').exec(toml)?.[1] ?? null;
}
