import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { ZodError } from 'zod';
import { fieldsOf } from '../../app/providers/form.ts';
import { providers } from '../../app/providers/registry.server.ts';
import { kestrel } from './kestrel/entry.ts';

const root = join(import.meta.dirname, '../..');

test('the connect form of a supplier is drawn from its line in the registry', () => {
  expect(fieldsOf(kestrel.credentials)).toEqual([
    { name: 'key', kind: 'key', label: 'Key', help: 'From their portal.' },
  ]);
  expect(kestrel.credentials.safeParse({ key: '' }).error?.issues[0]?.message).toBe('Enter the key.');
  const connection = { credentials: {}, baseUrl: 'https://kestrel.invalid', fetch };
  expect(() => kestrel.create(connection)).toThrow(ZodError);
});

test('its adapter is a hundred lines, and imports what one may and nothing of another supplier', () => {
  const files = ['provider', 'map', 'wire'].map((name) => join(import.meta.dirname, `kestrel/${name}.ts`));
  const sources = files.map((file) => readFileSync(file, 'utf8'));
  const imports = sources
    .flatMap((source) => [...source.matchAll(/from '(\.[^']+)'/g)])
    .map(([, path]) => path ?? '');
  const own = /^\.\/(map|wire)\.ts$|\/app\/providers\/[\w.-]+\.ts$/;
  expect(imports.filter((path) => !own.test(path))).toEqual([]);
  expect(sources[0]?.split('\n').length).toBeLessThan(100);
});

// eSIM Go was the first, and comments tell its oddities where they matter. The others came as the next one would.
test.each(Object.keys(providers).filter((key) => key !== 'esim-go'))(
  'the app names %s only where the README says that a supplier is added',
  (key) => {
    const places = filesBelow('app').filter(
      (file) =>
        !file.startsWith(`app/providers/${key}/`) &&
        readFileSync(join(root, file), 'utf8').match(new RegExp(key, 'i')),
    );
    const readme = readFileSync(join(root, 'app/providers/README.md'), 'utf8');
    const steps = readme.slice(readme.indexOf('## Add a supplier'), readme.indexOf('## Who sells'));
    expect(places.filter((file) => !steps.includes(basename(file)))).toEqual([]);
  },
);

function filesBelow(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(?<!\.test)\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}
