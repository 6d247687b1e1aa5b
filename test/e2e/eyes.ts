import axe, { type AxeResults } from 'axe-core';
import type { Frame, Page } from 'playwright-core';

/** Wide as a desk's screen, and as a phone's. */
export const widths = [1280, 390] as const;

/**
 * What is wrong with what a frame shows, on a desk and on a phone, each fault a line: against WCAG 2.1 AA, and what makes
 * the page scroll sideways. The window keeps the last width.
 */
export async function faultsOf(page: Page, frame: Frame): Promise<string[]> {
  const faults: string[] = [];
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 });
    // A width that changed is drawn in the frame after the next.
    await frame.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    const found = [...(await sideways(frame)), ...(await violations(frame))];
    faults.push(...found.map((fault) => `${String(width)}: ${fault}`));
  }
  return faults;
}

const RULES = JSON.stringify({
  runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] },
  resultTypes: ['violations'],
  preload: false,
});

async function violations(frame: Frame): Promise<string[]> {
  await frame.evaluate(`window.axe ?? (() => { ${axe.source} })()`);
  const found = await frame.evaluate<AxeResults['violations']>(
    `axe.run(document, ${RULES}).then((results) => results.violations)`,
  );
  return found.flatMap(({ id, help, nodes }) =>
    nodes
      .filter(({ html }) => !polaris.some(({ rule, part }) => rule === id && part.test(html)))
      .map(({ html, failureSummary }) => `${id} (${help}): ${html.slice(0, 200)} ${failureSummary ?? ''}`),
  );
}

/** Faults inside Polaris that nobody can mend from outside. */
const polaris: { rule: string; part: RegExp; why: string }[] = [];

/** The elements that reach over the right edge, the innermost ones; none when the page does not scroll sideways. */
function sideways(frame: Frame): Promise<string[]> {
  return frame.evaluate<string[]>(`(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const isOver = (element) => element.getBoundingClientRect().right > clientWidth + 1;
    return [...document.body.querySelectorAll('*')]
      .filter((element) => isOver(element) && ![...element.children].some(isOver))
      .slice(0, 5)
      .map((element) => 'wider than the screen: ' + element.outerHTML.slice(0, 200));
  })()`);
}
