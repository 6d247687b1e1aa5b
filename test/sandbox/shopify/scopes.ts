/**
 * Whether the granted scopes satisfy Shopify's words on a field, such as "`read_orders` access scope or
 * `read_marketplace_orders` access scope. Also: …". Any scope named before "Also:" is enough; what comes after speaks
 * of staff permissions. Words that name no scope ask for nothing the sandbox could check.
 */
export function satisfies(
  granted: ReadonlySet<string>,
  requires: string,
  kind: 'mutation' | 'query',
): boolean {
  const [main = ''] = requires.split('Also:');
  // Beside scopes the words name fields and types: `ownerId`, `PRODUCT`.
  const named = [...main.matchAll(/`([a-z_]+)`/g)].map(([, scope = '']) => scope);
  return named.length === 0 || named.some((scope) => covers(granted, bare(scope, kind)));
}

/** A write scope includes the read scope of the same name. */
export function covers(granted: ReadonlySet<string>, scope: string): boolean {
  return granted.has(scope) || granted.has(scope.replace(/^read_/, 'write_'));
}

/** Some of Shopify's words say just `orders`. */
function bare(scope: string, kind: 'mutation' | 'query'): string {
  return /^(read|write)_/.test(scope) ? scope : `${kind === 'mutation' ? 'write' : 'read'}_${scope}`;
}
