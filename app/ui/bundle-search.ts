import { useFetcher } from '@remix-run/react';
import { useEffect, useState } from 'react';

/** A bundle as a picker offers it. */
export interface Choice {
  id: string;
  title: string;
  code: string;
  cost: string;
}

/** The bundles that fit what is typed, of those that can be bought. `choices` is null before the first answer. */
export function useBundleSearch() {
  const [search, setSearch] = useState('');
  const { load, data, state } = useFetcher<{ choices: Choice[]; hasMore: boolean }>();
  useEffect(() => {
    // One question when the typing pauses, not one for each letter.
    const pause = setTimeout(
      () => {
        load(`/app/bundles?search=${encodeURIComponent(search)}`);
      },
      search === '' ? 0 : 250,
    );
    return () => {
      clearTimeout(pause);
    };
  }, [search, load]);
  return {
    ...{ search, setSearch },
    choices: data?.choices ?? null,
    hasMore: data?.hasMore ?? false,
    isSearching: state !== 'idle',
  };
}
