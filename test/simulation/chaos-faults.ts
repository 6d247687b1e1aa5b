import type { ConductOptions } from '../sandbox/conducts.ts';
import type { Random } from './sim-random.ts';
import type { Machines } from './processes.ts';

type Side = 'esimGo' | 'shopify' | 'resend';

/** What the other sides do wrong while processes die; each as often as it stands here, and mostly to a purchase. */
const faults: [side: Side, conduct: string, options: (random: Random) => ConductOptions][] = [
  ['esimGo', 'loses-the-answer', toPurchase],
  ['esimGo', 'loses-the-answer', toPurchase],
  ['esimGo', 'resets-after-body', toPurchase],
  ['esimGo', 'charges-then-500', toPurchase],
  ['esimGo', 'answers-503-and-executes', toPurchase],
  ['esimGo', 'answers-503', toPurchase],
  ['esimGo', 'answers-503', () => ({ times: 1, only: 'GET /orders' })],
  ['esimGo', 'answers-html', toPurchase],
  ['esimGo', 'truncates-the-answer', toPurchase],
  ['esimGo', 'holds-the-answer', () => ({ times: 1, only: 'POST /orders' })],
  ['esimGo', 'never-executes-and-times-out', () => ({ times: 1, only: 'POST /orders' })],
  ['esimGo', 'executes-late', ({ between }) => ({ times: 1, seconds: between(3, 20) })],
  ['esimGo', 'throttles', ({ between }) => ({ times: between(1, 3) })],
  ['esimGo', 'prepares-slowly', ({ between }) => ({ times: 1, seconds: between(2, 8) })],
  ['esimGo', 'lists-late', ({ between }) => ({ times: between(1, 3), seconds: between(3, 20) })],
  ['shopify', 'answers-502', ({ between }) => ({ times: between(1, 3) })],
  ['shopify', 'throttles', ({ between }) => ({ times: between(1, 3) })],
  ['shopify', 'drops-webhooks', ({ between }) => ({ times: between(1, 2) })],
  ['shopify', 'sends-webhooks-twice', ({ between }) => ({ times: between(1, 4) })],
  ['resend', 'answers-429', ({ between }) => ({ times: between(1, 3) })],
  ['resend', 'answers-500-after-accepting', ({ between }) => ({ times: between(1, 2) })],
  ['resend', 'times-out-after-accepting', () => ({ times: 1 })],
];

function toPurchase({ between }: Random): ConductOptions {
  return { times: between(1, 2), only: 'POST /orders' };
}

/** Lets one side misbehave, and says how. */
export function drawFault(machines: Machines, random: Random): string {
  const [side, conduct, options] = faults[random.between(0, faults.length - 1)] ?? fail();
  machines[side].conducts.on(conduct, options(random));
  return conduct;
}

export function endFaults({ esimGo, shopify, resend }: Machines): void {
  for (const { conducts } of [esimGo, shopify, resend])
    for (const name of conducts.list()) conducts.off(name);
}

function fail(): never {
  throw new Error('there are faults');
}
