import type { JobName } from '../platform/queue.server.ts';
import { counted } from './display.ts';

type Findings = Record<string, number>;

/** What of a shop's the sweeper found due, by the name of the job. */
export function sweepFindings(found: Findings): string {
  const parts = sweepWords.flatMap(([job, one, many]) => {
    const count = found[job] ?? 0;
    return count === 0 ? [] : [many === undefined ? one : counted(count, one, many)];
  });
  return parts.length === 0
    ? 'Nothing of yours was left lying.'
    : `Of yours it took up: ${parts.join(', ')}.`;
}

/** Jobs that look at the shop, or an account, as a whole have no number. What only comes round by its hour is no finding. */
const sweepWords: [job: JobName, one: string, many?: string][] = [
  ['notifications.process', 'messages from Shopify'],
  ['callbacks.process', 'messages from a supplier'],
  ['accounts.recover', 'the comparison with a supplier after a restored database'],
  ['purchases.buy', 'eSIMs to buy'],
  ['purchases.settle', 'purchase to look up', 'purchases to look up'],
  ['purchases.probe', 'a supplier that was down'],
  ['purchases.validate', 'test order to check with the supplier', 'test orders to check with the supplier'],
  ['orders.deliver', 'order to deliver', 'orders to deliver'],
  ['notices.send', 'e-mails to travellers'],
  ['desk.settle', 'question of staff to look up', 'questions of staff to look up'],
  ['units.give-back', 'refunded or disputed eSIM to look at', 'refunded or disputed eSIMs to look at'],
  ['orders.refund', 'refund in Shopify', 'refunds in Shopify'],
  ['tasks.run', 'task that was begun', 'tasks that were begun'],
];

export function reconcileFindings({
  seen = 0,
  unknown = 0,
  changed = 0,
  resubscribed = 0,
}: Findings): string {
  return [
    `${counted(seen, 'order')} compared.`,
    unknown === 0
      ? 'None was missing.'
      : `${counted(unknown, 'order')} we had not heard of ${unknown === 1 ? 'was' : 'were'} read.`,
    ...(changed === 0 ? [] : [`${counted(changed, 'changed order')} read again.`]),
    ...(resubscribed === 0 ? [] : ['Shopify’s messages had stopped; they were asked for again.']),
  ].join(' ');
}

export function auditFindings({ seen = 0, adopted = 0, orphans = 0 }: Findings): string {
  return [
    `${counted(seen, 'order')} compared.`,
    ...(adopted === 0 ? [] : [`${counted(adopted, 'lost purchase')} found and delivered.`]),
    orphans === 0
      ? 'Every one belongs to an order.'
      : `${counted(orphans, 'purchase')} without an order here.`,
  ].join(' ');
}

/** What a message of Shopify tells of. */
export function messageWords(topic: string): string {
  const words: Record<string, string> = {
    'orders/paid': 'An order was paid',
    'orders/edited': 'An order was edited',
    'orders/cancelled': 'An order was cancelled',
    'orders/delete': 'An order was deleted',
    'refunds/create': 'An order was refunded',
    'orders/risk_assessment_changed': 'The risk of an order changed',
    'products/delete': 'A product was deleted',
    'app/uninstalled': 'The app was uninstalled',
    'app/scopes_update': 'The app’s permissions changed',
  };
  return (Object.hasOwn(words, topic) ? words[topic] : undefined) ?? 'Something happened in the shop';
}

/** What a process of the app does. */
export function processWords(role: string): string {
  const words: Record<string, string> = {
    all: 'Answers Shopify and does the work',
    web: 'Answers Shopify',
    worker: 'Does the work',
  };
  return (Object.hasOwn(words, role) ? words[role] : undefined) ?? 'Part of the app';
}
