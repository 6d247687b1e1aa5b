import type { ConsoleMessage, Page } from 'playwright-core';

/** What a page complains about; filled while the story goes on. `isMeant` names what belongs to the story. */
export function complaintsOf(
  page: Page,
  isMeant: (message: ConsoleMessage) => boolean = () => false,
): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !isMeant(message)) complaints.push(message.text());
  });
  return complaints;
}
