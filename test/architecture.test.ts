import { readdirSync, readFileSync } from 'node:fs';
import { join, normalize, relative } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const DOMAIN = [
  ...[
    'catalogue',
    'products',
    'orders',
    'purchases',
    'delivery',
    'esims',
    'notifications',
    'settings',
    'compliance',
    'watch',
    'alerts',
    'tasks',
    'rates',
    'balance',
    'desk',
    'notices',
  ],
];

interface Import {
  from: string;
  /** Path from the project's root for a file of ours, the specifier for a package. */
  to: string;
}

const appImports = importsBelow('app');

test('routes speak to the domain and the sign-in, never to the database, a supplier or each other', () => {
  const allowed =
    /^app\/(routes\/[\w.$-]+\.(css|tsx?)$|root\.tsx|ui\/|shopify\/(auth\.server|webhook-payloads))/;
  const inDomain = new RegExp(`^app/(${DOMAIN.join('|')})/`);
  const wrong = appImports
    .filter(({ from, to }) => from.startsWith('app/routes/') && to.startsWith('app/'))
    .filter(
      ({ to }) => !allowed.test(to) && !inDomain.test(to) && !/^app\/platform\/[\w-]+\.ts$/.test(pure(to)),
    );
  expect(wrong).toEqual([]);
  const eachOther = appImports.filter(
    ({ from, to }) => from.startsWith('app/routes/') && to.startsWith('app/routes/'),
  );
  expect(eachOther).toEqual([]);
});

test('the domain does not know routes, pages or the sign-in, and only settings knows which suppliers there are', () => {
  const wrong = appImports
    .filter(({ from }) => DOMAIN.some((folder) => from.startsWith(`app/${folder}/`)))
    .filter(
      ({ from, to }) =>
        /^app\/(routes|shopify\/auth|providers\/([\w-]+\/|http|lenient|signature))/.test(to) ||
        (to.startsWith('app/ui/') && !from.endsWith('.tsx')) ||
        (to.startsWith('app/providers/registry') && !from.startsWith('app/settings/')),
    );
  expect(wrong).toEqual([]);
});

test('the arrows between domain folders run one way', () => {
  const arrows = new Map<string, Set<string>>();
  for (const { from, to } of appImports) {
    const [source, target] = [folderOf(from), folderOf(to)];
    if (!DOMAIN.includes(source) || !DOMAIN.includes(target) || source === target) continue;
    // Types vanish: a table of states may be read by whoever shows them.
    arrows.set(source, (arrows.get(source) ?? new Set()).add(target));
  }
  expect(cycleIn(arrows)).toBeNull();
});

test('a supplier knows the contract and the HTTP helper, and no other supplier, database or domain', () => {
  const wrong = appImports
    .filter(({ from }) => /^app\/providers\/[\w-]+\//.test(from))
    .filter(({ from, to }) => {
      const own = from.split('/').slice(0, 3).join('/');
      return (
        to.startsWith('app/') &&
        !to.startsWith(`${own}/`) &&
        !/^app\/providers\/[\w.-]+$/.test(to) &&
        !pure(to).startsWith('app/platform/')
      );
    });
  expect(wrong).toEqual([]);
});

test('shopify knows the platform only, and the platform nothing else of the app', () => {
  const beyond = (folder: string, allowed: RegExp) =>
    appImports.filter(
      ({ from, to }) => from.startsWith(`app/${folder}/`) && to.startsWith('app/') && !allowed.test(to),
    );
  expect(beyond('shopify', /^app\/(shopify|platform)\//)).toEqual([]);
  expect(beyond('platform', /^app\/platform\//)).toEqual([]);
});

test('the product has no branch for demo or test, and the sandbox shares no code with the product', () => {
  expect(appImports.filter(({ to }) => to.startsWith('test/'))).toEqual([]);
  expect(importsBelow('test/sandbox').filter(({ to }) => to.startsWith('app/'))).toEqual([]);
  // An empty `sandbox` is HTML's own word, for a frame that may do nothing.
  const words = filesBelow('app').filter(
    (file) => !file.includes('.test.') && /sandbox(?!="")/i.test(read(file)),
  );
  expect(words).toEqual([]);
});

test('the app reads its environment in one place (dev.ts only passes it on), and Shopify’s server package in one folder', () => {
  const readers = filesBelow('app').filter(
    (file) => !file.includes('.test.') && read(file).includes('process.env'),
  );
  expect(readers).toEqual(['app/dev.ts', 'app/platform/config.server.ts']);
  const users = appImports.filter(({ to }) =>
    /^@shopify\/shopify-(app-remix\/server|api|app-session)/.test(to),
  );
  expect([...new Set(users.map(({ from }) => folderOf(from)))]).toEqual(['shopify']);
});

test('a file without .server in its name touches nothing a browser does not have', () => {
  const wrong = appImports.filter(
    ({ from, to }) =>
      !/\.(server|test)\.tsx?$/.test(from) &&
      !from.startsWith('app/routes/') &&
      !['app/root.tsx', 'app/server.ts', 'app/entry.server.tsx'].includes(from) &&
      /\.server\.tsx?$/.test(to),
  );
  expect(wrong).toEqual([]);
});

/** A pure file's own path, or a marker that matches no rule for one that touches the world. */
function pure(file: string): string {
  return /\.server\.tsx?$/.test(file) ? 'touches the world' : file;
}

function folderOf(file: string): string {
  return file.split('/')[1] ?? '';
}

function cycleIn(arrows: Map<string, Set<string>>): string | null {
  const done = new Set<string>();
  const walk = (folder: string, path: string[]): string | null => {
    if (path.includes(folder)) return [...path.slice(path.indexOf(folder)), folder].join(' → ');
    if (done.has(folder)) return null;
    for (const next of arrows.get(folder) ?? []) {
      const found = walk(next, [...path, folder]);
      if (found !== null) return found;
    }
    done.add(folder);
    return null;
  };
  return [...arrows.keys()].map((folder) => walk(folder, [])).find((found) => found !== null) ?? null;
}

function importsBelow(folder: string): Import[] {
  return filesBelow(folder).flatMap((from) =>
    // `import type` vanishes at run time and couples nothing that runs.
    [...read(from).matchAll(/^(?:import|export)\s+(?!type\b)(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm)].map(
      ([, specifier = '']) => ({
        from,
        to: specifier.startsWith('.') ? normalize(join(from, '..', specifier)) : specifier,
      }),
    ),
  );
}

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(tsx?|mjs)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

function read(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

test('every row is stamped by the database’s clock', () => {
  const schema = readFileSync(join(root, 'prisma/schema.prisma'), 'utf8');
  // Prisma fills in now() from the clock of the process.
  expect(schema.match(/^.*@default\(now\(\)\).*$/gm)).toBeNull();
});
