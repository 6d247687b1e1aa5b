import { parseArgs } from 'node:util';
import { playMany } from './sim-many.ts';
import { protections, type Violation } from './sim-run.ts';
import { play } from './sim-scenario.ts';

// `--seeds N` plays the seeds 1 to N; `--seed S` plays one and tells its story; `--without X` takes a protection away.
const { values } = parseArgs({
  options: { seeds: { type: 'string' }, seed: { type: 'string' }, without: { type: 'string' } },
});
const removed = protections.find((each) => each === values.without) ?? null;
if (values.without !== undefined && removed === null) {
  console.error(`--without takes one of: ${protections.join(', ')}`);
  process.exit(2);
}
const began = performance.now();
const only = values.seed === undefined ? null : Number(values.seed);
const summary = only === null ? await playMany(1, Number(values.seeds ?? 5000), { removed }) : tell(only);
const { seeds, lines, parkedLines, violations } = summary;

for (const { seed, kind, text } of violations.slice(0, 20))
  console.log(`seed ${seed}: ${kind}: ${text} (npm run sim -- --seed ${seed})`);
if (violations.length > 20) console.log(`… and ${violations.length - 20} more`);
const count = (kind: Violation['kind']) => violations.filter((each) => each.kind === kind).length;
console.log(
  `lines=${lines} bought_twice=${count('bought_twice')} lost=${count('lost')} silent=${count('silent')} ` +
    `parked=${((100 * parkedLines) / Math.max(1, lines)).toFixed(2)}% seeds=${seeds} ` +
    `s=${((performance.now() - began) / 1000).toFixed(1)}`,
);
process.exit(violations.length === 0 ? 0 : 1);

function tell(seed: number) {
  const told = play(seed, { removed, trace: (line) => console.log(line) });
  return { ...told, seeds: 1, violations: told.violations.map((violation) => ({ seed, ...violation })) };
}
