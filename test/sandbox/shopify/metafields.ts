import type { Context } from './context.ts';
import { namespaceOf } from './product-view.ts';
import type { Metafield } from './records.ts';

export type WrittenMetafield = {
  namespace?: string | null;
  key?: string | null;
  type?: string | null;
  value?: string | null;
};

/** Creates or replaces; entries without a key are left out (Shopify allows them by id, which the sandbox does not). */
export function writeMetafields(context: Context, ownerGid: string, wanted: WrittenMetafield[]): Metafield[] {
  const { shop, state, app } = context;
  const at = state.now().toISOString();
  return wanted.flatMap(({ namespace, key, type, value }) => {
    if (!key) return [];
    const full = namespaceOf(namespace, app.id);
    const known = shop.metafields.find(
      (each) => each.ownerGid === ownerGid && each.namespace === full && each.key === key,
    );
    if (known) {
      known.value = value ?? '';
      known.updatedAt = at;
      return [known];
    }
    const definition = shop.metafieldDefinitions.find((each) => each.namespace === full && each.key === key);
    const made: Metafield = {
      id: state.nextId(),
      ownerGid,
      namespace: full,
      key,
      type: type ?? definition?.type ?? 'single_line_text_field',
      value: value ?? '',
      createdAt: at,
      updatedAt: at,
    };
    shop.metafields.push(made);
    return [made];
  });
}
