import { counted } from './display.ts';

type Findings = Record<string, number>;

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

/** What a process of the app does. */
export function processWords(role: string): string {
  const words: Record<string, string> = {
    all: 'Answers Shopify and does the work',
    web: 'Answers Shopify',
    worker: 'Does the work',
  };
  return (Object.hasOwn(words, role) ? words[role] : undefined) ?? 'Part of the app';
}
