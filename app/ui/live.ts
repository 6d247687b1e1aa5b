import { useRevalidator } from '@remix-run/react';
import { useEffect } from 'react';

const EVERY_MS = 3000;

/** Reads the page again every few seconds while something on it is about to change, unless nobody looks at it. */
export function useLiveWhile(isMoving: boolean): void {
  const { revalidate, state } = useRevalidator();
  useEffect(() => {
    if (!isMoving || state !== 'idle') return;
    const timer = setInterval(() => {
      if (!document.hidden) revalidate();
    }, EVERY_MS);
    return () => {
      clearInterval(timer);
    };
  }, [isMoving, state, revalidate]);
}
