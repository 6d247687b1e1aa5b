import type { VNode } from 'preact';
import type { TopUp } from './order-esims.ts';
import type { Page } from './page.ts';
import { describePlan } from './plan.ts';

/** The data that is on the buyer's eSIMs by now. Nothing for what is still on its way. */
export function TopUps({ topUps, page }: { topUps: TopUp[]; page: Page }): VNode | null {
  const done = topUps.filter(({ state }) => state === 'ready');
  if (done.length === 0) return null;
  return (
    <s-section heading={page.translate('topUp.heading')}>
      <s-stack gap="base">
        {done.map((topUp) => (
          <s-text key={topUp.id} type="strong">
            {nameOf(topUp, page)}
          </s-text>
        ))}
        <s-text>{page.translate('topUp.nothingToDo')}</s-text>
      </s-stack>
    </s-section>
  );
}

/** "eSIM ending in 1234 · France · 5 GB · 7 days". */
function nameOf(topUp: TopUp, page: Page): string {
  const { iccidLast4 } = topUp;
  const ending = iccidLast4 === null ? [] : [page.translate('topUp.ending', { last4: iccidLast4 })];
  return [...ending, describePlan(topUp, page)].join(' · ');
}
