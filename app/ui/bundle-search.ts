import { useFetcher } from '@remix-run/react';
import { useCallback } from 'react';
import type { Obstacle } from '../products/first-to-buy.ts';
import { useAskAsTyped } from './ask-as-typed.ts';

/** A bundle as a picker offers it. */
export interface Choice {
  id: string;
  title: string;
  code: string;
  /** What the merchant calls the account that sells it. */
  supplier: string;
  cost: string;
  /** Why nothing can be bought of it now. */
  obstacle: Obstacle | null;
  /** To compare with the others of a list. */
  covers: { countries: string[]; dataBytes: string | null; days: number; groups: string[] };
}

/** The bundles that fit what is typed, of those that can be bought. `choices` is null before the first answer. */
export function useBundleSearch() {
  const { load, data, state } = useFetcher<{ choices: Choice[]; hasMore: boolean }>();
  const ask = useCallback(
    (search: string) => {
      load(`/app/bundles?search=${encodeURIComponent(search)}`);
    },
    [load],
  );
  const [typed, setTyped] = useAskAsTyped(ask);
  return {
    ...{ typed, setTyped },
    choices: data?.choices ?? null,
    hasMore: data?.hasMore ?? false,
    isSearching: state !== 'idle',
  };
}
