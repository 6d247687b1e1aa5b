import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fieldsOf } from './form.ts';
import { providers, type ProviderEntry } from './registry.server.ts';

/** What each supplier is able to; one with a choice of versions stands there once for each. */
function columns() {
  return Object.values<ProviderEntry>(providers).flatMap((entry) => {
    const fields = fieldsOf(entry.credentials);
    const choice = fields.find(({ kind }) => kind === 'choice');
    return (choice?.choices ?? [null]).map((chosen) => {
      const credentials = Object.fromEntries(
        fields.map(({ name, kind, example, onlyWith }) => [
          name,
          kind === 'choice' ? chosen?.value : onlyWith ? '' : (example ?? 'x'),
        ]),
      );
      const provider = entry.create({ credentials, baseUrl: 'https://supplier.invalid', fetch });
      const title = chosen === null ? entry.title : `${entry.title} ${chosen.value}`;
      return { title, abilities: Object.keys(provider) };
    });
  });
}

function table(): string[][] {
  const suppliers = columns();
  const all = [...new Set(suppliers.flatMap(({ abilities }) => abilities))];
  return [
    ['ability', ...suppliers.map(({ title }) => title)],
    ...all.map((ability) => [
      `\`${ability}\``,
      ...suppliers.map(({ abilities }) => (abilities.includes(ability) ? 'yes' : '–')),
    ]),
  ];
}

test('the README says which supplier is able to what', () => {
  const readme = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8');
  const [, section = ''] = readme.split('\n## Who is able to what\n');
  const rows = section
    .split('\n## ')[0]
    ?.split('\n')
    .filter((line) => line.startsWith('|') && !line.startsWith('| -'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  expect(rows).toEqual(table());
});
