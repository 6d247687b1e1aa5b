import { Banner } from '@shopify/polaris';
import type { orderView } from './view.ts';

/** Payments of the order that the buyer's bank questions, until somebody has seen to them. */
export function Disputes({ disputes }: { disputes: ReturnType<typeof orderView>['disputes'] }) {
  return disputes.map(({ id, title, sentence, url }) => (
    <Banner key={id} title={title} tone="warning" action={{ content: 'See to it', url }}>
      {sentence}
    </Banner>
  ));
}
