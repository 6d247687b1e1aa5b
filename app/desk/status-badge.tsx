import { Badge } from '@shopify/polaris';
import { wordsOf } from './esim-words.ts';

export function EsimStatusBadge({ status }: { status: string }) {
  const { label, ...look } = wordsOf(status);
  return <Badge {...look}>{label}</Badge>;
}
