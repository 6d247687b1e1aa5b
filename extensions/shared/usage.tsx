import type { VNode } from 'preact';
import type { Page } from './page.ts';
import { dataSize } from './plan.ts';
import type { Usage } from './reading.ts';

/** What is left of an installed eSIM, when it ends, and as of when that was known. `name` tells it from the others. */
export function UsageLines({ usage, name, page }: { usage: Usage; name: string; page: Page }): VNode {
  const { translate } = page;
  const { usedBytes, totalBytes, isUnlimited, endsAt, asOf } = usage;
  const hasFigures = usedBytes !== null && totalBytes !== null && totalBytes > 0;
  const left = hasFigures
    ? translate('usage.left', {
        left: dataSize(Math.max(0, totalBytes - usedBytes), page),
        total: dataSize(totalBytes, page),
      })
    : isUnlimited
      ? translate('plan.unlimited')
      : null;
  return (
    <s-stack gap="small">
      {left === null ? null : <s-text type="strong">{left}</s-text>}
      {hasFigures ? (
        <s-progress
          value={Math.min(usedBytes, totalBytes)}
          max={totalBytes}
          accessibilityLabel={`${translate('usage.label')}, ${name}`}
        />
      ) : null}
      {endsAt === null ? null : <s-text>{translate('usage.until', { when: moment(endsAt, page) })}</s-text>}
      <s-text type="small">{translate('usage.asOf', { when: moment(asOf, page) })}</s-text>
    </s-stack>
  );
}

/** In the zone of the buyer's own device: that is where the buyer is. */
function moment(instant: number, { language }: Page): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(instant);
}
