import { Text } from '@shopify/polaris';
import { Fragment, type ReactNode } from 'react';

/** Names and values under each other; on a phone too. */
export function Facts({ facts }: { facts: (readonly [string, ReactNode])[] }) {
  return (
    <dl
      style={{
        display: 'grid',
        gridTemplateColumns: 'minmax(7rem, auto) 1fr',
        gap: 'var(--p-space-100) var(--p-space-400)',
        margin: 0,
      }}
    >
      {facts.map(([name, value]) => (
        <Fragment key={name}>
          <dt>
            <Text as="span" tone="subdued">
              {name}
            </Text>
          </dt>
          <dd style={{ margin: 0, overflowWrap: 'anywhere' }}>{value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}
