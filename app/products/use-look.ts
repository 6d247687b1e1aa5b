import { useFetcher } from '@remix-run/react';
import { useEffect } from 'react';
import type { ProblemBody } from '../ui/problem.tsx';

/**
 * Looks at variants in Shopify when that was not done for a while (products/look.server.ts); the page then shows what was
 * seen. Answers the problem when Shopify could not be asked.
 */
export function useLook(staleVariantGids: string[]): ProblemBody | null {
  const { submit, data } = useFetcher<{ problem?: ProblemBody }>();
  const key = staleVariantGids.join();
  useEffect(() => {
    if (key === '') return;
    const form = new FormData();
    form.set('intent', 'look');
    for (const gid of key.split(',')) form.append('variantGid', gid);
    submit(form, { method: 'post', action: '/app/products/mapping?index' });
  }, [key, submit]);
  return data?.problem ?? null;
}
