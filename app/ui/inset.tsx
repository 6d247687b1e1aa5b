import { Box } from '@shopify/polaris';
import type { ReactNode } from 'react';

/** What stands on the page itself, between its cards: on a phone a card reaches the edge of the screen, and words must not. */
export function Inset({ children }: { children: ReactNode }) {
  return <Box paddingInline={{ xs: '400', sm: '0' }}>{children}</Box>;
}
