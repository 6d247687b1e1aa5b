import { useEffect, useState } from 'react';

/** What is typed at once, what is searched for after a pause. */
export function useSearchBox(searched: string, onSearch: (text: string) => void) {
  const [typed, setTyped] = useState(searched);
  useEffect(() => {
    if (typed === searched) return;
    const pause = setTimeout(() => {
      onSearch(typed);
    }, 250);
    return () => {
      clearTimeout(pause);
    };
    // A new `onSearch` comes with every render; only typing starts the pause anew.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [typed]);
  return [typed, setTyped] as const;
}
