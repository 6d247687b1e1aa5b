import { useCallback, useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();

/**
 * A "do not show this again" of this browser: whether it was said, and how to say it. `visit` forgets it with the
 * tab, `browser` keeps it. The server cannot know: its page is drawn as if `beforeKnown` were the answer.
 */
export function useRemembered(
  key: string,
  { lasts, beforeKnown }: { lasts: 'visit' | 'browser'; beforeKnown: boolean },
): [boolean, () => void] {
  const storage = useCallback(() => (lasts === 'visit' ? sessionStorage : localStorage), [lasts]);
  const isRemembered = useSyncExternalStore(
    subscribe,
    () => storage().getItem(key) !== null,
    () => beforeKnown,
  );
  const remember = useCallback(() => {
    storage().setItem(key, 'yes');
    for (const listener of listeners) listener();
  }, [key, storage]);
  return [isRemembered, remember];
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
