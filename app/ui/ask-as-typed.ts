import { useEffect, useState } from 'react';

/** What is typed, and a question with it: one when the typing pauses, not one for each letter. `ask` is called anew
 * whenever it is another function. */
export function useAskAsTyped(ask: (typed: string) => void) {
  const [typed, setTyped] = useState('');
  useEffect(() => {
    const pause = setTimeout(
      () => {
        ask(typed);
      },
      typed === '' ? 0 : 250,
    );
    return () => {
      clearTimeout(pause);
    };
  }, [typed, ask]);
  return [typed, setTyped] as const;
}
