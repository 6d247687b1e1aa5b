import { useAppBridge } from '@shopify/app-bridge-react';
import { useEffect } from 'react';

/** Shows the `toast` of an action's answer, once for each answer. Failures are no toasts: they stay on the page. */
export function useToastOf(answer: unknown): void {
  const shopify = useAppBridge();
  useEffect(() => {
    if (typeof answer !== 'object' || answer === null || !('toast' in answer)) return;
    if (typeof answer.toast === 'string') shopify.toast.show(answer.toast);
  }, [answer, shopify]);
}
