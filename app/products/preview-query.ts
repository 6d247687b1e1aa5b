import type { PreviewRow } from './price-preview.server.ts';

/** What the preview can be narrowed to. */
export const shows = ['changed', 'up', 'down', 'raised', 'theirs', 'locked', 'refused', 'all'] as const;
export type Show = (typeof shows)[number];

export const showWords: Record<Show, string> = {
  changed: 'Would change',
  up: 'Up',
  down: 'Down',
  raised: 'Raised to the floor',
  theirs: 'Changed in Shopify',
  locked: 'Locked',
  refused: 'Without a price',
  all: 'All',
};

export interface PreviewQuery {
  show: Show;
  destination: string;
  search: string;
  /** From 1. */
  page: number;
}

/** Reads the page's address; what it does not know counts as not asked. */
export function readPreviewQuery(params: URLSearchParams): PreviewQuery {
  const page = Number(params.get('page'));
  return {
    show: shows.find((show) => show === params.get('show')) ?? 'changed',
    destination: params.get('destination') ?? '',
    search: (params.get('search') ?? '').trim().slice(0, 100),
    page: Number.isSafeInteger(page) && page > 0 ? page : 1,
  };
}

/** Whether a row is among those of a kind. */
export function isShown(row: PreviewRow, show: Show): boolean {
  switch (show) {
    case 'changed':
      return row.change === 'up' || row.change === 'down';
    case 'up':
    case 'down':
    case 'refused':
      return row.change === show;
    case 'raised':
      return row.next.status === 'priced' && row.next.lifts.some(({ step }) => step === 'floor');
    case 'theirs':
      return row.foundMinor !== null;
    case 'locked':
      return row.isLocked;
    case 'all':
      return true;
    default:
      return show satisfies never;
  }
}

export function fits(row: PreviewRow, { show, destination, search }: PreviewQuery): boolean {
  if (!isShown(row, show) || (destination !== '' && row.item.destination !== destination)) return false;
  const text = `${row.title} ${row.productTitle} ${row.bundle.code}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
