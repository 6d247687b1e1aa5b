import { readFileSync, existsSync } from 'node:fs';
import { namespaceOf } from './product-view.ts';
import type { MetafieldDefinition, Shop } from './records.ts';
import type { ShopifyState } from './state.ts';

/** Gives a shop the metafield definitions that `shopify.app.toml` declares, as `shopify app deploy` does. */
export function declareDefinitions(state: ShopifyState, shop: Shop, appToml: string): void {
  const { app } = shop;
  if (!app || !existsSync(appToml)) return;
  for (const { section, key, owner } of sectionsOf(readFileSync(appToml, 'utf8'))) {
    const namespace = namespaceOf('$app', app.id);
    const wanted: Omit<MetafieldDefinition, 'id'> = {
      ownerType: owner.toUpperCase(),
      namespace,
      key,
      name: setting(section, 'name') ?? key,
      type: setting(section, 'type') ?? '',
      isPublic: setting(section, 'access.storefront') === 'public_read',
    };
    const known = shop.metafieldDefinitions.find(
      (each) => each.namespace === namespace && each.key === key && each.ownerType === wanted.ownerType,
    );
    if (known) Object.assign(known, wanted);
    else shop.metafieldDefinitions.push({ id: state.nextId(), ...wanted });
  }
  state.changed();
}

function sectionsOf(toml: string): { section: string; key: string; owner: string }[] {
  return [...toml.matchAll(/^\[(product|variant)\.metafields\.app\.([\w-]+)\]\n((?:(?!\[).*\n?)*)/gm)].map(
    ([, owner = '', key = '', section = '']) => ({ owner, key, section }),
  );
}

function setting(section: string, key: string): string | null {
  return new RegExp(`^${key.replace('.', '\\.')}\\s*=\\s*"([^"]*)"`, 'm').exec(section)?.[1] ?? null;
}
